"""Declared values in a release: kept as typed, shown as such, never computed.

Owns `declared.csv` and `declared_figures.csv`; refuses intervals, coverage and verdicts.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guichet.directory.csv_sheets import safe_cell
from guichet.indicators.calculations.figures import FIGURE_COLUMNS, KEY_COLUMNS
from guichet.publication.releasing.csv_text import csv_bytes
from guichet.publication.releasing.parts import PartKey

COLUMNS = ("network", "indicator", "version", "level", "place", "period", "value", "source")
AIM_COLUMNS = ("aimed_at", "aimed_for")


@dataclass(frozen=True)
class DeclaredLine:
    """`value` is written as the network typed it, with a decimal point; `aimed_at` is what its
    source aims at, for the period `aimed_for`, both empty where it says nothing; `source_date` is
    for pages only."""

    network: str
    indicator: str
    version: int
    level: str
    place: str
    period: str
    value: str
    source: str
    source_date: str = ""
    aimed_at: str = ""
    aimed_for: str = ""

    @property
    def key(self) -> tuple[str, str, int, str, str, str]:
        return (
            self.network,
            self.indicator,
            self.version,
            self.level,
            self.place,
            self.period,
        )

    @property
    def part(self) -> PartKey:
        return PartKey(self.network, self.indicator, self.version, int(self.period[:4]))


def declared_csv(lines: Iterable[DeclaredLine]) -> bytes:
    """Their sources are words of networks: none is taken for a formula by a spreadsheet."""
    rows = (
        [*words(line), line.value, safe_cell(line.source), line.aimed_at, line.aimed_for]
        for line in lines
    )
    return csv_bytes((*COLUMNS, *AIM_COLUMNS), rows)


def declared_figures_csv(lines: Iterable[DeclaredLine]) -> bytes:
    """Their lines of figures: a state, a value, and nothing else."""
    figures = map(figure_of, lines)
    rows = ([figure.get(name, "") for name in FIGURE_COLUMNS] for figure in figures)
    return csv_bytes(FIGURE_COLUMNS, rows)


def figure_of(line: DeclaredLine) -> dict[str, str]:
    """What its line of figures says, by column; a declared value has no cut."""
    key = zip(KEY_COLUMNS, [*words(line), ""], strict=True)
    return {**dict(key), "state": "declared", "value": line.value}


def words(line: DeclaredLine) -> list[str]:
    return [str(each) for each in line.key]


def declared_parts(
    lines: Iterable[DeclaredLine],
) -> Mapping[PartKey, tuple[str, list[DeclaredLine]]]:
    """Lines by part, each with the digest that tells whether the part changed."""
    parts: defaultdict[PartKey, list[DeclaredLine]] = defaultdict(list)
    for line in lines:
        parts[line.part].append(line)
    return {key: (digest_of(found), found) for key, found in parts.items()}


def digest_of(lines: Iterable[DeclaredLine]) -> str:
    text = "\n".join(f"{line}" for line in sorted(lines, key=lambda line: line.key))
    return hashlib.sha256(text.encode()).hexdigest()
