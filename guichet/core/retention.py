"""The nightly erasure of personal data whose time has come (GDPR, article 5(1)(e)).

Owns the run; each app registers its own rules in `core.extensions.retention_rules`.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from guichet.core.extensions import RetentionRule, retention_rules
from guichet.core.models import OperationRun, OutgoingMail

logger = logging.getLogger("guichet.retention")
SENT_MAIL_KEPT_FOR = timedelta(days=30)
UNSENT_MAIL_KEPT_FOR = timedelta(days=90)


def erase_expired() -> dict[str, int]:
    """Run every rule, each in its own transaction; returns how many rows each one erased."""
    erased: dict[str, int] = {}
    failed: list[str] = []
    for rule in retention_rules:
        try:
            with transaction.atomic():
                erased[rule.name] = rule.erase()
        except Exception:
            logger.exception("retention rule failed", extra={"subject": rule.name})
            failed.append(rule.name)
    summary = ", ".join(f"{name} : {count}" for name, count in erased.items())
    if failed:
        summary += f" ; en échec : {', '.join(failed)}"
    OperationRun.objects.create(name="retention", succeeded=not failed, summary=summary)
    return erased


def erase_old_mail() -> int:
    now = timezone.now()
    sent, _ = OutgoingMail.objects.filter(sent_at__lt=now - SENT_MAIL_KEPT_FOR).delete()
    unsent, _ = OutgoingMail.objects.filter(
        sent_at__isnull=True, queued_at__lt=now - UNSENT_MAIL_KEPT_FOR
    ).delete()
    return sent + unsent


mail_rule = RetentionRule(
    name="mail",
    what="Courriels envoyés par la plateforme (adresse du destinataire et texte)",
    why="Renvoyer un courriel perdu, comprendre une panne de messagerie",
    kept_for=SENT_MAIL_KEPT_FOR,
    erase=erase_old_mail,
)
