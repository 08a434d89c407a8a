"""A structure's page: what every app knows of one place, shaped for reading.

Owns the assembly; refuses to compute what the apps below own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.utils import timezone

from guichet.core.words import NBSP
from guichet.directory.addresses import commune_beyond_address
from guichet.directory.models import Correction, ReceptionKind, Structure
from guichet.directory.opening import DayInterval, DaySchedule
from guichet.directory.opening_words import day_in_words, opening_in_words, time_in_words
from guichet.directory.queries import ShownContacts, shown_contacts, source_name
from guichet.directory.schedules import Presence, Schedule, schedule_of

HOURS_FIELDS = {"hours", "hours_text"}
PLACE_FIELDS = {
    "address_lines",
    "postal_code",
    "town",
    "latitude",
    "longitude",
    "accessibility",
    "accessibility_note",
}
CONTACT_FIELDS = {
    "phones",
    "relay_phone",
    "emails",
    "websites",
    "contact_form",
    "appointment_url",
    "chat_url",
    "video_url",
    "social_links",
}
TOWN_CENTRES = {"commune", "commune_centre"}
"""Positions that only tell the commune: no way to go there."""


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
class Voucher:
    """Who says a group of facts, since when, and whether that is over twelve months old."""

    source: str
    date: date | None
    needs_check: bool


@dataclass(frozen=True)
class StructurePage:
    structure: Structure
    presence: Presence
    local_time: str
    week: WeekTable | None
    contacts: ShownContacts
    phone_to_call: dict[str, str] | None
    has_any_contact: bool
    commune_name: str
    directions_url: str
    position_is_approximate: bool
    similar_url: str
    hours_voucher: Voucher
    place_voucher: Voucher
    contact_voucher: Voucher


def structure_page(structure: Structure, *, at: datetime | None = None) -> StructurePage:
    """The page of a structure fetched by `directory.queries.public_structure`."""
    at = at or timezone.now()
    schedule = schedule_of(structure)
    today = at.astimezone(schedule.zone).date()
    corrections = list(structure.corrections.all())
    contacts = shown_contacts(structure)
    return StructurePage(
        structure=structure,
        presence=schedule.presence(at),
        local_time=local_time(schedule, at),
        week=week_table(schedule, at),
        contacts=contacts,
        phone_to_call=next((p for p in contacts.phones if p["cost"] != "surcharged"), None),
        has_any_contact=has_any_contact(structure, contacts),
        commune_name=commune_beyond_address(structure),
        directions_url=directions_url(structure),
        position_is_approximate=structure.position_source in TOWN_CENTRES,
        similar_url=similar_url(structure),
        hours_voucher=voucher(structure, corrections, HOURS_FIELDS, today),
        place_voucher=voucher(structure, corrections, PLACE_FIELDS, today),
        contact_voucher=voucher(structure, corrections, CONTACT_FIELDS, today),
    )


def voucher(
    structure: Structure, corrections: Iterable[Correction], fields: set[str], today: date
) -> Voucher:
    """The last of its agents who corrected one of these facts, else the source."""
    corrected = [timezone.localdate(one.at) for one in corrections if one.field in fields]
    if not corrected:
        source = source_name(structure.source)
        return Voucher(source, structure.checked_on, structure.needs_check(today))
    last = max(corrected)
    return Voucher("le service lui-même", last, Structure(checked_on=last).needs_check(today))


def local_time(schedule: Schedule, at: datetime) -> str:
    """The site's own time, said only where it differs from that of most readers."""
    local = at.astimezone(schedule.zone)
    if local.utcoffset() == timezone.localtime(at).utcoffset():
        return ""
    return time_in_words(local.time())


def week_table(schedule: Schedule, at: datetime) -> WeekTable | None:
    """Seven days from today, one column for each kind of reception that the site has.

    None when nothing at all is known of those days.
    """
    today = at.astimezone(schedule.zone).date()
    kinds = [
        kind
        for kind in ReceptionKind
        if any(interval.kind == kind for interval in schedule.intervals or ())
    ] or [ReceptionKind.WALK_IN]
    weeks = [schedule.week(today, (kind.value,)) for kind in kinds]
    if not any(day.is_known for days in weeks for day in days):
        return None
    rows = [
        DayRow(
            day=short_day(days[0].day),
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
        return "Fermé" if day.is_known else "Inconnu"
    return ", ".join(opening(interval) for interval in day.intervals)


def opening(interval: DayInterval) -> str:
    words = opening_in_words(interval.opens, interval.closes, interval.note)
    return words.replace(" – ", f"{NBSP}–{NBSP}")


def short_day(day: date) -> str:
    """ "Lundi 23": the month goes without saying within a week."""
    return day_in_words(day).capitalize().partition(NBSP)[0]


def has_any_contact(structure: Structure, contacts: ShownContacts) -> bool:
    return any(
        (
            contacts.phones,
            contacts.emails,
            *(getattr(structure, name) for name in CONTACT_FIELDS - {"phones", "emails"}),
        )
    )


def directions_url(structure: Structure) -> str:
    if structure.latitude is None or structure.position_source in TOWN_CENTRES:
        return ""
    return (
        "https://www.openstreetmap.org/directions?to="
        f"{structure.latitude:.6f}%2C{structure.longitude:.6f}"
    )


def similar_url(structure: Structure) -> str:
    """Places of the same kind, around the same commune."""
    asked = {"type": structure.kind_id}
    if structure.commune is not None:
        asked["ou"] = f"{structure.commune.name} ({structure.commune.departement_id})"
    return f"/services/?{urlencode(asked)}"
