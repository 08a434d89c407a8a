"""Structures and territories in numbers, so that engines sort and join integers.

Owns the numbers: two places sort by number as their lines sort by bytes. Refuses counters.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import compress

import numpy as np
import pyarrow as pa

from guichet.indicators.rollup.inputs import FrozenStructure
from guichet.indicators.rollup.pooling import Pool, Spot, Unit

NATION = "FR"
NOWHERE = Spot()
OFFSETS = {
    "departement": 10_000_000,
    "nation": 20_000_000,
    "pool": 30_000_000,
    "region": 40_000_000,
    "structure": 50_000_000,
}
BEFORE, EVER = 0, 10_000_000
FINER = {"site": 0, "departement": 1, "region": 2, "national": 3}


class Atlas:
    """Numbers of all structures and territories of a release."""

    def __init__(
        self, structures: Mapping[str, FrozenStructure], carried: Iterable[Pool] = ()
    ) -> None:
        pools = list(carried)
        codes = {*structures, *(c for pool in pools for c in (*pool.spot.ancestors, *pool.members))}
        self.structures = structures
        self.codes = sorted(codes)
        self.departements = sorted(
            {s.departement for s in structures.values()} | {p.spot.departement for p in pools}
        )
        self.regions = sorted(
            {s.region for s in structures.values()} | {p.spot.region for p in pools}
        )
        self.structure_ids = {code: rank for rank, code in enumerate(self.codes)}
        self.departement_ids = numbered(self.departements, OFFSETS["departement"])
        self.region_ids = numbered(self.regions, OFFSETS["region"])

    def places_of(self, spot: Spot) -> list[int]:
        """The numbers of the places above a unit at this spot."""
        found = [OFFSETS["structure"] + self.structure_ids[code] for code in spot.ancestors]
        if spot.departement:
            found.append(self.departement_ids[spot.departement])
        if spot.region:
            found.append(self.region_ids[spot.region])
        return [*found, OFFSETS["nation"]]

    def structure_names(self) -> pa.Table:
        return pa.table(
            {
                "structure_id": pa.array(range(len(self.codes)), pa.int32()),
                "structure": pa.array(self.codes, pa.string()),
            }
        )


def numbered(codes: Sequence[str], offset: int) -> dict[str, int]:
    return {code: offset + rank for rank, code in enumerate(codes)}


@dataclass(frozen=True)
class Name:
    """A place in the words of the files."""

    place_id: int
    level: str
    place: str
    spot: Spot = NOWHERE
    is_unit: bool = False


class Units:
    """The units of one network at one level of grain and of publication, and where they count.

    Every structure of the network is one. `named` gives the structures that its batches name,
    with the first and last year: those that left the network keep their territories and the
    nation, under no ancestor.
    """

    def __init__(
        self,
        atlas: Atlas,
        network: str,
        levels: tuple[str, str],
        named: Mapping[str, tuple[int, int]],
    ) -> None:
        self.atlas = atlas
        self.level, self.publication_level = levels
        self.is_coarser = FINER[self.publication_level] > FINER[self.level]
        self.named = named
        self.own = {c: s for c, s in atlas.structures.items() if s.network == network}
        self.units: dict[int, Unit] = {}
        self.unit_of: dict[int, int] = {}
        self.unpublished: set[int] = set()
        self.groups: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.spots: dict[Spot, int] = {}
        left = (without_tree(atlas.structures[code]) for code in named if code not in self.own)
        for structure in (*self.own.values(), *left):
            self.place(structure)
        self.prepare()

    def place(self, structure: FrozenStructure) -> None:
        number = self.atlas.structure_ids[structure.code]
        unit = self.published_as(structure)
        if unit is None:
            self.unpublished.add(number)
        elif unit.code != structure.code:
            self.unit_of[number] = self.atlas.structure_ids[unit.code]
            return
        self.unit_of[number] = number
        spot = Spot(self.ancestors_shown(structure), structure.departement, structure.region)
        self.units[number] = Unit(structure.code, structure.parent, spot)
        self.groups[structure.parent, structure.departement].append(number)
        self.spot_id(spot)

    def published_as(self, structure: FrozenStructure) -> FrozenStructure | None:
        """The structure, or its nearest ancestor of the publication level."""
        if not self.is_coarser:
            return structure
        for code in (structure.code, *reversed(structure.ancestors)):
            found = self.atlas.structures[code]
            if found.level == self.publication_level:
                return found
        return None

    def ancestors_shown(self, structure: FrozenStructure) -> tuple[str, ...]:
        """Without those of the publication level, which have their own rows only."""
        levels = ((code, self.atlas.structures[code].level) for code in structure.ancestors)
        shown = [code for code, level in levels if level != self.publication_level]
        if self.is_coarser:
            rank = FINER[self.publication_level]
            shown = [c for c in shown if FINER[self.atlas.structures[c].level] > rank]
        return tuple(shown)

    def prepare(self) -> None:
        """Days of opening as ordinals, and a line for each structure: where it counts."""
        codes = self.atlas.codes
        self.numbers = np.array(sorted(self.unit_of), np.int32)
        structures = [self.own.get(codes[number]) for number in self.numbers]
        never = (EVER, BEFORE)
        bounds = [self.bounds(found) if found else never for found in structures]
        self.opened = np.array([opened for opened, _ in bounds], np.int32)
        self.closed = np.array([closed for _, closed in bounds], np.int32)
        years = [self.named.get(codes[number], (9999, 0)) for number in self.numbers]
        self.first_years = np.array([first for first, _ in years], np.int32)
        self.last_years = np.array([last for _, last in years], np.int32)
        self.lines = [self.line(int(number)) for number in self.numbers]

    def bounds(self, structure: FrozenStructure) -> tuple[int, int]:
        """First and last day on which the structure is open, none when its level is another."""
        if structure.level != self.level:
            return EVER, BEFORE
        opened, closed = structure.opened_on, structure.closed_on
        return (
            opened.toordinal() if opened else BEFORE,
            closed.toordinal() if closed else EVER,
        )

    def line(self, number: int) -> bytes:
        unit = self.unit_of[number]
        home = self.units[unit]
        words = (
            self.atlas.codes[number],
            home.code,
            home.parent,
            ">".join(home.spot.ancestors),
            home.spot.departement,
            home.spot.region,
            "hidden" if unit in self.unpublished else "",
        )
        return (",".join(words) + "\n").encode()

    def openings(self, first_day: date, last_day: date) -> pa.Table:
        """Structures of the grain's level with the days, within the two, between which they are
        open (ordinals); those that are closed all along are left out."""
        opened = np.maximum(self.opened, first_day.toordinal())
        closed = np.minimum(self.closed, last_day.toordinal())
        kept = opened <= closed
        return pa.table(
            {
                "structure_id": self.numbers[kept],
                "opened": opened[kept],
                "closed": closed[kept],
            }
        )

    def digest(self, year: int, first_day: date, last_day: date) -> str:
        """Of where each structure that the year may hold counts, and when it is expected."""
        opened = np.maximum(self.opened, first_day.toordinal())
        closed = np.minimum(self.closed, last_day.toordinal())
        expected = opened <= closed
        named = (self.first_years <= year) & (year <= self.last_years)
        kept = expected | named
        hashed = hashlib.sha256(b"".join(compress(self.lines, kept)))
        hashed.update(np.where(expected, opened, 0)[kept].tobytes())
        hashed.update(np.where(expected, closed, 0)[kept].tobytes())
        return hashed.hexdigest()

    def spot_id(self, spot: Spot) -> int:
        return self.spots.setdefault(spot, len(self.spots) + 1)

    def is_unit(self, unit: Unit) -> bool:
        """By its level; a structure of another level may be one too (`odd_ones`)."""
        mine = self.own.get(unit.code)
        return mine is None or mine.level == self.publication_level

    def odd_ones(self) -> list[int]:
        """Structures that batches name and whose level is not that of publication: of another
        grain, or their level changed."""
        return [
            number
            for code in self.named
            if (number := self.atlas.structure_ids[code]) in self.units
            and not self.is_unit(self.units[number])
        ]

    def name(self, number: int, *, is_unit: bool) -> Name:
        unit = self.units[number]
        place = OFFSETS["structure"] + number
        return Name(place, "structure", unit.code, unit.spot, is_unit=is_unit)

    @cached_property
    def names(self) -> pa.Table:
        return name_table(
            [self.name(n, is_unit=self.is_unit(unit)) for n, unit in self.units.items()]
        )

    def members(self) -> pa.Table:
        return table_of(("structure_id", "unit_id"), list(self.unit_of.items()))

    def unit_spots(self) -> pa.Table:
        return integers(
            {
                "unit_id": list(self.units),
                "spot_id": [self.spots[unit.spot] for unit in self.units.values()],
            }
        )

    def spot_places(self) -> pa.Table:
        pairs = [(n, p) for spot, n in self.spots.items() for p in self.atlas.places_of(spot)]
        return table_of(("spot_id", "place_id"), pairs)


def without_tree(left: FrozenStructure) -> FrozenStructure:
    return replace(left, network="", parent="", ancestors=())


def integers(columns: Mapping[str, Sequence[int]]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.int32()) for name, values in columns.items()})


def table_of(names: Sequence[str], rows: Sequence[Sequence[int]]) -> pa.Table:
    return integers({name: [row[rank] for row in rows] for rank, name in enumerate(names)})


def name_table(names: Sequence[Name]) -> pa.Table:
    """`own_departement` is that of units alone: what they are compared with."""
    columns = {
        "level": [n.level for n in names],
        "place": [n.place for n in names],
        "ancestors": [">".join(n.spot.ancestors) for n in names],
        "departement": [n.spot.departement for n in names],
        "region": [n.spot.region for n in names],
        "own_departement": [n.spot.departement if n.is_unit else "" for n in names],
    }
    numbers = pa.array([n.place_id for n in names], pa.int32())
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({"place_id": numbers, **texts})
