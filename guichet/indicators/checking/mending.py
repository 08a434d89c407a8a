"""A staged file with its mechanical mends made: what a cell certainly means, written right.

Owns the mends of cells; refuses to guess, and leaves the rest for the checks to tell. Plain
Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from guichet.core.periods import PeriodKind
from guichet.directory.csv_sheets import plain_cell
from guichet.indicators.checking.columns import (
    COUNTERS,
    CUT,
    DECLARED,
    INDICATOR,
    KEY,
    LEVEL,
    NAME,
    PERIOD,
    PLACE,
    STRUCTURE,
    VERSION,
    Columns,
)
from guichet.indicators.checking.known import Known, comparable
from guichet.indicators.checking.numbers import SPACES, mended_counter
from guichet.indicators.checking.periods_typed import certain_period
from guichet.indicators.files.invisible import without_invisible
from guichet.indicators.files.staged import Staged, write_rows
from guichet.indicators.files.titles import canonical
from guichet.indicators.grains_in_force import nearest_grain

Mend = Callable[[str], str]
CACHED = 100_000
KEPT = frozenset({*KEY, *COUNTERS, *DECLARED, NAME})


class Mender:
    """Mends of the cells of one network's file."""

    def __init__(self, known: Known, structures: pa.Table) -> None:
        self.known = known
        self.codes = known.indicators
        self.places = {
            comparable(code): code for code in reversed(structures.column("code").to_pylist())
        }
        self.exact_places = set(structures.column("code").to_pylist())
        self.kinds = {
            code: grain.period_kind
            for (code, _), version in known.versions.items()
            if (grain := nearest_grain(version.grains, known.today)) is not None
        }
        cuts = {
            cut for version in known.versions.values() for g in version.grains for cut in g.cuts
        }
        self.cuts = {cut.casefold(): cut for cut in cuts}
        self.mend_period = lru_cache(CACHED)(self.period)

    def mends(self, name: str) -> Mend:
        """The mend of the cells of a column, but for periods, which need their indicator."""
        by_name: dict[str, Mend] = {
            INDICATOR: self.indicator,
            VERSION: version,
            STRUCTURE: self.place,
            PLACE: self.place,
            CUT: self.cut,
            LEVEL: lambda text: trimmed(text).casefold(),
        }
        if name in COUNTERS:
            return counter
        return by_name.get(name, trimmed)

    def indicator(self, text: str) -> str:
        plain = trimmed(text)
        if plain in self.codes:
            return plain
        folded = "-".join(plain.replace("_", " ").casefold().split())
        found = [code for code in self.codes if code.casefold() in {folded, plain.casefold()}]
        return found[0] if len(found) == 1 else plain

    def place(self, text: str) -> str:
        plain = trimmed(text)
        return plain if plain in self.exact_places else self.places.get(comparable(plain), plain)

    def cut(self, text: str) -> str:
        plain = trimmed(text)
        return self.cuts.get(plain.casefold(), plain)

    def period(self, indicator: str, text: str) -> str:
        plain = trimmed(text)
        kind: PeriodKind | None = self.kinds.get(indicator)
        return certain_period(plain, kind) or plain


def trimmed(text: str) -> str:
    return plain_cell(without_invisible(text).strip(SPACES + "\r\n")).strip(SPACES)


def counter(text: str) -> str:
    plain = trimmed(text)
    mended = mended_counter(plain)
    return plain if mended is None else str(int(mended))


def version(text: str) -> str:
    plain = trimmed(text).casefold().removeprefix("v").strip(" .")
    whole = mended_counter(plain)
    return trimmed(text) if whole is None else str(int(whole))


def mended_file(staged: Staged, columns: Columns, mender: Mender, out: Path) -> Staged:
    """The staged file with its mends made; canonical titles, only known columns."""
    kept = [
        (position, title)
        for position, title in enumerate(staged.headers)
        if canonical(title) in KEPT
    ]
    by_position = {position: name for name, position in columns.positions.items()}
    titles = [by_position.get(position, title) for position, title in kept]
    mended = Staged(out, staged.kind, titles, staged.header_line)
    write_rows(mended, mended_rows(staged, [position for position, _ in kept], titles, mender))
    return mended


def mended_rows(
    staged: Staged, positions: list[int], titles: list[str], mender: Mender
) -> Iterator[tuple[int, list[str]]]:
    names = ["line", *(f"k{position}" for position in positions)]
    mends = [lru_cache(CACHED)(mender.mends(title)) for title in titles]
    period_at = titles.index(PERIOD) if PERIOD in titles else None
    indicator_at = titles.index(INDICATOR) if INDICATOR in titles else None
    with pq.ParquetFile(staged.path) as source:
        for batch in source.iter_batches(batch_size=20_000, columns=names):
            columns = [batch.column(name).to_pylist() for name in names]
            for line, *cells in zip(*columns, strict=True):
                row = [mend(cell or "") for mend, cell in zip(mends, cells, strict=True)]
                if period_at is not None and indicator_at is not None:
                    row[period_at] = mender.mend_period(row[indicator_at], row[period_at])
                yield line, row
