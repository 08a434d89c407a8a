"""When figures are due, and what is late. Plain Python: periods and days, no database.

Owns the calendar of sendings; refuses what was received.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guichet.core.periods import Period, PeriodKind, code_of, period, previous

FOLLOWED = {
    PeriodKind.DAY: 7,
    PeriodKind.WEEK: 6,
    PeriodKind.MONTH: 6,
    PeriodKind.QUARTER: 4,
    PeriodKind.YEAR: 2,
}
"""How many of the latest periods are followed."""

SOON_DAYS = 5
LATE_DAYS = (1, 10)
FORGOTTEN_DAYS = 40
"""Nobody is reminded of what is later than that: a reminder that comes too often is not read."""


@dataclass(frozen=True)
class Due:
    """A whole period and the last day on which its figures are in time."""

    period: Period
    due_on: date

    def days_late(self, today: date) -> int:
        """Negative while there is time left."""
        return (today - self.due_on).days


def dues(
    kind: PeriodKind,
    first_period: str,
    ended_on: date | None,
    due_days: int,
    *,
    today: date,
    most: int | None = None,
) -> list[Due]:
    """The latest whole periods of a grain, latest first: those that ended before `today`."""
    wanted = FOLLOWED[kind] if most is None else most
    first_day = period(first_period).first_day
    code = code_of(kind, today)
    found: list[Due] = []
    while len(found) < wanted:
        code = previous(code)
        one = period(code)
        if one.first_day < first_day:
            break
        if ended_on is None or one.last_day <= ended_on:
            found.append(due_of(one, due_days))
    return found


def due_of(one: Period, due_days: int) -> Due:
    return Due(one, one.last_day + timedelta(days=due_days))


def reminder_step(due: Due, today: date) -> str:
    """Which reminder is due today: "soon", "late-1", "late-10", or "" for none."""
    late = due.days_late(today)
    if late > FORGOTTEN_DAYS:
        return ""
    for days in sorted(LATE_DAYS, reverse=True):
        if late >= days:
            return f"late-{days}"
    return "soon" if -SOON_DAYS <= late <= 0 else ""
