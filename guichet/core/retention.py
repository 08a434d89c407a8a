"""The nightly erasure of personal data whose time has come (GDPR, article 5(1)(e)).

Owns the run and the register (GDPR, article 30); each app registers its own rules in
`core.extensions.retention_rules`. Refuses to let one failing rule stop the others.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guichet.core.extensions import RetentionRule, retention_rules
from guichet.core.models import JobFailure, OperationRun, OutgoingMail
from guichet.core.words import counted

logger = logging.getLogger("guichet.retention")
SENT_MAIL_KEPT_FOR = timedelta(days=30)
UNSENT_MAIL_KEPT_FOR = timedelta(days=90)
JOB_FAILURES_KEPT_FOR = timedelta(days=90)
DAYS_OF_A_YEAR = 365
DAYS_OF_A_MONTH = 30


@dataclass(frozen=True)
class RegisterEntry:
    """One line of the register, in French: which data, why, for how long."""

    name: str
    what: str
    why: str
    kept_for: str


def retention_register() -> list[RegisterEntry]:
    """What personal data is kept, for the register's page and the privacy text; by name."""
    return sorted(
        (
            RegisterEntry(rule.name, rule.what, rule.why, duration_in_words(rule.kept_for))
            for rule in retention_rules
        ),
        key=lambda entry: entry.what.casefold(),
    )


def duration_in_words(duration: timedelta) -> str:
    """ "3 ans", "6 mois", "90 jours", "12 heures": the largest unit that says it exactly."""
    days = duration.days
    if days >= DAYS_OF_A_YEAR and days % DAYS_OF_A_YEAR == 0:
        return counted(days // DAYS_OF_A_YEAR, "an", "ans")
    if days > 3 * DAYS_OF_A_MONTH and days % DAYS_OF_A_MONTH == 0:
        return counted(days // DAYS_OF_A_MONTH, "mois", "mois")
    if days:
        return counted(days, "jour", "jours")
    return counted(max(1, duration.seconds // 3600), "heure", "heures")


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
    OperationRun.objects.create(
        name=OperationRun.Name.RETENTION, succeeded=not failed, summary=summary
    )
    return erased


def erase_old_mail() -> int:
    now = timezone.now()
    sent, _ = OutgoingMail.objects.filter(sent_at__lt=now - SENT_MAIL_KEPT_FOR).delete()
    unsent, _ = (
        OutgoingMail.objects.unsent().filter(queued_at__lt=now - UNSENT_MAIL_KEPT_FOR).delete()
    )
    return sent + unsent + erase_old_mail_files()


def erase_old_mail_files() -> int:
    """Files that stand for a mail server in demonstration live as long as the rows."""
    oldest = (timezone.now() - SENT_MAIL_KEPT_FOR).timestamp()
    erased = 0
    for path in Path(settings.MAIL_FOLDER).glob("*.eml"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            erased += 1
    return erased


def erase_old_job_failures() -> int:
    oldest = timezone.now() - JOB_FAILURES_KEPT_FOR
    erased, _ = JobFailure.objects.filter(at__lt=oldest).delete()
    return erased


mail_rule = RetentionRule(
    name="mail",
    what="Courriels de la plateforme : adresse du destinataire et objet (le texte est effacé dès "
    "l'envoi)",
    why="Savoir si un courriel est parti, comprendre une panne de messagerie",
    kept_for=SENT_MAIL_KEPT_FOR,
    erase=erase_old_mail,
)
job_failure_rule = RetentionRule(
    name="job_failures",
    what="Tâches de fond en échec : date, nature de l'erreur, identifiant de ce qui était traité",
    why="Comprendre une panne et relancer ce qui n'a pas été fait",
    kept_for=JOB_FAILURES_KEPT_FOR,
    erase=erase_old_job_failures,
)
