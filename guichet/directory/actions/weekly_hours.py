"""The week of a structure, replaced whole by its agents.

Owns the rows of `OpeningInterval` that agents enter; refuses openings that overlap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import time
from itertools import groupby, pairwise
from typing import Any

from django.db import transaction

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.actions.source_values import keep_source_value
from guichet.directory.hours_lines import CLOSED, WALK_IN, DayRange, written_line
from guichet.directory.models import OpeningInterval, Structure
from guichet.directory.opening_words import WEEKDAYS

FIELD = "hours"
MOST_INTERVALS = 100
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

Week = list["Interval"]
StoredWeek = list[list[Any]]
ChangedDays = tuple[dict[str, str], dict[str, str]]


@dataclass(frozen=True, order=True)
class Interval:
    """One weekly opening as entered; `closes` at or before `opens` means the next day."""

    weekday: int
    opens: time
    closes: time
    kind: str = "walk_in"
    note: str = ""


@transaction.atomic
def correct_hours(*, structure: Structure, intervals: Iterable[Interval], by: User | None) -> bool:
    """Replace the weekly hours (none at all: closed all week); True when they changed."""
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    wanted = sorted(set(intervals))
    refuse_overlaps(wanted)
    held = week_of(stored)
    if held == wanted:
        return False
    keep_source_value(stored, FIELD, held if held is None else [as_row(one) for one in held], by)
    write_week(stored, wanted)
    stored.save(update_fields=["hours_known"])
    before, after = changed_days(held, wanted)
    record(
        by=by,
        action="structure.hours_corrected",
        subject=stored,
        scope=stored.scope,
        before=before,
        after=after,
    )
    return True


def restore(structure: Structure, rows: StoredWeek | None) -> ChangedDays:
    """Write a week as `Correction` keeps it (None: unknown); what changed, in words."""
    held = week_of(structure)
    week = None if rows is None else sorted(interval_of(row) for row in rows)
    write_week(structure, week)
    structure.save(update_fields=["hours_known"])
    return changed_days(held, week)


def week_of(structure: Structure) -> Week | None:
    """The week in order, None when it is unknown."""
    if not structure.hours_known:
        return None
    return sorted(
        {
            Interval(row.weekday, row.opens, row.closes, row.kind, row.note)
            for row in structure.intervals.all()
        }
    )


def write_week(structure: Structure, week: Week | None) -> None:
    structure.intervals.all().delete()
    OpeningInterval.objects.bulk_create(
        OpeningInterval(structure=structure, **asdict(interval)) for interval in week or ()
    )
    structure.hours_known = week is not None


def refuse_overlaps(intervals: Week) -> None:
    """`RuleViolation` when two openings of one kind meet, midnight and Sunday night included."""
    if len(intervals) > MOST_INTERVALS:
        raise RuleViolation(f"{MOST_INTERVALS} plages au plus : regroupez celles qui se suivent.")
    by_kind = sorted(intervals, key=lambda one: (one.kind, one.weekday, one.opens))
    for _, group in groupby(by_kind, key=lambda one: one.kind):
        same_kind = list(group)
        after_sunday = [(start_of(one) + WEEK_MINUTES, one) for one in same_kind[:1]]
        starts = [(start_of(one), one) for one in same_kind] + after_sunday
        for (start, earlier), (following, later) in pairwise(starts):
            if following < start + minutes_of(earlier):
                raise RuleViolation(
                    f"Deux plages se chevauchent : {described(earlier)} et {described(later)}. "
                    "Réunissez-les en une seule."
                )


def start_of(interval: Interval) -> int:
    """Minutes from Monday 0:00."""
    return interval.weekday * DAY_MINUTES + interval.opens.hour * 60 + interval.opens.minute


def minutes_of(interval: Interval) -> int:
    opens = interval.opens.hour * 60 + interval.opens.minute
    closes = interval.closes.hour * 60 + interval.closes.minute
    return closes - opens if closes > opens else closes - opens + DAY_MINUTES


def described(interval: Interval) -> str:
    return f"{WEEKDAYS[interval.weekday]} {line_of([interval])}"


def changed_days(before: Week | None, after: Week | None) -> ChangedDays:
    """The days that differ, before and after, in words for the audit."""
    then, now = week_in_words(before), week_in_words(after)
    names = [day for day in WEEKDAYS if then[day] != now[day]]
    return {day: then[day] for day in names}, {day: now[day] for day in names}


def week_in_words(week: Week | None) -> dict[str, str]:
    """Day by day: « 9h-12h, 14h-17h sur rendez-vous »."""
    if week is None:
        return dict.fromkeys(WEEKDAYS, "horaires inconnus")
    return {
        day: line_of([one for one in week if one.weekday == number]) or "fermé"
        for number, day in enumerate(WEEKDAYS)
    }


def line_of(intervals: Week) -> str:
    words = {"walk_in": "", "appointment": " sur rendez-vous", "telephone": " par téléphone"}
    return ", ".join(
        written_line([DayRange(one.opens, one.closes, note=one.note)]) + words[one.kind]
        for one in intervals
    )


def written_week(structure: Structure) -> dict[str, str]:
    """The week as it is typed, by `line_name`, `intervals` prefetched; empty when unknown.

    « fermé » on days without any opening.
    """
    week = week_of(structure)
    if week is None:
        return {}
    lines = {line_name(WALK_IN, weekday): CLOSED for weekday in range(7)}
    by_day = sorted(week, key=lambda one: (one.weekday, one.kind))
    for (weekday, kind), intervals in groupby(by_day, key=lambda one: (one.weekday, one.kind)):
        lines[line_name(kind, weekday)] = written_line(
            DayRange(one.opens, one.closes, note=one.note) for one in intervals
        )
    return lines


def line_name(kind: str, weekday: int) -> str:
    """The line of a way of being received on a day, Monday being 0: `walk_in_0`."""
    return f"{kind}_{weekday}"


def interval_of(row: list[Any]) -> Interval:
    weekday, opens, closes, kind, note = row
    return Interval(weekday, time.fromisoformat(opens), time.fromisoformat(closes), kind, note)


def as_row(interval: Interval) -> list[Any]:
    return [
        interval.weekday,
        interval.opens.isoformat("minutes"),
        interval.closes.isoformat("minutes"),
        interval.kind,
        interval.note,
    ]
