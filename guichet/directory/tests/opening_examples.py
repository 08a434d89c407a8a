"""Sites and moments that tests of opening hours share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from guichet.directory.opening import (
    ExceptionalPeriod,
    OpeningState,
    WeeklyInterval,
    opening_state,
)
from guichet.territories.holidays import public_holiday

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
MIQUELON = ZoneInfo("America/Miquelon")
GUADELOUPE = ZoneInfo("America/Guadeloupe")

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


def hour(text: str) -> time:
    hours, minutes = text.split(":")
    return time(int(hours), int(minutes))


def weekly(
    *days: int, hours: str = "09:00-12:00 13:30-17:00", kind: str = "walk_in", note: str = ""
) -> list[WeeklyInterval]:
    pairs = [pair.split("-") for pair in hours.split()]
    return [
        WeeklyInterval(day, hour(opens), hour(closes), kind, note)
        for day in days
        for opens, closes in pairs
    ]


OFFICE = weekly(MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)
POLICE = weekly(*range(7), hours="00:00-00:00")


def closure(
    first: date, last: date | None = None, *, reason: str = "", kind: str | None = None
) -> ExceptionalPeriod:
    return ExceptionalPeriod(first, last or first, True, None, None, kind, reason)


def opening(
    first: date,
    hours: str,
    last: date | None = None,
    *,
    reason: str = "",
    kind: str | None = None,
) -> ExceptionalPeriod:
    opens, closes = (hour(text) for text in hours.split("-"))
    return ExceptionalPeriod(first, last or first, False, opens, closes, kind, reason)


def ordinary(_day: date) -> str | None:
    return None


def holidays_of(code: str) -> Callable[[date], str | None]:
    return lambda day: public_holiday(code, day)


def moment(text: str, zone: ZoneInfo = PARIS, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def state_at(
    text: str | datetime,
    intervals: Sequence[WeeklyInterval] | None = OFFICE,
    *exceptions: ExceptionalPeriod,
    code: str = "75",
    zone: ZoneInfo = PARIS,
    **options: Any,
) -> OpeningState:
    return opening_state(
        intervals=intervals,
        exceptions=exceptions,
        holiday_name=holidays_of(code),
        zone=zone,
        at=moment(text, zone) if isinstance(text, str) else text,
        **options,
    )


def closed_until(text: str, zone: ZoneInfo = PARIS, reason: str = "") -> OpeningState:
    return OpeningState(False, None, moment(text, zone), reason, "")


def open_until(text: str, zone: ZoneInfo = PARIS, fold: int = 0) -> OpeningState:
    return OpeningState(True, moment(text, zone, fold), None, "", "")
