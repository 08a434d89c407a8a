"""Errors that visitors report on a structure's page.

Owns `ErrorReport`; refuses to drop any: those that come in a burst are kept, flagged, unmailed.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Count, Q
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.answerable import answerable_for
from guichet.directory.models import ErrorReport, Structure

BURST_WINDOW = timedelta(hours=1)
MAILED_OF_A_STRUCTURE = 5
MAILED_OF_A_NETWORK = 20
MAILED_IN_ALL = 200
"""So that nobody's mailbox can be flooded: the reports beyond are kept and flagged."""


@transaction.atomic
def report_error(*, structure: Structure, topic: str, message: str) -> ErrorReport:
    """Keep what a visitor says and tell who answers for the structure.

    Beyond so many within an hour, on one structure, one network or in all, nobody is mailed.
    """
    report = ErrorReport.objects.create(
        structure=structure,
        topic=topic,
        message=message.strip(),
        is_burst=comes_in_a_burst(structure),
    )
    if not report.is_burst:
        tell_answerable(report)
    return report


def comes_in_a_burst(structure: Structure) -> bool:
    mailed = ErrorReport.objects.filter(
        reported_at__gt=timezone.now() - BURST_WINDOW, is_burst=False
    )
    counts = mailed.aggregate(
        of_structure=Count("pk", filter=Q(structure=structure)),
        of_network=Count("pk", filter=Q(structure__network=structure.network_id)),
        in_all=Count("pk"),
    )
    return bool(
        counts["of_structure"] >= MAILED_OF_A_STRUCTURE
        or (structure.network_id and counts["of_network"] >= MAILED_OF_A_NETWORK)
        or counts["in_all"] >= MAILED_IN_ALL
    )


@transaction.atomic
def settle_report(*, report: ErrorReport, by: User, outcome: str) -> None:
    """Say what was done of a report; its text is erased a year later."""
    held = (
        ErrorReport.objects.select_for_update(of=("self",))
        .select_related("structure")
        .get(pk=report.pk)
    )
    if held.settled_at is not None:
        raise RuleViolation("Ce signalement a déjà reçu une suite.")
    held.settled_at, held.settled_by = timezone.now(), by
    held.outcome = " ".join(outcome.split())[:300]
    held.save(update_fields=["settled_at", "settled_by", "outcome"])
    record(
        by=by,
        action="structure.report_settled",
        subject=held.structure,
        scope=held.structure.scope,
        after={"topic": held.get_topic_display(), "outcome": held.outcome},
    )


def tell_answerable(report: ErrorReport) -> None:
    answerable = answerable_for(report.structure)
    for person in answerable.people:
        context = {
            "report": report,
            "structure": report.structure,
            "why": answerable.why,
            "institution": settings.INSTITUTION,
            "site": settings.PUBLIC_URL,
        }
        send_mail(
            f"{settings.INSTITUTION} : une erreur signalée sur « {report.structure.name[:80]} »",
            render_to_string("directory/mail/report.txt", context),
            None,
            [person.email],
        )
