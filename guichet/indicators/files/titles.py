"""The line of titles of a file: where it stands, and what to say when there is none.

Owns the look of such a line; refuses to judge its columns (`checking.columns`). Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from guichet.core.text import folded
from guichet.indicators.calculations.kinds import HEADERS
from guichet.indicators.files.invisible import without_invisible

LINES_BEFORE = 10
"""The titles are looked for in so many lines, the first ones."""
WANTED = "indicateur"
OTHERS = frozenset(
    {"version", "structure", "periode", "coupe", "niveau", "lieu", "valeur", "source"}
).union(*HEADERS.values())
DELIMITERS = ";,\t"
NO_TITLES = (
    "Les titres des colonnes manquent : la ligne 1 doit être « indicateur;version;structure;"
    "periode;coupe;… », séparés par des points-virgules, des virgules ou des tabulations. Partez "
    "du fichier modèle de votre réseau."
)


class TitleLine(NamedTuple):
    """`above` lines stand over the titles, apart by `delimiter`."""

    above: int
    delimiter: str


def canonical(title: str) -> str:
    """ "Période " → « periode », as `columns` names them."""
    return "_".join(folded(without_invisible(title)).replace("-", " ").split())


def are_titles(cells: Iterable[str]) -> bool:
    """Whether a row is the titles of a file: `WANTED` is there, or two others at least."""
    names = {canonical(cell[:80]) for cell in cells}
    return WANTED in names or len(names & OTHERS) > 1


def title_line(lines: Sequence[str]) -> TitleLine | None:
    """Where the titles are in the first lines of a CSV, and what separates them."""
    for above, line in enumerate(lines[:LINES_BEFORE]):
        for delimiter in DELIMITERS:
            if are_titles(cell.strip(" \"'\r\n") for cell in line.split(delimiter)):
                return TitleLine(above, delimiter)
    return None
