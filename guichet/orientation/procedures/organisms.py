"""Which of today's kinds of places stands behind an organism that a sheet names.

Owns the reading of `reference/organisms.csv` and the choice among its rows; refuses to guess from a
name that the table does not have.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guichet.core.text import folded

TABLE = Path(__file__).parents[1] / "reference" / "organisms.csv"


@dataclass(frozen=True, slots=True)
class OrganismRow:
    """A row of `organisms.csv`. `kinds`: the main one, then those that do the same elsewhere; none
    when there is no local counter. `sheet_words`: beginnings of words of the sheet's title for
    which the row holds, any sheet when empty."""

    pivot: str
    title: str
    kinds: tuple[str, ...]
    only_some: bool
    sheet_words: tuple[str, ...]

    def suits(self, sheet_title: str) -> bool:
        words = compared(sheet_title).split()
        return any(word.startswith(start) for word in words for start in self.sheet_words)


class OrganismTable:
    """The rows by pivot, and by title for the organisms without pivot."""

    def __init__(self, rows: Iterable[OrganismRow]) -> None:
        self.rows = tuple(rows)
        self._of_pivot: dict[str, list[OrganismRow]] = defaultdict(list)
        self._of_title: dict[str, list[OrganismRow]] = defaultdict(list)
        for row in self.rows:
            if row.pivot:
                self._of_pivot[row.pivot].append(row)
            else:
                self._of_title[compared(row.title)].append(row)

    def find(self, *, pivot: str, title: str, sheet_title: str) -> OrganismRow | None:
        """The row for an organism of a sheet; None when the table does not have it.

        Of several rows, one for such sheets goes first, then one of exactly that title, then the
        first that holds for any sheet.
        """
        rows = self._of_pivot.get(pivot, []) if pivot else self._of_title.get(compared(title), [])
        usual = [row for row in rows if not row.sheet_words]
        chosen = [
            *(row for row in rows if row.suits(sheet_title)),
            *(row for row in usual if compared(row.title) == compared(title)),
            *usual,
        ]
        return chosen[0] if chosen else None


def compared(text: str) -> str:
    """A title without accents, case, punctuation or double spaces."""
    return " ".join("".join(mark if mark.isalnum() else " " for mark in folded(text)).split())


@lru_cache(maxsize=1)
def organism_table() -> OrganismTable:
    """The shipped table."""
    with TABLE.open(encoding="utf-8", newline="") as table:
        return OrganismTable(
            OrganismRow(
                pivot=row["pivot"],
                title=row["title"],
                kinds=tuple(filter(None, row["kind"].split("|"))),
                only_some=row["only_some"] == "yes",
                sheet_words=tuple(filter(None, row["sheet_words"].split("|"))),
            )
            for row in csv.DictReader(table)
        )
