"""The accepted rows that count today, read from the lake with DuckDB.

Owns two questions: what one structure sent, and which of the expected places sent something.
The row that wins is that of the highest batch number, among those of the source of its grain
(`docs/methods/observation.md`, § 4). Refuses to open a batch that holds nothing of what is asked.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from guichet.core.periods import period
from guichet.directory.models import Network
from guichet.indicators import lake
from guichet.indicators.grains_in_force import nearest_grain
from guichet.indicators.models import Batch, Grain

if TYPE_CHECKING:
    import duckdb

COUNTERS = tuple(f"c{rank}" for rank in range(1, 13))
COUNTED = (
    "SELECT r.*, b.number FROM read_parquet({files}, filename=true) r "
    "JOIN counting b ON b.file = r.filename "
    "AND b.indicator = r.indicator AND b.version = r.version AND b.period = r.period"
)

Key = tuple[str, int, str]
"""Indicator, version, period."""


@dataclass(frozen=True)
class CountedRow:
    """One cell; `counters` in the order of the definition; `batch` the number of its batch."""

    indicator: str
    version: int
    period: str
    cut: str
    counters: tuple[int, ...]
    batch: int


@dataclass(frozen=True)
class Wanted:
    """A period for which a network's places of one level are to send an indicator."""

    indicator: str
    version: int
    level: str
    period: str
    first_day: date
    last_day: date

    @property
    def key(self) -> Key:
        return self.indicator, self.version, self.period


@dataclass(frozen=True)
class Place:
    """What expecting needs of a structure (§ 7): its level, and when it is open."""

    code: str
    level: str
    opened_on: date | None
    closed_on: date | None

    def is_expected(self, wanted: Wanted) -> bool:
        """Open during the whole period; the day of closure is the last day open."""
        return (
            self.level == wanted.level
            and (self.opened_on is None or self.opened_on <= wanted.first_day)
            and (self.closed_on is None or self.closed_on >= wanted.last_day)
        )


@dataclass(frozen=True)
class Counting:
    """A batch, and what it holds that counts and is asked for."""

    batch: Batch
    keys: frozenset[Key]


def counting(network: Network, wanted: Collection[Key] | None = None) -> list[Counting]:
    """The network's batches that hold some of `wanted` (None: anything), by number."""
    grains: defaultdict[tuple[str, int], list[Grain]] = defaultdict(list)
    for grain in Grain.objects.filter(network=network).select_related("version__indicator"):
        grains[grain.version.indicator.code, grain.version.number].append(grain)
    batches = Batch.objects.counting().filter(
        network=network, content=Batch.Content.OBSERVATIONS, rows_file__gt=""
    )
    found = []
    for batch in batches.order_by("number"):
        keys = frozenset(
            key
            for key in held_by(batch)
            if (wanted is None or key in wanted) and counts(batch, grains[key[:2]], key[2])
        )
        if keys:
            found.append(Counting(batch, keys))
    return found


def held_by(batch: Batch) -> Iterator[Key]:
    for indicator, version, when, *_ in batch.contents:
        yield indicator, version, when


def counts(batch: Batch, grains: Sequence[Grain], when: str) -> bool:
    """Whether a grain of that day takes its rows from the source of the batch."""
    grain = nearest_grain(grains, period(when).first_day)
    return grain is not None and grain.source == batch.source


@contextlib.contextmanager
def rows_of(batches: Sequence[Counting]) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection, and the query of the rows that count of these batches, with their `number`."""
    import pyarrow as pa

    from guichet.core.duck import quoted
    from guichet.indicators.checking.engine import engine

    with lake.workshop() as folder, engine(folder, lake.root()) as connection:
        lines = [
            (str(lake.rows_path(one.batch)), one.batch.number, *key)
            for one in batches
            for key in sorted(one.keys)
        ]
        names = ("file", "number", "indicator", "version", "period")
        columns = dict(zip(names, map(list, zip(*lines, strict=True)), strict=True))
        connection.register("counting", pa.table(columns))
        files = ", ".join(quoted(lake.rows_path(one.batch)) for one in batches)
        yield connection, COUNTED.format(files=f"[{files}]")


def rows_of_structure(network: Network, code: str) -> list[CountedRow]:
    """What counts for one structure, in the order of indicator, version, period and cut."""
    batches = counting(network)
    if not batches:
        return []
    with rows_of(batches) as (connection, counted):
        found = connection.execute(
            f"SELECT indicator, version, period, cut, {', '.join(COUNTERS)}, number "
            f"FROM ({counted}) WHERE structure = $code "
            "QUALIFY row_number() OVER "
            "(PARTITION BY indicator, version, period, cut ORDER BY number DESC) = 1 "
            "ORDER BY indicator, version, period, cut",
            {"code": code},
        ).fetchall()
    return [
        CountedRow(
            indicator=indicator,
            version=version,
            period=when,
            cut=cut,
            counters=tuple(each for each in rest[:-1] if each is not None),
            batch=rest[-1],
        )
        for indicator, version, when, cut, *rest in found
    ]


def has_row(network: Network, code: str, wanted: Key) -> bool:
    """Whether a structure sent that; opens one batch after another, the newest first."""
    for one in reversed(counting(network, {wanted})):
        with rows_of([one]) as (connection, counted):
            query = f"SELECT 1 FROM ({counted}) WHERE structure = $code LIMIT 1"
            if connection.execute(query, {"code": code}).fetchone():
                return True
    return False


def places_having_sent(network: Network, wanted: Sequence[Wanted]) -> dict[Key, set[str]]:
    """For each wanted period, the codes of the structures that have a row."""
    found: dict[Key, set[str]] = {one.key: set() for one in wanted}
    batches = counting(network, set(found))
    if not batches:
        return found
    with rows_of(batches) as (connection, counted):
        rows = connection.execute(
            "SELECT indicator, version, period, list(DISTINCT structure) "
            f"FROM ({counted}) GROUP BY ALL"
        ).fetchall()
    for indicator, version, when, structures in rows:
        found[indicator, version, when] = set(structures)
    return found
