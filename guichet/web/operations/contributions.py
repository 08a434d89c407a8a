"""What operations add to pages and jobs below: health checks, a menu entry, words of the audit.

Called once by the app's `ready`.
"""

from __future__ import annotations

from guichet.accounts.audit_words import register_words
from guichet.core.extensions import MenuEntry, menu_entries
from guichet.directory.permissions import powers_of
from guichet.web.operations.health import register_health_checks

MENU_RANK = 90


def register_operations() -> None:
    register_health_checks()
    menu_entries.register(
        MenuEntry("agents", "Serveur", "server_state", MENU_RANK, shown_to=administers)
    )
    register_words(
        {
            "job.retried": "a relancé la tâche",
            "job.erased": "a effacé la tâche en échec",
            "mail.retried": "a relancé l'envoi du courriel",
            "mail.erased": "a effacé le courriel non envoyé",
        },
        fields={"task_name": "tâche", "recipients": "destinataires", "subject": "objet"},
    )


def administers(user: object) -> bool:
    return powers_of(user).is_administrator
