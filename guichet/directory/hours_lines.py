"""One day's hours as an agent types them: « 8h30-12h, 13h30-17h (semaines paires) ».

Owns the line's two ways, written and read, which agree; refuses a line with two readings, and
says how to write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import NamedTuple

from guichet.directory.sources.free_text_hours import MIDNIGHT, read_day

WALK_IN, APPOINTMENT, TELEPHONE = "walk_in", "appointment", "telephone"
CLOSED = "fermé"
EXAMPLE = "« 8h30-12h, 13h30-17h » ou « fermé »"
LONGEST_LINE = 300
LONGEST_NOTE = 200
_DAWN = time(5)
_NEXT_DAY, _AT_NIGHT = "le lendemain", "la nuit"

_BARE_HOURS = re.compile(r"(?<![\dh:.])(\d{1,2})\s*[-–]\s*(\d{1,2})(?![\dh:.])", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;/]|\bet\b")
_PART = re.compile(r"(?P<hours>[^()]*?)\s*(?:\((?P<note>[^()]*)\))?\s*")
_PLAIN = re.compile(
    r"(?P<opens>[^-–]+?)\s*[-–à]\s*(?P<closes>[^-–]+?)(?:\s+(?P<when>le lendemain|la nuit))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?P<hour>\d{1,2})\s*[h:]\s*(?P<minute>\d{2})?", re.IGNORECASE)


class DayRange(NamedTuple):
    """One opening of a day; `closes` at or before `opens` ends the next day."""

    opens: time
    closes: time
    kind: str = WALK_IN
    note: str = ""


class UnclearLine(ValueError):
    """Why a line was not understood, and how to write it (French)."""


def read_line(text: str, kind: str = WALK_IN) -> tuple[DayRange, ...]:
    """The openings that `text` says, in order; none for an empty line or « fermé ».

    Hours without a word of condition are of `kind`; « sur rendez-vous » makes them by appointment
    (not among telephone hours). A condition between brackets after a range becomes its note. A
    range that ends the next day says « le lendemain ». Raises `UnclearLine`.
    """
    text = text.strip()
    if len(text) > LONGEST_LINE:
        raise UnclearLine(f"Cette ligne est trop longue. Écrivez par exemple {EXAMPLE}.")
    text = _BARE_HOURS.sub(r"\1h-\2h", text)
    if not text:
        return ()
    reading = read_day(text)
    if reading.intervals is not None:
        ranges = [DayRange(*interval) for interval in reading.intervals]
    else:
        ranges = [one for part in parts_of(text) for one in read_part(part)]
    ranges = sorted(with_kind(ranges, kind), key=lambda one: (one.opens, one.closes))
    refuse_overlap(ranges)
    return tuple(ranges)


def parts_of(text: str) -> list[str]:
    """`text` cut at its separators, those between brackets apart."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        found = _SEPARATOR.match(text, position) if depth == 0 else None
        if found:
            parts.append(text[start:position])
            start = found.end()
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def read_part(part: str) -> list[DayRange]:
    whole = read_day(part)
    if whole.intervals:
        return [DayRange(*interval) for interval in whole.intervals]
    match = _PART.fullmatch(part)
    if match is None:
        raise unclear("les parenthèses sont mal placées")
    note = " ".join((match["note"] or "").split())
    if len(note) > LONGEST_NOTE:
        raise UnclearLine(f"La condition « {note[:30]}… » est trop longue : raccourcissez-la.")
    if plain := plain_range(match["hours"]):
        return [plain._replace(note=note)]
    reading = read_day(match["hours"])
    if reading.intervals is None:
        raise unclear(reading.reason)
    if note and not reading.intervals:
        raise unclear(f"« {note} » accompagne une fermeture")
    return [DayRange(*interval, note) for interval in reading.intervals]


def plain_range(text: str) -> DayRange | None:
    """A range that the reader of sources finds too odd, but that an agent wrote beyond doubt."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    opens, closes = clock(match["opens"]), clock(match["closes"])
    when = (match["when"] or "").lower()
    if opens is None or closes is None:
        return None
    if when == _NEXT_DAY and closes > opens:
        raise unclear(f"« {text} » durerait plus d'un jour")
    is_in_order = opens < closes and opens >= _DAWN
    return DayRange(opens, closes) if when or is_in_order else None


def clock(text: str) -> time | None:
    if text.strip().lower() == "minuit":
        return MIDNIGHT
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match["hour"]) > 23 or int(match["minute"] or 0) > 59:
        return None
    return time(int(match["hour"]), int(match["minute"] or 0))


def unclear(reason: str) -> UnclearLine:
    sentence = f"{reason[:1].upper()}{reason[1:]}"
    hint = ""
    if "ne vient pas après" in reason:
        hint = " Si la fermeture a lieu après minuit, écrivez « 20h-2h le lendemain »."
    elif "invraisemblable" in reason:
        hint = " Si c'est bien la nuit, écrivez « 3h-7h la nuit »."
    return UnclearLine(f"{sentence}. Écrivez par exemple {EXAMPLE}.{hint}")


def with_kind(ranges: list[DayRange], kind: str) -> list[DayRange]:
    if kind == TELEPHONE and any(one.kind == APPOINTMENT for one in ranges):
        raise UnclearLine(
            "Les heures de téléphone n'ont pas de rendez-vous : n'indiquez que les heures."
        )
    return [one._replace(kind=kind) if one.kind == WALK_IN else one for one in ranges]


def refuse_overlap(ranges: list[DayRange]) -> None:
    for earlier, later in pairwise(ranges):
        ends_next_day = earlier.closes <= earlier.opens
        if earlier.kind == later.kind and (ends_next_day or later.opens < earlier.closes):
            raise UnclearLine(
                f"« {written_range(earlier)} » et « {written_range(later)} » se chevauchent : "
                "réunissez ces deux plages en une seule."
            )


def written_line(ranges: Iterable[DayRange]) -> str:
    """The line that `read_line` reads back as `ranges`; "" when there is none."""
    return ", ".join(written_range(one) for one in sorted(ranges))


def written_range(one: DayRange) -> str:
    note = f" ({one.note})" if one.note else ""
    if one.opens == one.closes == MIDNIGHT:
        return f"24h/24{note}"
    closes = "minuit" if one.closes == MIDNIGHT else written_time(one.closes)
    words = f"{written_time(one.opens)}-{closes}"
    if one.closes <= one.opens and one.closes != MIDNIGHT:
        words += f" {_NEXT_DAY}"
    elif one.opens < _DAWN:
        words += f" {_AT_NIGHT}"
    return words + note


def written_time(moment: time) -> str:
    return f"{moment.hour}h{moment.minute:02}" if moment.minute else f"{moment.hour}h"
