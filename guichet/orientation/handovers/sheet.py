"""A hand-over sheet as its page, its mail and its text message say it.

Owns the wording and the queries of one sheet; refuses who the person is, and who made it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone

from guichet.core.sms import LONGEST as LONGEST_SMS
from guichet.core.words import NBSP
from guichet.directory.actions.weekly_hours import week_of
from guichet.directory.models import Structure
from guichet.directory.opening import DaySchedule
from guichet.directory.opening_words import day_in_words, opening_in_words
from guichet.directory.queries import shown_contacts
from guichet.directory.schedules import WALK_IN, Presence, Schedule, schedule_of, with_hours
from guichet.directory.search_page import visited_address
from guichet.directory.week_tables import WeekTable, week_table
from guichet.orientation.answer_page import Telephone, national
from guichet.orientation.contacts import national_number
from guichet.orientation.handovers.references import shown_reference
from guichet.orientation.models import Handover, Urgency
from guichet.orientation.models.handovers import HandoverQuerySet

PUBLIC_ADDRESS = "/orientation/fiche/"
WEEKS_AHEAD = 3
MOST_DAYS = 4
LARGE_LINES, MEDIUM_LINES = 32, 52
"""Lines, as `lines_on_paper` counts them, that one page holds in large and in medium letters."""

PAGE_WIDTH, HALF_WIDTH = 68, 32
"""Letters of 13.5 points on the width of the page, and on half of it."""

MOST_LINES_BESIDE = 9


@dataclass(frozen=True)
class HandoverSheet:
    """`days` are those of the coming weeks that differ from `week`, in words."""

    handover: Handover
    receiver: Structure
    reference: str
    address: str
    telephone: Telephone | None
    presence: Presence
    week: WeekTable | None
    days: tuple[str, ...]
    accessibility: str
    hours_need_check: bool

    @property
    def is_discreet(self) -> bool:
        """True where what the sheet is for may put the person in danger, if somebody reads it."""
        need = self.handover.need
        return need is not None and need.urgent == Urgency.VIOLENCE

    @property
    def told_subject(self) -> str:
        return "un rendez-vous" if self.is_discreet else self.handover.subject

    @property
    def path(self) -> str:
        return f"{PUBLIC_ADDRESS}{self.reference}/"

    @property
    def url(self) -> str:
        return f"{settings.PUBLIC_URL}{self.path}"

    @property
    def has_wide_week(self) -> bool:
        """True when people are received in several ways: the hours need the whole width."""
        return self.week is not None and len(self.week.columns) > 1

    @property
    def has_documents_beside(self) -> bool:
        """True when they stand beside the address, in the place that the hours left."""
        needed = sum(lines(one, HALF_WIDTH) for one in self.handover.documents)
        return self.has_wide_week and needed <= MOST_LINES_BESIDE

    @property
    def letters(self) -> str:
        """The largest letters in which all of it stays on one page."""
        lines = lines_on_paper(self)
        if lines <= LARGE_LINES:
            return "large"
        return "medium" if lines <= MEDIUM_LINES else "small"

    @property
    def is_cancelled(self) -> bool:
        return self.handover.outcome == Handover.Outcome.CANCELLED

    @property
    def replaced_by(self) -> Structure | None:
        """What the place has become since, when it is closed and something replaces it."""
        return self.receiver.merged_into


def for_sheets(at: datetime | None = None) -> HandoverQuerySet:
    """Handovers with all that their sheet says of `at` (now): five queries for any number."""
    receivers = with_hours(
        Structure.objects.select_related("kind", "network", "commune__departement", "merged_into"),
        at,
    ).prefetch_related("corrections")
    return Handover.objects.select_related(
        "sender__commune__departement", "sender__kind", "right_kind", "need", "created_by"
    ).prefetch_related(Prefetch("receiver", queryset=receivers))


def handover_sheet(handover: Handover, *, at: datetime | None = None) -> HandoverSheet:
    """The sheet of a handover fetched by `for_sheets` (more queries otherwise)."""
    at = at or timezone.now()
    receiver = handover.receiver
    schedule = schedule_of(receiver)
    return HandoverSheet(
        handover=handover,
        receiver=receiver,
        reference=shown_reference(handover.reference),
        address=visited_address(receiver),
        telephone=telephone_of(receiver),
        presence=schedule.presence(at),
        week=week_table(week_of(receiver)),
        days=tuple(differing_days(schedule, at.astimezone(schedule.zone).date()))[:MOST_DAYS],
        accessibility=receiver.get_accessibility_display() if receiver.accessibility else "",
        hours_need_check=receiver.hours_known and receiver.needs_check(),
    )


def telephone_of(structure: Structure) -> Telephone | None:
    """Its own number that may be shown and costs no more than a call, else its network's."""
    own = next(
        (one for one in shown_contacts(structure).phones if one["cost"] != "surcharged"), None
    )
    if own:
        return Telephone(own["number"], own["display"])
    number = national_number(structure.kind_id)
    return national(number) if number else None


def lines_on_paper(sheet: HandoverSheet) -> float:
    """About how many lines the sheet takes in letters of 13.5 points, titles included."""
    told = sheet.handover
    beside, wide = sheet.has_documents_beside, sheet.has_wide_week
    place = 2 + lines(sheet.address, HALF_WIDTH) + lines(sheet.accessibility, HALF_WIDTH)
    place += 0 if wide and not beside else 4
    width = HALF_WIDTH if beside else PAGE_WIDTH
    documents = 2 + sum(lines(one, width) for one in told.documents)
    column = documents if beside else 0 if wide else hours_lines(sheet)
    below = (0 if beside else documents) + (hours_lines(sheet) if wide else 0)
    top = 3 + 2.4 * lines(sheet.receiver.name, 30) + 1.4 * lines(f"Pour : {told.subject}", 52)
    return top + max(place, column) + below + 5 + lines(told.why, 68) + lines(told.note, 60)


def hours_lines(sheet: HandoverSheet) -> float:
    rows = sheet.week.rows if sheet.week else ()
    cell_width = 50 // len(sheet.week.columns) if sheet.week and sheet.has_wide_week else 20
    table = sum(max(lines(cell, cell_width) for cell in row.cells) for row in rows)
    width = PAGE_WIDTH if sheet.has_wide_week else HALF_WIDTH
    return 4 + 1.1 * table + sum(lines(day, width) for day in sheet.days)


def lines(text: str, width: int) -> int:
    return ceil(len(text) / width)


def differing_days(schedule: Schedule, first_day: date) -> Iterator[str]:
    """ "Vendredi 25 décembre : fermé (Noël)"; days in a row that say the same are one line."""
    kinds = tuple(sorted({one.kind for one in schedule.intervals or ()} or set(WALK_IN)))
    coming = [
        (day.day, words_of_day(day))
        for week in range(WEEKS_AHEAD)
        for day in schedule.week(first_day + timedelta(weeks=week), kinds)
        if day.reason or day.is_exceptional
    ]
    numbered = enumerate(coming)
    for _, group in groupby(numbered, key=lambda one: (one[1][1], one[1][0].toordinal() - one[0])):
        run = [said for _, said in group]
        (first, words), (last, _) = run[0], run[-1]
        when = day_in_words(first)
        if last != first:
            when = f"du {when} au {day_in_words(last)}"
        yield f"{when[:1].upper()}{when[1:]}{NBSP}: {words}"


def words_of_day(day: DaySchedule) -> str:
    said = ", ".join(opening_in_words(one.opens, one.closes, one.note) for one in day.intervals)
    hours = said or ("fermé" if day.is_known else "horaires à confirmer")
    return f"{hours} ({day.reason})" if day.reason else hours


def sms_text(sheet: HandoverSheet) -> str:
    """At most 300 characters: where, which number to call, the reference and the link."""
    number = f"Tél. {sheet.telephone.display}. " if sheet.telephone else ""
    end = plain_spaces(
        f"{number}Référence {sheet.reference}. Horaires et papiers à apporter : {sheet.url}"
    )
    where = plain_spaces(f"{sheet.receiver.name}, {sheet.address}".rstrip(", "))
    room = LONGEST_SMS - len(end) - len(". ")
    if len(where) > room:
        where = f"{where[: room - 1].rstrip()}…"
    return f"{where}. {end}"


def plain_spaces(text: str) -> str:
    """A text message counts the insecable spaces of a page as rare letters, and costs double."""
    return " ".join(text.split())
