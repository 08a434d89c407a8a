"""Periods as people and spreadsheets write them: 01/2026, janv.-26, 2026-01-01, T1 2026.

Owns the mends that are certain; refuses to guess. Plain Python.
"""

from __future__ import annotations

import re
from datetime import date

from guichet.core.periods import PeriodKind, code_of, period
from guichet.core.text import folded
from guichet.core.words import MONTHS

MONTH_STARTS = (
    "janv",
    "fevr",
    "mars",
    "avri",
    "mai",
    "juin",
    "juil",
    "aout",
    "sept",
    "octo",
    "nove",
    "dece",
)
_ISO_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]00:00(?::00)?)?")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: 00:00(?::00)?)?")
_MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{4})")
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/. ]?([0-9]{1,2})")
_WORDS = re.compile(r"([a-z]{3,9})\.?[-/. ]*([0-9]{2}|[0-9]{4})")
_QUARTER = re.compile(r"(?:([tq])\s?([1-4])[-/ ]*([0-9]{4})|([0-9]{4})[-/ ]*[tq]\s?([1-4]))")
_WEEK = re.compile(r"(?:[sw]\s?([0-9]{1,2})[-/ ]*([0-9]{4})|([0-9]{4})[-/ ]*[sw]\s?([0-9]{1,2}))")


def certain_period(text: str, kind: PeriodKind | None) -> str:
    """The code that `text` certainly means where periods are of `kind`; else empty."""
    plain = " ".join(folded(text).split())
    for read in (quarter_code, week_code, month_code, day_code):
        code = read(plain, kind)
        if code:
            return code if is_of_kind(code, kind) else ""
    return ""


def is_of_kind(code: str, kind: PeriodKind | None) -> bool:
    try:
        found = period(code)
    except ValueError:
        return False
    return kind is None or found.kind is kind


def quarter_code(plain: str, kind: PeriodKind | None) -> str:
    match = _QUARTER.fullmatch(plain)
    return f"{match[3] or match[4]}-Q{match[2] or match[5]}" if match else ""


def week_code(plain: str, kind: PeriodKind | None) -> str:
    match = _WEEK.fullmatch(plain)
    return f"{match[2] or match[3]}-W{int(match[1] or match[4]):02}" if match else ""


def month_code(plain: str, kind: PeriodKind | None) -> str:
    if match := _MONTH_YEAR.fullmatch(plain):
        return f"{match[2]}-{int(match[1]):02}"
    if match := _YEAR_MONTH.fullmatch(plain):
        return f"{match[1]}-{int(match[2]):02}"
    match = _WORDS.fullmatch(plain)
    ranks = [
        rank for rank, name in enumerate(MONTH_STARTS, 1) if match and is_month(match[1], name)
    ]
    if not match or len(ranks) != 1:
        return ""
    year = match[2] if len(match[2]) == 4 else f"20{match[2]}"
    return f"{year}-{ranks[0]:02}"


def is_month(word: str, name: str) -> bool:
    """« janv », « janvier », « jan »; « jui » is no month: juin or juillet."""
    return len(word) >= 3 and (word.startswith(name) or (name.startswith(word) and word != "jui"))


def day_code(plain: str, kind: PeriodKind | None) -> str:
    """A whole date: its day; where months are sent, its month when it is the first."""
    if match := _ISO_DAY.fullmatch(plain):
        numbers = int(match[1]), int(match[2]), int(match[3])
    elif match := _FRENCH_DAY.fullmatch(plain):
        numbers = int(match[3]), int(match[2]), int(match[1])
    else:
        return ""
    try:
        day = date(*numbers)
    except ValueError:
        return ""
    return (
        code_of(PeriodKind.MONTH, day)
        if kind is PeriodKind.MONTH and day.day == 1
        else (day.isoformat())
    )


def day_in_words(day: date) -> str:
    """ "28 février 2026"."""
    rank = "1er" if day.day == 1 else str(day.day)
    return f"{rank} {MONTHS[day.month - 1]} {day.year}"
