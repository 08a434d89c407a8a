"""Calendar periods and their codes: day, ISO week, month, quarter, year (and the ISO year).

Owns the arithmetic of periods (`docs/methods/observation.md`, § 6; ISO 8601); refuses a clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache

PATTERNS = (
    ("day", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")),
    ("week", re.compile(r"[0-9]{4}-W[0-9]{2}")),
    ("month", re.compile(r"[0-9]{4}-[0-9]{2}")),
    ("quarter", re.compile(r"[0-9]{4}-Q[1-4]")),
    ("year", re.compile(r"[0-9]{4}")),
    ("iso_year", re.compile(r"[0-9]{4}-W")),
)


class PeriodKind(Enum):
    """`ISO_YEAR` is only ever a sum of weeks."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ISO_YEAR = "iso_year"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    PeriodKind.DAY: "jour",
    PeriodKind.WEEK: "semaine",
    PeriodKind.MONTH: "mois",
    PeriodKind.QUARTER: "trimestre",
    PeriodKind.YEAR: "année",
    PeriodKind.ISO_YEAR: "année de semaines",
}


@dataclass(frozen=True, order=True)
class Period:
    """`first_day` to `last_day` included. Compare periods of one kind only."""

    first_day: date
    last_day: date
    kind: PeriodKind
    code: str

    @property
    def year(self) -> int:
        """The year that it belongs to: a week, to that of its Thursday."""
        return int(self.code[:4])


@lru_cache(maxsize=8192)
def period(code: str) -> Period:
    """The period of a code: 2026-01-31, 2026-W05, 2026-01, 2026-Q1, 2026, 2026-W.

    Raises ValueError, in French, on anything else.
    """
    for name, pattern in PATTERNS:
        if pattern.fullmatch(code):
            try:
                return BUILDERS[PeriodKind(name)](code)
            except ValueError:
                break
    raise ValueError(
        f"« {code} » n'est pas une période : écrivez 2026-01-31 (jour), 2026-W05 (semaine), "
        "2026-01 (mois), 2026-Q1 (trimestre) ou 2026 (année)."
    )


def of_day(code: str) -> Period:
    day = date.fromisoformat(code)
    return Period(day, day, PeriodKind.DAY, code)


def of_week(code: str) -> Period:
    monday = date.fromisocalendar(int(code[:4]), int(code[6:]), 1)
    return Period(monday, monday + timedelta(days=6), PeriodKind.WEEK, code)


def of_month(code: str) -> Period:
    first = date(int(code[:4]), int(code[5:]), 1)
    return Period(first, last_day_of_month(first), PeriodKind.MONTH, code)


def of_quarter(code: str) -> Period:
    first = date(int(code[:4]), 3 * int(code[6:]) - 2, 1)
    return Period(first, last_day_of_month(add_months(first, 2)), PeriodKind.QUARTER, code)


def of_year(code: str) -> Period:
    year = int(code)
    return Period(date(year, 1, 1), date(year, 12, 31), PeriodKind.YEAR, code)


def of_iso_year(code: str) -> Period:
    year = int(code[:4])
    first = date.fromisocalendar(year, 1, 1)
    last = date.fromisocalendar(year, weeks_in(year), 7)
    return Period(first, last, PeriodKind.ISO_YEAR, code)


BUILDERS = {
    PeriodKind.DAY: of_day,
    PeriodKind.WEEK: of_week,
    PeriodKind.MONTH: of_month,
    PeriodKind.QUARTER: of_quarter,
    PeriodKind.YEAR: of_year,
    PeriodKind.ISO_YEAR: of_iso_year,
}


def add_months(first: date, months: int) -> date:
    """The first day of the month `months` after that of `first`."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def last_day_of_month(first: date) -> date:
    return add_months(first, 1) - timedelta(days=1)


def weeks_in(year: int) -> int:
    """52 or 53: 28 December is always in the last ISO week of its year."""
    return date(year, 12, 28).isocalendar().week


def code_of(kind: PeriodKind, day: date) -> str:
    """The code of the period of this kind that holds `day`."""
    iso = day.isocalendar()
    codes = {
        PeriodKind.DAY: day.isoformat(),
        PeriodKind.WEEK: f"{iso.year:04}-W{iso.week:02}",
        PeriodKind.MONTH: f"{day.year:04}-{day.month:02}",
        PeriodKind.QUARTER: f"{day.year:04}-Q{(day.month + 2) // 3}",
        PeriodKind.YEAR: f"{day.year:04}",
        PeriodKind.ISO_YEAR: f"{iso.year:04}-W",
    }
    return codes[kind]


ABOVE = {
    PeriodKind.DAY: (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR),
    PeriodKind.WEEK: (PeriodKind.ISO_YEAR,),
    PeriodKind.MONTH: (PeriodKind.QUARTER, PeriodKind.YEAR),
    PeriodKind.QUARTER: (PeriodKind.YEAR,),
    PeriodKind.YEAR: (),
    PeriodKind.ISO_YEAR: (),
}


def periods_above(code: str) -> list[str]:
    """Codes of the periods that it sums up to, finest first."""
    found = period(code)
    day = found.first_day
    if found.kind is PeriodKind.WEEK:
        return [f"{found.code[:4]}-W"]
    return [code_of(kind, day) for kind in ABOVE[found.kind]]


def previous(code: str) -> str:
    """The code of the period just before, of the same kind."""
    found = period(code)
    return code_of(found.kind, found.first_day - timedelta(days=1))


def following(code: str) -> str:
    """The code of the period just after, of the same kind."""
    found = period(code)
    return code_of(found.kind, found.last_day + timedelta(days=1))


def year_before(code: str) -> str | None:
    """The same period a year before; None where there is none (29 February, week 53)."""
    found = period(code)
    candidate = f"{found.year - 1:04}{code[4:]}"
    try:
        return period(candidate).code
    except ValueError:
        return None


def periods_between(kind: PeriodKind, first_day: date, last_day: date) -> list[str]:
    """Codes of the periods of `kind` that begin on or after `first_day` and end by `last_day`."""
    code = code_of(kind, first_day)
    if period(code).first_day < first_day:
        code = following(code)
    found: list[str] = []
    while (current := period(code)).last_day <= last_day:
        found.append(code)
        code = following(current.code)
    return found
