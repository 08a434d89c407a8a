"""The accepted rows that count today, read from the lake with DuckDB.

Owns two questions: what one structure sent, and how many of the expected places sent something.
The row that wins is that of the highest batch number (`docs/methods/observation.md`, § 4).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from guichet.directory.models import Network
from guichet.indicators import lake
from guichet.indicators.models import Batch
from guichet.indicators.models.batches import BatchQuerySet

COUNTERS = tuple(f"c{rank}" for rank in range(1, 13))
LIMITS = {"memory_limit": "320MB", "threads": 2}
COUNTED = (
    "SELECT r.*, b.number FROM read_parquet({files}, filename=true) r "
    "JOIN batches b ON b.file = r.filename"
)


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
    def key(self) -> tuple[str, int, str]:
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


def batches_of(network: Network) -> BatchQuerySet:
    return Batch.objects.counting().filter(
        network=network, content=Batch.Content.OBSERVATIONS, rows_file__gt=""
    )


@contextlib.contextmanager
def rows_of(batches: Sequence[Batch]) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection, and the query of all rows of these batches with their `number`."""
    connection = duckdb.connect(config=LIMITS)
    try:
        files = [str(lake.rows_path(batch)) for batch in batches]
        table = pa.table({"file": files, "number": [batch.number for batch in batches]})
        connection.register("batches", table)
        literal = "[" + ", ".join("'" + one.replace("'", "''") + "'" for one in files) + "]"
        yield connection, COUNTED.format(files=literal)
    finally:
        connection.close()


def rows_of_structure(network: Network, code: str) -> list[CountedRow]:
    """What counts for one structure, in the order of indicator, version, period and cut."""
    batches = list(batches_of(network).order_by("number"))
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
            period=period,
            cut=cut,
            counters=tuple(each for each in rest[:-1] if each is not None),
            batch=rest[-1],
        )
        for indicator, version, period, cut, *rest in found
    ]


def places_having_sent(
    network: Network, wanted: Sequence[Wanted]
) -> dict[tuple[str, int, str], set[str]]:
    """For each wanted period, the codes of the structures that have a row."""
    found: dict[tuple[str, int, str], set[str]] = {one.key: set() for one in wanted}
    batches = holding(network, wanted)
    if not batches:
        return found
    asked = pa.table(
        {
            "indicator": [one.indicator for one in wanted],
            "version": [one.version for one in wanted],
            "period": [one.period for one in wanted],
        }
    )
    with rows_of(batches) as (connection, counted):
        connection.register("asked", asked)
        rows = connection.execute(
            "SELECT indicator, version, period, list(DISTINCT structure) "
            f"FROM ({counted}) SEMI JOIN asked USING (indicator, version, period) "
            "GROUP BY ALL"
        ).fetchall()
    for indicator, version, period, structures in rows:
        found[indicator, version, period] = set(structures)
    return found


def holding(network: Network, wanted: Sequence[Wanted]) -> list[Batch]:
    """The batches whose contents hold one of the wanted periods: the others are not opened."""
    keys = {one.key for one in wanted}
    return [
        batch
        for batch in batches_of(network).order_by("number")
        if any((line[0], line[1], line[2]) in keys for line in batch.contents)
    ]
