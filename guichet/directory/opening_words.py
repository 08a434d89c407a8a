"""How opening hours are said in French: the state of a site, a day, a pair of times.

Owns the wording only; refuses to decide anything, which is the part of `opening`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from guichet.core.words import MONTHS
from guichet.directory.opening import UNKNOWN_HOURS, OpeningState

CLOSING_SOON: Final = timedelta(minutes=30)
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_NBSP = "\N{NO-BREAK SPACE}"
_COLON = f"{_NBSP}: "
_SMALL_HOURS_END = time(6)


def state_in_words(state: OpeningState, at: datetime) -> str:
    """One line for a list or a page; `at` is the moment of the state, aware, of any zone.

    "Ouvert, ferme à 17 h", "Ferme bientôt, à 17 h" in the last thirty minutes, "Fermé, ouvre
    demain à 8 h 30", "Fermé aujourd'hui : Jour férié (Assomption). Ouvre lundi 17 août à 9 h",
    "Horaires à confirmer : semaines paires", "Horaires inconnus".
    """
    if state.is_open is None:
        if state.uncertain_note:
            return f"Horaires à confirmer{_COLON}{state.uncertain_note}"
        return UNKNOWN_HOURS
    if state.is_open:
        return _open_in_words(state, at)
    return _closed_in_words(state, at)


def hours_in_words(opens: time, closes: time) -> str:
    """An opening: "8 h 30 – 12 h", "20 h – 2 h" when it ends the next day, "24 h sur 24"."""
    if opens == closes:
        if opens == time(0):
            return f"24{_NBSP}h sur{_NBSP}24"
        return f"{time_in_words(opens)} – {time_in_words(closes)} le lendemain"
    return f"{time_in_words(opens)} – {_closing_time_in_words(closes)}"


def opening_in_words(opens: time, closes: time, note: str) -> str:
    """ "9 h – 12 h (semaines paires)"; of a day that is uncertain from end to end, its note."""
    if note and opens == closes == time(0):
        return note[:1].upper() + note[1:]
    hours = hours_in_words(opens, closes)
    return f"{hours} ({note})" if note else hours


def time_in_words(moment: time) -> str:
    """A time of day: "8 h 30", "12 h", "0 h 05"; seconds are left out."""
    hour = f"{moment.hour}{_NBSP}h"
    return f"{hour}{_NBSP}{moment.minute:02d}" if moment.minute else hour


def day_in_words(day: date) -> str:
    """A date without its year: "lundi 24 novembre", "samedi 1er août"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number}{_NBSP}{MONTHS[day.month - 1]}"


def _open_in_words(state: OpeningState, at: datetime) -> str:
    closes_at = state.closes_at
    if closes_at is None:
        return state.reason
    # Two datetimes of one zone subtract as wall clocks, wrong on the night the clocks change.
    if closes_at.astimezone(UTC) - at.astimezone(UTC) <= CLOSING_SOON:
        return f"Ferme bientôt, à {_closing_time_in_words(closes_at.time())}"
    return f"Ouvert, ferme {_closing_in_words(closes_at, at)}"


def _closed_in_words(state: OpeningState, at: datetime) -> str:
    opening = f"ouvre {_opening_in_words(state.opens_at, at)}" if state.opens_at else ""
    if not opening and state.uncertain_note:
        opening = f"prochaine ouverture à confirmer{_COLON}{state.uncertain_note}"
    if state.reason:
        said = f"Fermé aujourd'hui{_COLON}{state.reason}"
        return f"{said}. {opening[0].upper()}{opening[1:]}" if opening else said
    return f"Fermé, {opening}" if opening else "Fermé"


def _opening_in_words(opens_at: datetime, at: datetime) -> str:
    today = at.astimezone(opens_at.tzinfo).date()
    return _day_and_time(opens_at.date(), today, time_in_words(opens_at.time()))


def _closing_in_words(closes_at: datetime, at: datetime) -> str:
    """Midnight ends a day, and a closing before tomorrow's dawn belongs to tonight."""
    today = at.astimezone(closes_at.tzinfo).date()
    day = closes_at.date()
    tonight = day == today + timedelta(days=1) and closes_at.time() < _SMALL_HOURS_END
    if tonight or closes_at.time() == time(0):
        day -= timedelta(days=1)
    return _day_and_time(day, today, _closing_time_in_words(closes_at.time()))


def _closing_time_in_words(moment: time) -> str:
    return "minuit" if moment == time(0) else time_in_words(moment)


def _day_and_time(day: date, today: date, moment: str) -> str:
    if day == today:
        return f"à {moment}"
    if day == today + timedelta(days=1):
        return f"demain à {moment}"
    return f"{day_in_words(day)} à {moment}"
