"""The lines of `figures/<part>` and `quantiles/<part>`.

Owns their columns (`docs/methods/observation.md`, § 12) and their text; refuses to sum anything:
every line is a function of the rows of its part, and of those of the year before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pyarrow as pa

from guichet.indicators.calculations.bulk.judging import judged, meets_target
from guichet.indicators.calculations.bulk.limits import has_interval, limits
from guichet.indicators.calculations.bulk.relations import NOWHERE, Pools, Relations, relations
from guichet.indicators.calculations.bulk.rounding import (
    Rounded,
    rounded,
    scattered,
    worded_column,
    written_column,
)
from guichet.indicators.calculations.bulk.sides import Ints, Side
from guichet.indicators.calculations.bulk.spreads import buckets_of, woodruff_buckets
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import decimals_of, plain, written, written_quotient
from guichet.indicators.calculations.intervals import interval
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.calculations.quantiles import PUBLISHED
from guichet.indicators.calculations.verdicts import (
    CHANGES,
    DIFFERENCES,
    INSUFFICIENT,
    NO_CLEAR_CHANGE,
    NO_CLEAR_DIFFERENCE,
)

KEY_COLUMNS = ("network", "indicator", "version", "level", "place", "period", "cut")
FIGURE_COLUMNS = (
    *KEY_COLUMNS,
    "state",
    "to_date",
    "value",
    "low",
    "high",
    "expected",
    "received",
    "target",
    "rest_departement",
    "gap_departement",
    "versus_departement",
    "rest_nation",
    "gap_nation",
    "versus_nation",
    "change_previous",
    "previous",
    "change_year",
    "year_before",
)
QUANTILE_COLUMNS = (
    *KEY_COLUMNS,
    "q",
    "above",
    "at_most",
    "interval_above",
    "interval_at_most",
)
STATES = ["missing", "no_whole", "published"]
SLICE = 200_000
"""Rows computed at once: what bounds the memory beside the part and its lines."""


def figure_slices(
    part_rows: pa.Table,
    previous: pa.Table | None,
    definition: Definition,
    *,
    network: str,
    through: date,
    pools: Pools,
    previous_pools: Pools,
) -> Iterator[pa.Table]:
    """One line of text for each row, in the order of the rows, some rows at a time.

    `part_rows` and `previous` (the part of the year before, of the same version) have the columns
    `level, place, departement` (empty unless a unit with one)`, period, cut, c1…, expected,
    received`; counters are null when nothing was received. Raises ValueError when two rows have
    the same place, period and cut.
    """
    if not part_rows.num_rows:
        return
    found = relations(
        part_rows,
        previous,
        through=through,
        pools=pools,
        previous_pools=previous_pools,
        is_summed=definition.is_summed,
    )
    everything = side_of(definition, part_rows, previous)
    for first in range(0, part_rows.num_rows, SLICE):
        rows = slice(first, min(first + SLICE, part_rows.num_rows))
        own = everything.take(rows)
        columns = {
            **key_columns(part_rows, definition, network, rows),
            **own_columns(own),
            **compared_columns(own, everything, found, rows),
        }
        columns["to_date"] = worded_column(found.to_date[rows].astype(np.int64), ["", "yes"])
        yield pa.table({name: columns[name] for name in FIGURE_COLUMNS})


def side_of(definition: Definition, part: pa.Table, previous: pa.Table | None) -> Side:
    """The cells of the part, then those of the previous one."""
    tables = [part] if previous is None else [part, previous]

    def integers(name: str) -> Ints:
        columns = [table[name].fill_null(0).cast(pa.int64()).to_numpy() for table in tables]
        return np.concatenate(columns)

    counters = tuple(integers(f"c{rank}") for rank in range(1, len(definition.counters) + 1))
    return Side(definition, counters, integers("expected"), integers("received"))


def key_columns(
    part: pa.Table, definition: Definition, network: str, rows: slice
) -> dict[str, pa.Array]:
    length = rows.stop - rows.start
    same = {"network": network, "indicator": definition.code, "version": str(definition.version)}
    columns = {name: pa.repeat(text, length) for name, text in same.items()}
    for name in ("level", "place", "period", "cut"):
        columns[name] = part[name].slice(rows.start, length).cast(pa.string()).fill_null("")
    return columns


def own_columns(own: Side) -> dict[str, pa.Array]:
    """What a row says of itself: state, value, interval, coverage, target."""
    definition, decimals = own.definition, decimals_of(own.definition)
    states = np.where(own.received > 0, 1 + (own.whole > 0), 0)

    def text_of_value(row: int) -> str:
        return written_quotient(*own.quotient(row), decimals)

    value = rounded(own.value, None, own.has_value, decimals, text_of_value)
    low, high = interval_columns(own)
    columns = {
        "state": worded_column(states, STATES),
        "value": written_column(value),
        "low": low,
        "high": high,
        "expected": pa.array(own.expected).cast(pa.string()),
        "received": pa.array(own.received).cast(pa.string()),
    }
    met = np.zeros(len(states), np.int64)
    if definition.target is not None:
        met = np.where(own.has_value, 1 + meets_target(own, Fraction(definition.target)), 0)
    columns["target"] = worded_column(met, ["", "not_met", "met"])
    return columns


def interval_columns(own: Side) -> tuple[pa.Array, pa.Array]:
    rows = np.flatnonzero(has_interval(own))
    asked = own.take(rows)
    found = limits(asked)
    known = np.ones(len(rows), np.bool_)
    decimals = decimals_of(own.definition)

    def exact(row: int, rank: int) -> str:
        both = interval(own.definition, asked.counters_of(row))
        return written(both[rank], own.definition) if both else ""

    low = rounded(found.low, found.error, known, decimals, lambda row: exact(row, 0))
    high = rounded(found.high, found.error, known, decimals, lambda row: exact(row, 1))
    length = len(own.expected)
    return (
        written_column(scattered(low, rows, length)),
        written_column(scattered(high, rows, length)),
    )


def compared_columns(
    own: Side, everything: Side, found: Relations, rows: slice
) -> dict[str, pa.Array]:
    """The rest of the département and of the nation, the changes."""
    direction = own.definition.direction
    difference = ["", INSUFFICIENT, NO_CLEAR_DIFFERENCE, *DIFFERENCES[direction]]
    change = ["", INSUFFICIENT, NO_CLEAR_CHANGE, *CHANGES[direction]]
    columns: dict[str, pa.Array] = {}
    for place, other_rows in (("departement", found.departement), ("nation", found.nation)):
        compared = compared_with(own, everything, other_rows[rows], is_whole=True)
        columns[f"rest_{place}"] = written_column(compared.other)
        columns[f"gap_{place}"] = written_column(compared.gap)
        columns[f"versus_{place}"] = worded_column(compared.verdict, difference)
    for gap, verdict, other_rows in (
        ("change_previous", "previous", found.previous),
        ("change_year", "year_before", found.year_before),
    ):
        compared = compared_with(own, everything, other_rows[rows], is_whole=False)
        columns[gap] = written_column(compared.gap)
        columns[verdict] = worded_column(compared.verdict, change)
    return columns


@dataclass(frozen=True)
class Compared:
    other: Rounded
    gap: Rounded
    verdict: Ints


def compared_with(own: Side, everything: Side, other_rows: Ints, *, is_whole: bool) -> Compared:
    """`is_whole`: the other row is a territory that holds this one, which is taken out of it."""
    length = len(other_rows)
    is_asked = own.has_value & (other_rows != NOWHERE)
    if own.definition.kind is Kind.COUNT:
        is_asked &= False
    rows = np.flatnonzero(is_asked)
    other = everything.take(other_rows[rows])
    if is_whole:
        other = other - own.take(rows)
    expecting = np.flatnonzero(other.expected != 0)
    rows, other = rows[expecting], other.take(expecting)
    found = judged(own.take(rows), other)
    verdict = np.zeros(length, np.int64)
    verdict[rows] = found.verdict
    return Compared(
        scattered(found.other, rows, length), scattered(found.gap, rows, length), verdict
    )


def quantile_slices(part: pa.Table, definition: Definition, network: str) -> Iterator[pa.Table]:
    """Of a distribution, a line for each row that has a value and each published quantile, some
    rows at a time.

    Columns as `QUANTILE_COLUMNS`; an open bound is empty, and so is the interval of a census.
    """
    everything = side_of(definition, part, None)
    for first in range(0, part.num_rows, SLICE):
        rows = slice(first, min(first + SLICE, part.num_rows))
        own = everything.take(rows)
        valued = np.flatnonzero(own.has_value)
        keys = pa.table(key_columns(part, definition, network, rows)).take(valued)
        found = [bounds_columns(own.take(valued), q) for q in PUBLISHED]
        tables = [
            pa.table({**dict(zip(KEY_COLUMNS, keys.columns, strict=True)), **columns})
            for columns in found
        ]
        by_row = np.arange(len(valued) * len(tables)).reshape(len(tables), -1).T.ravel()
        yield pa.concat_tables(tables).take(by_row)


def bounds_columns(own: Side, q: Decimal) -> dict[str, pa.Array]:
    """The two bounds of the quantile q and of its interval, as text."""
    definition = own.definition
    lowers = ["0", *(plain(bound) for bound in definition.bounds)]
    uppers = [*lowers[1:], ""]
    bucket = buckets_of(own, q)
    columns = {
        "q": pa.repeat(plain(q), len(bucket)),
        "above": worded_column(bucket, lowers),
        "at_most": worded_column(bucket, uppers),
        "interval_above": pa.repeat("", len(bucket)),
        "interval_at_most": pa.repeat("", len(bucket)),
    }
    if definition.is_sample:
        first, last = woodruff_buckets(own, q)
        columns["interval_above"] = worded_column(first, lowers)
        columns["interval_at_most"] = worded_column(last, uppers)
    return columns
