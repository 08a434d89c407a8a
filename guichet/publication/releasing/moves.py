"""Which lines of `corrections.csv` differ only because places moved under another territory.

Owns that test; refuses the database. A territory's figure is corrected when a place inside it, or a
group of small places, was; otherwise its sum changed because places came or left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Line = Mapping[str, str]
Where = tuple[str, str]
"""A level and a place."""

SERIES = ("network", "indicator", "version", "period", "cut")
NATION = ("nation", "FR")


@dataclass(frozen=True)
class Spot:
    """Where a structure stands today, as the release puts it; `level` is "" when nothing hangs
    under it."""

    ancestors: tuple[str, ...]
    departement: str
    region: str
    level: str = ""


class Moves:
    """What the places corrected in a release explain."""

    def __init__(
        self,
        lines: Iterable[Line],
        spots: Mapping[str, Spot],
        regions: Mapping[str, str],
        published_at: Mapping[tuple[str, str, str], str],
    ) -> None:
        """`spots` by code; `regions` of départements; `published_at`: the level at which a network
        publishes an indicator version."""
        self.spots, self.regions, self.published_at = spots, regions, published_at
        self.explained: defaultdict[tuple[str, ...], set[Where]] = defaultdict(set)
        for line in lines:
            self.explained[series_of(line)].update(self.above(line))

    def above(self, line: Line) -> Iterable[Where]:
        """The places whose sums hold the one of this line, if it is no sum itself."""
        if line["level"] == "pool":
            return self.above_pool(line["place"])
        spot = self.spots.get(line["place"]) if line["level"] == "structure" else None
        return places_of(spot) if spot and self.is_unit(line, spot) else ()

    def is_unit(self, line: Line, spot: Spot) -> bool:
        """It has figures of its own, which are no sum of others."""
        level = self.published_at.get((line["network"], line["indicator"], line["version"]))
        return spot.level in ("", level)

    def above_pool(self, code: str) -> Iterable[Where]:
        """Of `pool~<parent>~<département>`, `pool~R<région>`, `pool~FR`."""
        _, first, *rest = code.split("~")
        if not rest:
            return [("region", first[1:]), NATION] if first[0] == "R" else [NATION]
        parent = self.spots.get(first)
        above = (*parent.ancestors, first) if parent else (first,)
        return places_of(Spot(above, rest[0], self.regions.get(rest[0], "")))

    def is_move(self, line: Line) -> bool:
        """A sum that changed though nothing inside it was corrected."""
        where = (line["level"], line["place"])
        if line["what"] != "changed" or where == NATION or line["level"] == "pool":
            return False
        spot = self.spots.get(line["place"]) if line["level"] == "structure" else None
        if line["level"] == "structure" and (spot is None or self.is_unit(line, spot)):
            return False
        return where not in self.explained[series_of(line)]


def series_of(line: Line) -> tuple[str, ...]:
    return tuple(line[name] for name in SERIES)


def places_of(spot: Spot) -> list[Where]:
    found = [("structure", code) for code in spot.ancestors]
    found += [("departement", spot.departement), ("region", spot.region), NATION]
    return [where for where in found if where[1]]
