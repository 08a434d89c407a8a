"""The agents' page of one structure: its state, what is missing, what was corrected, by whom.

Owns the assembly, in a constant number of queries; refuses to decide who may see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import QuerySet
from django.utils import timezone

from guichet.accounts.audit_words import AuditLine, field_label, in_words
from guichet.accounts.models import AuditEvent
from guichet.directory.actions.closures import DifferingDays, days_of
from guichet.directory.actions.weekly_hours import FIELD as HOURS
from guichet.directory.actions.weekly_hours import StoredWeek, interval_of, week_in_words, week_of
from guichet.directory.agent_lists import missing_facts
from guichet.directory.audit_pages import history_lines
from guichet.directory.models import (
    Correction,
    ErrorReport,
    ExceptionalHours,
    Membership,
    ReceptionKind,
    Structure,
)
from guichet.directory.opening_words import day_in_words
from guichet.directory.queries import ShownContacts, shown_contacts, source_name
from guichet.directory.schedules import Presence, schedule_of
from guichet.directory.week_tables import WeekTable, week_table

LATEST_EVENTS = 5
WORDS_OF_KIND = {kind.value: f"accueil {kind.label}" for kind in ReceptionKind}


@dataclass(frozen=True)
class CorrectedFact:
    """A field that agents set: what stands now, and what its source says."""

    correction: Correction
    label: str
    value: str
    source_value: str
    may_withdraw: bool

    @property
    def is_confirmation(self) -> bool:
        """True when an agent only vouched for what the source says."""
        return self.value == self.source_value


@dataclass(frozen=True)
class AnnouncedDays:
    """Days to come that differ; `row` names them in addresses."""

    row: ExceptionalHours
    days: DifferingDays
    when: str
    what: str
    is_from_network: bool


@dataclass(frozen=True)
class StructureSheet:
    structure: Structure
    presence: Presence
    week: WeekTable | None
    missing: tuple[str, ...]
    needs_check: bool
    source: str
    contacts: ShownContacts
    corrected: list[CorrectedFact]
    days: list[AnnouncedDays]
    reports: list[ErrorReport]
    members: list[Membership]
    history: list[AuditLine]


def structure_sheet(structure: Structure, *, at: datetime | None = None) -> StructureSheet:
    """`structure` with its kind, network and commune; seven more queries."""
    at = at or timezone.now()
    schedule = schedule_of(structure)
    return StructureSheet(
        structure=structure,
        presence=schedule.presence(at),
        week=week_table(week_of(structure)),
        missing=missing_facts(structure),
        needs_check=structure.needs_check(),
        source=source_name(structure.source),
        contacts=shown_contacts(structure),
        corrected=corrected_facts(structure),
        days=coming_days(structure),
        reports=list(open_reports(structure)),
        members=members_of(structure),
        history=latest_events(structure),
    )


def corrected_facts(structure: Structure) -> list[CorrectedFact]:
    """In the order of their making, the two halves of a position as one."""
    corrections = list(structure.corrections.select_related("by").order_by("at", "pk"))
    longitude = next((c.source_value for c in corrections if c.field == "longitude"), None)
    return [
        corrected_fact(structure, correction, longitude)
        for correction in corrections
        if correction.field != "longitude"
    ]


def corrected_fact(
    structure: Structure, correction: Correction, source_longitude: float | None
) -> CorrectedFact:
    field = correction.field
    label, source_value = field_label("structure", field), correction.source_value
    value: object = getattr(structure, field, "")
    if field == HOURS:
        label, value, source_value = (
            "horaires",
            week_line(structure),
            stored_week_line(correction.source_value),
        )
    elif field == "parent":
        label, value = "rattachement", structure.parent.code if structure.parent else ""
    elif field == "latitude":
        label = "position"
        value = position_in_words(structure.latitude, structure.longitude)
        source_value = position_in_words(correction.source_value, source_longitude)
    return CorrectedFact(
        correction=correction,
        label=label,
        value=fact_in_words(value),
        source_value=fact_in_words(source_value),
        may_withdraw=field != "parent",
    )


def position_in_words(latitude: float | None, longitude: float | None) -> str:
    return "" if latitude is None else f"{latitude}, {longitude}"


def fact_in_words(value: object) -> str:
    """As a reader expects it: of a telephone its number, of a page its address."""
    if isinstance(value, list):
        return ", ".join(
            str(one.get("display") or one.get("url")) if isinstance(one, dict) else str(one)
            for one in value
        )
    return in_words(value)


def week_line(structure: Structure) -> str:
    return one_line_of(week_in_words(week_of(structure)))


def stored_week_line(rows: StoredWeek | None) -> str:
    week = None if rows is None else sorted(interval_of(row) for row in rows)
    return one_line_of(week_in_words(week))


def one_line_of(days: dict[str, str]) -> str:
    """« lundi, mardi : 9h-12h ; mercredi : fermé »."""
    said: dict[str, list[str]] = {}
    for day, hours in days.items():
        said.setdefault(hours, []).append(day)
    if len(said) == 1:
        return next(iter(said))
    return " ; ".join(f"{', '.join(names)} : {hours}" for hours, names in said.items())


def coming_days(structure: Structure) -> list[AnnouncedDays]:
    """Days that differ, from today, those of one announcement as one."""
    rows = structure.exceptional_hours.filter(last_day__gte=timezone.localdate())
    ordered = rows.order_by("first_day", "last_day", "kind", "closed", "announcement", "opens")
    return [
        announced(list(group))
        for _, group in groupby(
            ordered, key=lambda r: (r.first_day, r.last_day, r.kind, r.closed, r.announcement_id)
        )
    ]


def announced(rows: list[ExceptionalHours]) -> AnnouncedDays:
    days = days_of(rows)
    concerned = WORDS_OF_KIND.get(days.kind, "")
    return AnnouncedDays(
        row=rows[0],
        days=days,
        when=period_in_words(days.first_day, days.last_day),
        what=f"{days.hours_in_words} ({concerned})" if concerned else days.hours_in_words,
        is_from_network=rows[0].announcement_id is not None,
    )


def period_in_words(first_day: date, last_day: date) -> str:
    """« jeudi 24 décembre 2026 », « du 24 décembre 2026 au 2 janvier 2027 »."""
    if first_day == last_day:
        return f"{day_in_words(first_day)} {first_day.year}"
    return (
        f"du {day_in_words(first_day)} {first_day.year} au {day_in_words(last_day)} {last_day.year}"
    )


def open_reports(structure: Structure) -> QuerySet[ErrorReport]:
    return structure.error_reports.filter(settled_at__isnull=True).order_by("reported_at")


def members_of(structure: Structure) -> list[Membership]:
    """Current roles held on the structure itself, by name."""
    return list(
        Membership.objects.current()
        .filter(structure=structure)
        .select_related("user")
        .order_by("user__full_name", "user__email")
    )


def members_above(structure: Structure) -> list[Membership]:
    """Current roles held above, which are worth here too, the nearest first."""
    return list(
        Membership.objects.current()
        .filter(structure__path__ancestors=structure.path)
        .exclude(structure=structure)
        .select_related("user", "structure")
        .order_by("-structure__path__depth", "user__full_name", "user__email")
    )


def latest_events(structure: Structure) -> list[AuditLine]:
    return history_lines(AuditEvent.objects.under(structure.pk)[:LATEST_EVENTS])
