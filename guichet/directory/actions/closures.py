"""Days that differ: closed, or open at other hours, for one site or for many at once.

Owns `ExceptionalHours` and `Announcement`; refuses days that are past or longer than a year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from guichet.accounts.audit import event_of, record_all
from guichet.accounts.models import AuditEvent, User
from guichet.core.errors import RuleViolation
from guichet.directory.hours_lines import DayRange, written_line
from guichet.directory.models import Announcement, ExceptionalHours, Network, Structure

LONGEST = timedelta(days=366)
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class DifferingDays:
    """From `first_day` to `last_day` included: open at `openings` each day, closed when empty.

    `kind` is the reception concerned, "" for all. A closing at or before the opening is the next
    day's.
    """

    first_day: date
    last_day: date
    openings: tuple[tuple[time, time], ...] = ()
    kind: str = ""
    reason: str = ""

    @property
    def closed(self) -> bool:
        return not self.openings

    @property
    def hours_in_words(self) -> str:
        return written_line(DayRange(*opening) for opening in self.openings) or "fermé"

    def rows(self) -> list[dict[str, Any]]:
        """The values of each row of `ExceptionalHours`: one a closure, else one an opening."""
        common = {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "closed": self.closed,
            "kind": self.kind,
            "reason": self.reason,
        }
        return [
            common | {"opens": opens, "closes": closes}
            for opens, closes in self.openings or ((None, None),)
        ]

    def told(self) -> dict[str, Any]:
        """What the audit keeps."""
        return {
            "first_day": self.first_day,
            "last_day": self.last_day,
            "openings": self.hours_in_words,
            "reason": self.reason,
        }


def refuse_nonsense(days: DifferingDays) -> None:
    """`RuleViolation` for days reversed, past, too long, too far, or openings that overlap."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if days.last_day < days.first_day:
        raise RuleViolation("Le dernier jour précède le premier : échangez les deux dates.")
    if days.last_day < yesterday:
        raise RuleViolation("Ces jours sont passés : indiquez des jours à venir.")
    if days.last_day - days.first_day > LONGEST:
        raise RuleViolation(
            "C'est plus d'un an : pour une fermeture définitive, prévenez l'équipe du programme."
        )
    if days.first_day - yesterday > FARTHEST:
        raise RuleViolation("C'est dans plus de trois ans : vérifiez l'année.")


@transaction.atomic
def announce_days(
    *,
    structures: Iterable[Structure],
    days: DifferingDays,
    by: User,
    announcement: Announcement | None = None,
) -> list[Structure]:
    """Announce the same days for each structure and return those that had not announced them."""
    refuse_nonsense(days)
    wanted = list(structures)
    wait_for_others(wanted)
    told_already = already_announced(wanted, days)
    concerned = [structure for structure in wanted if structure.pk not in told_already]
    ExceptionalHours.objects.bulk_create(
        ExceptionalHours(structure=structure, entered_by=by, announcement=announcement, **values)
        for structure in concerned
        for values in days.rows()
    )
    record_all(
        event_of(
            by=by,
            action="structure.days_announced",
            subject=structure,
            scope=structure.scope,
            after=days.told(),
        )
        for structure in concerned
    )
    return concerned


def wait_for_others(structures: list[Structure]) -> None:
    """Two people who announce the same days at once do it one after the other."""
    keys = [structure.pk for structure in structures]
    rows = Structure.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    list(rows.values_list("pk", flat=True))


def already_announced(structures: list[Structure], days: DifferingDays) -> set[int]:
    """Keys of the structures that announced exactly these days and hours."""
    held: dict[int, set[tuple[Any, Any]]] = {}
    rows = ExceptionalHours.objects.filter(
        structure__in=structures,
        first_day=days.first_day,
        last_day=days.last_day,
        kind=days.kind,
    )
    for structure_id, opens, closes in rows.values_list("structure_id", "opens", "closes"):
        held.setdefault(structure_id, set()).add((opens, closes))
    wanted = {(row["opens"], row["closes"]) for row in days.rows()}
    return {structure_id for structure_id, hours in held.items() if hours == wanted}


@transaction.atomic
def announce_everywhere(
    *, network: Network, structures: Iterable[Structure], days: DifferingDays, by: User
) -> tuple[Announcement, int]:
    """The same days for many sites of a network, tied so as to be withdrawn together.

    Returns the announcement and how many sites it concerns; `RuleViolation` when it is none, or
    when a site is another network's.
    """
    structures = list(structures)
    if any(structure.network_id != network.pk for structure in structures):
        raise RuleViolation(f"Certains sites ne sont pas du réseau {network} : retirez-les.")
    announcement = Announcement.objects.create(network=network, by=by)
    concerned = announce_days(structures=structures, days=days, by=by, announcement=announcement)
    if not concerned:
        raise RuleViolation("Ces jours sont déjà annoncés pour tous ces sites.")
    return announcement, len(concerned)


def together_with(days: ExceptionalHours) -> QuerySet[ExceptionalHours]:
    """The rows that say one thing with `days`: the several openings of the same days."""
    return ExceptionalHours.objects.filter(
        structure=days.structure_id,
        first_day=days.first_day,
        last_day=days.last_day,
        kind=days.kind,
        closed=days.closed,
        announcement=days.announcement_id,
    ).order_by("opens")


def days_of(rows: list[ExceptionalHours]) -> DifferingDays:
    """What `together_with` rows say."""
    first = rows[0]
    return DifferingDays(
        first_day=first.first_day,
        last_day=first.last_day,
        openings=tuple(
            (row.opens, row.closes)
            for row in rows
            if row.opens is not None and row.closes is not None
        ),
        kind=first.kind,
        reason=first.reason,
    )


@transaction.atomic
def withdraw_days(*, days: ExceptionalHours, by: User) -> None:
    """The regular hours of this structure hold again."""
    rows = list(together_with(days).select_for_update())
    if not rows:
        return
    record_all([withdrawal(days.structure, days_of(rows), by)])
    ExceptionalHours.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def withdraw_announcement(*, announcement: Announcement, by: User) -> int:
    """Undo a whole announcement; how many sites it still concerned.

    A site that withdrew it for itself since is left alone.
    """
    Announcement.objects.select_for_update().get(pk=announcement.pk)
    of_structure: dict[int, list[ExceptionalHours]] = {}
    for row in announcement.days.select_related("structure").order_by("structure", "opens"):
        of_structure.setdefault(row.structure_id, []).append(row)
    record_all(withdrawal(rows[0].structure, days_of(rows), by) for rows in of_structure.values())
    announcement.days.all().delete()
    announcement.delete()
    return len(of_structure)


def withdrawal(structure: Structure, days: DifferingDays, by: User) -> AuditEvent:
    return event_of(
        by=by,
        action="structure.days_withdrawn",
        subject=structure,
        scope=structure.scope,
        before=days.told(),
    )
