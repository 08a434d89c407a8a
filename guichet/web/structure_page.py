"""A structure's page: what every app knows of one place, shaped for reading.

Owns the assembly; refuses to compute what the apps below own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from guichet.directory.models import Correction, ReceptionKind, Structure
from guichet.directory.opening import DaySchedule
from guichet.directory.opening_words import day_in_words, hours_in_words
from guichet.directory.queries import ShownContacts, shown_contacts, source_name
from guichet.directory.schedules import Presence, Schedule, schedule_of

CORRECTED_NAMES = {
    "hours": "horaires",
    "phones": "téléphone",
    "emails": "courriel",
    "address_lines": "adresse",
    "name": "nom",
}


@dataclass(frozen=True)
class DayRow:
    """One day of the table of hours, in words, in the order of the columns."""

    day: str
    is_today: bool
    cells: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class WeekTable:
    columns: tuple[str, ...]
    rows: tuple[DayRow, ...]


@dataclass(frozen=True)
class StructurePage:
    structure: Structure
    presence: Presence
    local_time: str
    week: WeekTable | None
    contacts: ShownContacts
    directions_url: str
    geo_uri: str
    source: str
    needs_check: bool
    corrections: str
    corrected_on: date | None


def structure_page(structure: Structure, *, at: datetime | None = None) -> StructurePage:
    """The page of a structure fetched by `directory.queries.public_structure`."""
    at = at or timezone.now()
    schedule = schedule_of(structure)
    corrections = list(structure.corrections.all())
    return StructurePage(
        structure=structure,
        presence=schedule.presence(at),
        local_time=local_time(schedule, at),
        week=week_table(schedule, at) if structure.hours_known else None,
        contacts=shown_contacts(structure),
        directions_url=directions_url(structure),
        geo_uri=geo_uri(structure),
        source=source_name(structure.source),
        needs_check=structure.needs_check(at.astimezone(schedule.zone).date()),
        corrections=corrected_names(corrections),
        corrected_on=max((correction.at.date() for correction in corrections), default=None),
    )


def local_time(schedule: Schedule, at: datetime) -> str:
    """The site's own time, said only where it differs from that of most readers."""
    local = at.astimezone(schedule.zone)
    if local.utcoffset() == timezone.localtime(at).utcoffset():
        return ""
    return f"{local.hour}\u00a0h\u00a0{local.minute:02}"


def week_table(schedule: Schedule, at: datetime) -> WeekTable:
    """Seven days from today, one column for each kind of reception that the site has."""
    today = at.astimezone(schedule.zone).date()
    kinds = [
        kind
        for kind in ReceptionKind
        if any(interval.kind == kind for interval in schedule.intervals or ())
    ] or [ReceptionKind.WALK_IN]
    weeks = [schedule.week(today, (kind.value,)) for kind in kinds]
    rows = [
        DayRow(
            day=day_in_words(days[0].day),
            is_today=days[0].day == today,
            cells=tuple(cell(day) for day in days),
            reason=next((day.reason for day in days if day.reason), ""),
        )
        for days in zip(*weeks, strict=True)
    ]
    columns = tuple(str(kind.label).capitalize() for kind in kinds)
    return WeekTable(columns=columns, rows=tuple(rows))


def cell(day: DaySchedule) -> str:
    if not day.intervals:
        return "Fermé" if day.is_known else "Non renseigné"
    return ", ".join(
        hours_in_words(interval.opens, interval.closes)
        + (f" ({interval.note})" if interval.note else "")
        for interval in day.intervals
    )


def directions_url(structure: Structure) -> str:
    if structure.latitude is None or structure.position_source == "commune":
        return ""
    return (
        "https://www.openstreetmap.org/directions?to="
        f"{structure.latitude:.6f}%2C{structure.longitude:.6f}"
    )


def geo_uri(structure: Structure) -> str:
    """Opens the map application of a telephone (RFC 5870)."""
    if structure.latitude is None or structure.position_source == "commune":
        return ""
    return f"geo:{structure.latitude:.6f},{structure.longitude:.6f}"


def corrected_names(corrections: list[Correction]) -> str:
    names = [CORRECTED_NAMES.get(c.field, "fiche") for c in corrections]
    return ", ".join(dict.fromkeys(names))
