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
from guichet.directory.schedules import WALK_IN, Presence, Schedule, schedule_of
from guichet.experiences.reading.structure_block import StoriesBlock, structure_block
from guichet.publication.result_pages.results_block import ResultsBlock, results_block

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
WORD_JOINER = "\u2060"
TOWN_CENTRE = "commune"
"""The source of a position that only tells the commune: no way to go there."""


@dataclass(frozen=True)
class DayRow:
    """One day of the week, in words: its openings in order, or that there is none."""

    day: str
    is_today: bool
    openings: tuple[str, ...]
    reason: str


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
    week: tuple[DayRow, ...] | None
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
    results: ResultsBlock | None
    stories: StoriesBlock


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
        week=week_from(schedule, at),
        contacts=contacts,
        phone_to_call=next((p for p in contacts.phones if p["cost"] != "surcharged"), None),
        has_any_contact=has_any_contact(structure, contacts),
        commune_name=commune_beyond_address(structure),
        directions_url=directions_url(structure),
        position_is_approximate=structure.position_source == TOWN_CENTRE,
        similar_url=similar_url(structure),
        hours_voucher=voucher(structure, corrections, HOURS_FIELDS, today),
        place_voucher=voucher(structure, corrections, PLACE_FIELDS, today),
        contact_voucher=voucher(structure, corrections, CONTACT_FIELDS, today),
        results=results_block(structure),
        stories=structure_block(structure),
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


def week_from(schedule: Schedule, at: datetime) -> tuple[DayRow, ...] | None:
    """Seven days from today; None when nothing at all is known of them."""
    today = at.astimezone(schedule.zone).date()
    kinds = {interval.kind for interval in schedule.intervals or ()} or set(WALK_IN)
    week = schedule.week(today, tuple(sorted(kinds)))
    if not any(day.is_known for day in week):
        return None
    return tuple(
        DayRow(
            day=short_day(day.day),
            is_today=day.day == today,
            openings=openings_of(day),
            reason=day.reason,
        )
        for day in week
    )


def openings_of(day: DaySchedule) -> tuple[str, ...]:
    if not day.intervals:
        return ("Fermé" if day.is_known else "Inconnu",)
    return tuple(opening(interval) for interval in day.intervals)


def opening(interval: DayInterval) -> str:
    """ "13 h 30 – 17 h, sur rendez-vous": how one is received, when it is not by walking in.

    Neither the hours nor « rendez-vous » break over two lines.
    """
    hours = opening_in_words(interval.opens, interval.closes, interval.note)
    hours = hours.replace(" – ", f"{NBSP}–{WORD_JOINER}{NBSP}")
    if interval.kind in WALK_IN:
        return hours
    label = str(ReceptionKind(interval.kind).label)
    return f"{hours}, {label.replace('-', f'-{WORD_JOINER}')}"


def short_day(day: date) -> str:
    """ "Lundi 23": the month goes without saying within a week."""
    weekday_and_number = day_in_words(day).capitalize().partition(NBSP)[0]
    return weekday_and_number.replace(" ", NBSP)


def has_any_contact(structure: Structure, contacts: ShownContacts) -> bool:
    return any(
        (
            contacts.phones,
            contacts.emails,
            *(getattr(structure, name) for name in CONTACT_FIELDS - {"phones", "emails"}),
        )
    )


def directions_url(structure: Structure) -> str:
    if structure.latitude is None or structure.position_source == TOWN_CENTRE:
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
