"""The columns of a file of observations, or of declared values.

Owns titles and which are needed; refuses titles unknown, missing or written twice. Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from guichet.indicators.calculations.kinds import HEADERS, MOST_BUCKETS
from guichet.indicators.files.titles import canonical

INDICATOR, VERSION, STRUCTURE, PERIOD, CUT = (
    "indicateur",
    "version",
    "structure",
    "periode",
    "coupe",
)
KEY = (INDICATOR, VERSION, STRUCTURE, PERIOD, CUT)
NEEDED_KEY = (INDICATOR, VERSION, STRUCTURE, PERIOD)
BUCKETS = tuple(f"tranche_{rank}" for rank in range(1, MOST_BUCKETS + 1))
COUNTERS = (
    *dict.fromkeys(header for kind in HEADERS for header in HEADERS[kind]),
    *BUCKETS,
)
LEVEL, PLACE, VALUE, SOURCE = "niveau", "lieu", "valeur", "source"
DECLARED = (INDICATOR, VERSION, LEVEL, PLACE, PERIOD, VALUE, SOURCE)
NAME, ERROR = "nom", "erreur"
PASSED_OVER = (NAME, ERROR)
"""Columns that we write for people and never read: a structure's name, what is wrong."""


@dataclass(frozen=True)
class HeaderFault:
    column: str
    message: str


@dataclass
class Columns:
    """Where each column is: `positions` by canonical title."""

    is_declared: bool
    positions: dict[str, int] = field(default_factory=dict)
    faults: list[HeaderFault] = field(default_factory=list)


def columns_of(titles: Sequence[str]) -> Columns:
    """The columns of a file by its titles, with what is wrong among them."""
    names = [canonical(title) for title in titles]
    is_declared = VALUE in names or PLACE in names
    known = DECLARED if is_declared else (*KEY, *COUNTERS)
    needed = DECLARED if is_declared else NEEDED_KEY
    columns = Columns(is_declared)
    for position, (title, name) in enumerate(zip(titles, names, strict=True)):
        if name in columns.positions:
            columns.faults.append(
                HeaderFault(title, f"La colonne « {name} » est écrite deux fois : gardez-en une.")
            )
        elif name in known:
            columns.positions[name] = position
        elif name not in PASSED_OVER:
            columns.faults.append(HeaderFault(title, unknown_title(title, name, known)))
    for name in needed:
        if name not in columns.positions:
            columns.faults.append(HeaderFault(name, missing_title(name)))
    return columns


def unknown_title(title: str, name: str, known: Iterable[str]) -> str:
    if not name:
        return "Une colonne n'a pas de titre : donnez-lui son titre, ou supprimez-la."
    close = get_close_matches(name, list(known), n=1, cutoff=0.7)
    mend = f"voulez-vous dire « {close[0]} » ?" if close else "supprimez-la."
    return f"La colonne « {title[:60]} » n'existe pas : {mend}"


def missing_title(name: str) -> str:
    return f"La colonne « {name} » manque : ajoutez-la, avec ce titre exactement."
