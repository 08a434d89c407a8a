"""Who lives near a site: for each commune the nearest site that a road leads to, and the minutes.

Owns the nearest-site search and the sums; refuses to count anybody twice, and to estimate a boat.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from guichet.orientation.travel import driving_minutes
from guichet.territories.distances import distance_m

TENTH = Decimal("0.1")
LEAF_SITES = 8
"""Sites measured one by one at the end of a branch."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """A commune or an arrondissement: everybody in it stands at its position (degrees, WGS 84).

    `parent` is the commune that an arrondissement divides, empty otherwise; `land` is the name
    that `territories.lands` gives; `is_approximate` says that the position is only nearly known.
    """

    code: str
    departement: str
    population: int
    latitude: float
    longitude: float
    land: str
    parent: str = ""
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A place to reach, at its position (degrees, WGS 84), and the land that it stands on."""

    code: str
    latitude: float
    longitude: float
    land: str


@dataclass(frozen=True, slots=True)
class Access:
    """The nearest site of a settlement as the crow flies over its land, and the minutes by car;
    "" and None where its land has no site."""

    settlement: Settlement
    site: str = ""
    minutes: float | None = None

    def is_within(self, limit: float) -> bool:
        """Strictly less than `limit` minutes."""
        return self.minutes is not None and self.minutes < limit


@dataclass(frozen=True, slots=True)
class Headcount:
    """People and inhabited settlements of a territory; `left_out` counts settlements.

    `approximate` are the people whose settlement's position is only nearly known.
    """

    population: int = 0
    covered: int = 0
    communes: int = 0
    left_out: int = 0
    approximate: int = 0

    def with_access(self, access: Access, limit: float) -> Headcount:
        within, people = access.is_within(limit), access.settlement.population
        return self + Headcount(
            population=people,
            covered=people if within else 0,
            communes=1,
            left_out=0 if within else 1,
            approximate=people if access.settlement.is_approximate else 0,
        )

    def __add__(self, other: Headcount) -> Headcount:
        return Headcount(
            self.population + other.population,
            self.covered + other.covered,
            self.communes + other.communes,
            self.left_out + other.left_out,
            self.approximate + other.approximate,
        )

    @property
    def percent(self) -> Decimal | None:
        """People covered, in percent to one decimal, half up; None where nobody lives.

        Never 100.0 while somebody is left out, nor 0.0 while somebody is covered.
        """
        if not self.population:
            return None
        exact = Decimal(100 * self.covered) / self.population
        rounded = exact.quantize(TENTH, ROUND_HALF_UP)
        if self.covered < self.population:
            rounded = min(rounded, 100 - TENTH)
        return max(rounded, TENTH) if self.covered else rounded


def counted_once(settlements: Sequence[Settlement]) -> list[Settlement]:
    """Everybody exactly once: arrondissements in the place of their commune where their people
    add up to its own, else the commune alone. Settlements without people are left aside."""
    parts: dict[str, int] = defaultdict(int)
    for one in settlements:
        if one.parent:
            parts[one.parent] += one.population
    whole = {one.code: one.population for one in settlements if not one.parent}
    divided = {code for code, people in parts.items() if people and people == whole.get(code)}
    return [
        one
        for one in settlements
        if one.population and (one.parent in divided if one.parent else one.code not in divided)
    ]


def accesses(settlements: Iterable[Settlement], sites: Iterable[Site]) -> list[Access]:
    """One for each settlement, in their order. Among sites at the same distance, the first code."""
    by_land: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        by_land[site.land].append(site)
    searches = {land: NearestSite(some) for land, some in by_land.items()}
    return [access_of(one, searches.get(one.land)) for one in settlements]


def access_of(settlement: Settlement, search: NearestSite | None) -> Access:
    if search is None:
        return Access(settlement)
    site = search.of(settlement.latitude, settlement.longitude)
    metres = distance_m(
        (settlement.latitude, settlement.longitude), (site.latitude, site.longitude)
    )
    return Access(settlement, site.code, driving_minutes(metres))


def headcounts(found: Iterable[Access], limit: float) -> dict[str, Headcount]:
    """By département, for those who live less than `limit` minutes from a site."""
    counts: dict[str, Headcount] = defaultdict(Headcount)
    for access in found:
        code = access.settlement.departement
        counts[code] = counts[code].with_access(access, limit)
    return dict(counts)


Vector: TypeAlias = tuple[float, float, float]
Entry: TypeAlias = tuple[Vector, Site]
Branch: TypeAlias = "tuple[int, float, Branch, Branch] | list[Entry]"
"""Axis, where it is cut, what lies below and above; or the sites at the end."""


class NearestSite:
    """A k-d tree of sites on the unit sphere: a chord is shorter exactly when the way is, and
    neither the poles nor the antimeridian are particular (J. L. Bentley, CACM 18-9, 1975)."""

    def __init__(self, sites: Sequence[Site]) -> None:
        """At least one site, else `ValueError`."""
        if not sites:
            raise ValueError("at least one site is needed")
        self._root = grown([(on_sphere(site.latitude, site.longitude), site) for site in sites])

    def of(self, latitude: float, longitude: float) -> Site:
        """The nearest site of a point in degrees; at the same distance, the first code."""
        point = x, y, z = on_sphere(latitude, longitude)
        best, nearest = math.inf, None
        waiting: list[tuple[float, Branch]] = [(0.0, self._root)]
        while waiting:
            at_least, branch = waiting.pop()
            if at_least > best:
                continue
            if isinstance(branch, tuple):
                axis, cut, below, above = branch
                gap = point[axis] - cut
                near, far = (below, above) if gap < 0 else (above, below)
                waiting += ((gap * gap, far), (0.0, near))
                continue
            for (site_x, site_y, site_z), site in branch:
                chord = (site_x - x) ** 2 + (site_y - y) ** 2 + (site_z - z) ** 2
                if chord < best or (chord == best and nearest and site.code < nearest.code):
                    best, nearest = chord, site
        assert nearest is not None
        return nearest


def on_sphere(latitude: float, longitude: float) -> Vector:
    """The point of the unit sphere at these degrees."""
    north, east = math.radians(latitude), math.radians(longitude)
    return (
        math.cos(north) * math.cos(east),
        math.cos(north) * math.sin(east),
        math.sin(north),
    )


def grown(entries: list[Entry]) -> Branch:
    """The tree of these sites, cut in two at the middle of their widest axis."""
    if len(entries) <= LEAF_SITES:
        return entries
    axis = max(range(3), key=lambda one: extent(entries, one))
    entries = sorted(entries, key=lambda entry: entry[0][axis])
    middle = len(entries) // 2
    return axis, entries[middle][0][axis], grown(entries[:middle]), grown(entries[middle:])


def extent(entries: list[Entry], axis: int) -> float:
    along = [vector[axis] for vector, _ in entries]
    return max(along) - min(along)
