"""What `/readyz` asks of moderation: that texts are read by the machine; it tells too of dangers
left too long.

Refuses to fail because people are late: that would take the site away from its visitors.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from guichet.core.extensions import HealthCheck
from guichet.moderation.models import ModeratedText, TextState
from guichet.moderation.queue.actions.machine_reading import GIVEN_UP_AFTER
from guichet.moderation.queue.late_dangers import left_dangers

PATIENCE = GIVEN_UP_AFTER + timedelta(minutes=15)
"""By then the worker reads a text, or gives up and lets a person read it."""


def texts_are_read() -> str | None:
    left = ModeratedText.objects.filter(
        state=TextState.READING, received_at__lt=timezone.now() - PATIENCE
    )
    if not left.exists():
        return None
    return (
        "Des textes reçus ne sont pas lus par la machine : redémarrez l'exécutant des tâches de "
        "fond."
    )


def dangers_are_settled() -> str | None:
    """Those of which administrators are mailed (`queue.late_dangers`): how many stays unsaid here,
    since anybody may read it."""
    if next(left_dangers(), None) is None:
        return None
    return (
        "Un danger signalé attend depuis plus de deux fois le délai prévu : lisez les alertes de "
        "la modération."
    )


READING = HealthCheck("moderation_reading", texts_are_read)
DANGERS = HealthCheck("moderation_dangers", dangers_are_settled, is_notice=True)
