"""Days that differ: closed, or open at other hours, for one site or for many at once.

Owns `ExceptionalHours`; refuses days that are past or longer than a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import ExceptionalHours, Structure

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class DifferingDays:
    """From `first_day` to `last_day` included: closed, or open from `opens` to `closes`."""

    first_day: date
    last_day: date
    closed: bool = True
    opens: time | None = None
    closes: time | None = None
    kind: str = ""
    reason: str = ""


def refuse_nonsense(days: DifferingDays) -> None:
    today = timezone.localdate()
    if days.last_day < days.first_day:
        raise RuleViolation("Le dernier jour précède le premier : échangez les deux dates.")
    if days.last_day < today - timedelta(days=1):
        raise RuleViolation("Ces jours sont passés : indiquez des jours à venir.")
    if days.last_day - days.first_day > LONGEST:
        raise RuleViolation(
            "Plus d'un an : pour une fermeture définitive, fermez plutôt la structure."
        )
    if not days.closed and (days.opens is None or days.closes is None):
        raise RuleViolation("Indiquez l'heure d'ouverture et l'heure de fermeture.")


@transaction.atomic
def announce_days(
    *, structures: Iterable[Structure], days: DifferingDays, by: User
) -> list[ExceptionalHours]:
    """Announce the same days for each structure; one already announced alike is left as it is."""
    refuse_nonsense(days)
    values = asdict(days) if not days.closed else asdict(days) | {"opens": None, "closes": None}
    wanted = list(structures)
    alike = set(
        ExceptionalHours.objects.filter(
            structure__in=wanted,
            first_day=days.first_day,
            last_day=days.last_day,
            closed=days.closed,
            opens=values["opens"],
            closes=values["closes"],
            kind=days.kind,
        ).values_list("structure_id", flat=True)
    )
    rows = ExceptionalHours.objects.bulk_create(
        ExceptionalHours(structure=structure, entered_by=by, **values)
        for structure in wanted
        if structure.pk not in alike
    )
    for row in rows:
        record(
            by=by,
            action="structure.days_announced",
            subject=row.structure,
            scope=row.structure.scope,
            after=values,
        )
    return rows


@transaction.atomic
def withdraw_days(*, days: ExceptionalHours, by: User) -> None:
    """The regular hours hold again."""
    structure = days.structure
    before = {
        "first_day": days.first_day,
        "last_day": days.last_day,
        "closed": days.closed,
        "opens": days.opens,
        "closes": days.closes,
        "reason": days.reason,
    }
    days.delete()
    record(
        by=by,
        action="structure.days_withdrawn",
        subject=structure,
        scope=structure.scope,
        before=before,
    )
