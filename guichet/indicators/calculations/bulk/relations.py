"""Which row is compared with which (`docs/methods/observation.md`, § 11).

Owns the search of a row's département, nation, previous period and year before; refuses figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guichet.core import periods
from guichet.indicators.calculations.bulk.sides import Bools, Ints

NOWHERE = -1

Pools = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Relations:
    """For each row of the part, a row of the part followed by the previous one; else NOWHERE."""

    departement: Ints
    nation: Ints
    previous: Ints
    year_before: Ints
    to_date: Bools


@dataclass(frozen=True)
class Codes:
    """Text of several columns as ranks in one list of distinct values."""

    ranks: Ints
    values: list[str]

    def rank(self, value: str) -> int:
        return self.values.index(value) if value in self.values else NOWHERE


def codes(*columns: pa.ChunkedArray) -> Codes:
    chunks = [chunk for column in columns for chunk in column.cast(pa.string()).chunks]
    joined = pa.chunked_array(chunks, pa.string()).combine_chunks()
    encoded = pc.fill_null(joined, "").dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.unify_dictionaries().combine_chunks()
    return Codes(
        encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64),
        encoded.dictionary.to_pylist(),
    )


class RowSearch:
    """Rows of the part and of the previous one, found by place, period and cut."""

    def __init__(self, part: pa.Table, previous: pa.Table | None) -> None:
        tables = [part] if previous is None else [part, previous]
        self.length = part.num_rows
        self.levels = codes(*(table["level"] for table in tables))
        places = codes(*(table["place"] for table in tables), part["departement"])
        rows = len(self.levels.ranks)
        self.places = Codes(places.ranks[:rows], places.values)
        self.departement = places.ranks[rows:]
        self.periods = codes(*(table["period"] for table in tables))
        self.cuts = codes(*(table["cut"] for table in tables))
        keys = self.key(self.levels.ranks, self.places.ranks, self.periods.ranks, self.cuts.ranks)
        self.order = np.argsort(keys, kind="stable")
        self.sorted = keys[self.order]
        if (self.sorted[1:] == self.sorted[:-1]).any():
            raise ValueError("Deux lignes ont le même lieu, la même période et la même coupe.")

    def key(self, level: Ints | int, place: Ints | int, period: Ints, cut: Ints) -> Ints:
        entity = level * np.int64(len(self.places.values)) + place
        slots = entity * len(self.periods.values) + period
        found: Ints = slots * len(self.cuts.values) + cut
        return found

    def find(self, keys: Ints, asked: Bools) -> Ints:
        """The row of each key; NOWHERE where it is not asked or there is none."""
        position = np.minimum(np.searchsorted(self.sorted, keys), len(self.sorted) - 1)
        found = np.where(self.sorted[position] == keys, self.order[position], NOWHERE)
        return np.where(asked, found, NOWHERE)

    def of(self, level: str, place: Ints | int, asked: Bools) -> Ints:
        """The row of another place in the same period and cut."""
        rank = self.levels.rank(level)
        if rank == NOWHERE:
            return np.full(self.length, NOWHERE)
        rows = slice(self.length)
        keys = self.key(rank, place, self.periods.ranks[rows], self.cuts.ranks[rows])
        return self.find(keys, asked)

    def at(self, moved: Ints) -> Ints:
        """The row of the same place and cut in another period, given by period (NOWHERE: none)."""
        rows = slice(self.length)
        period = moved[self.periods.ranks[rows]]
        keys = self.key(
            self.levels.ranks[rows], self.places.ranks[rows], period, self.cuts.ranks[rows]
        )
        return self.find(keys, period != NOWHERE)


def relations(
    part: pa.Table,
    previous: pa.Table | None,
    *,
    through: date,
    pools: Pools,
    previous_pools: Pools,
    is_summed: bool,
) -> Relations:
    """Raises ValueError when two rows have one key, or a code is no period."""
    search = RowSearch(part, previous)
    codes_of_periods = search.periods.values
    to_date = np.array([is_to_date(code, through) for code in codes_of_periods], np.bool_)
    ranks = search.periods.ranks[: search.length]
    other_members = in_other_pools(search, pools, previous_pools)
    earlier, year_before = (
        search.at(moved_periods(codes_of_periods, to_date, move))
        for move in (periods.previous, periods.year_before)
    )
    for found in (earlier, year_before):
        found[other_members & (found >= search.length)] = NOWHERE
    departement, nation = territories(search, is_summed=is_summed)
    return Relations(departement, nation, earlier, year_before, to_date[ranks])


def territories(search: RowSearch, *, is_summed: bool) -> tuple[Ints, Ints]:
    """A unit's département, and the nation of any row but its own."""
    nobody = np.full(search.length, NOWHERE)
    place = search.places.rank("FR")
    if not is_summed:
        return nobody, nobody
    has_one = search.departement != search.places.rank("")
    departement = search.of("departement", search.departement, has_one)
    if place == NOWHERE:
        return departement, nobody
    is_part = search.levels.ranks[: search.length] != search.levels.rank("nation")
    return departement, search.of("nation", place, is_part)


def is_to_date(code: str, through: date) -> bool:
    """A year that is not over at the last day covered."""
    return periods.period(code).last_day > through


def moved_periods(known: list[str], to_date: Bools, move: Callable[[str], str | None]) -> Ints:
    """For each period that is over, the rank of the earlier one; NOWHERE where there is none."""
    ranks = {code: rank for rank, code in enumerate(known)}
    moved = np.array([ranks.get(move(code) or "", NOWHERE) for code in known], np.int64)
    moved[to_date] = NOWHERE
    return moved


def in_other_pools(search: RowSearch, pools: Pools, previous_pools: Pools) -> Bools:
    """Rows of a pool whose members were not the same the year before."""
    same = {code for code in pools if set(pools[code]) == set(previous_pools.get(code, ()))}
    rows = slice(search.length)
    is_pool: Bools = search.levels.ranks[rows] == search.levels.rank("pool")
    for row in np.flatnonzero(is_pool).tolist():
        is_pool[row] = search.places.values[search.places.ranks[row]] not in same
    return is_pool
