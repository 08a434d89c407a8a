"""Reading of the serving tables: the parts of one release, and what they say of some places.

Owns how few queries that takes; refuses words and pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from guichet.core.periods import period as read_period
from guichet.indicators.models import IndicatorVersion
from guichet.publication.figures import (
    WITHHELD,
    Figure,
    figure,
    headline,
    of_kind,
    series_items,
)
from guichet.publication.models import Part, PlaceFigures, PoolMember, Release

Item = Mapping[str, Any]
VersionKey = tuple[str, int]
"""An indicator's code and the number of its version."""

FEW_YEARS = 2
"""How many of the latest years are enough to find the newest figure of a place."""


@dataclass(frozen=True)
class Place:
    """What a figure is about: `level` is structure, pool, departement, region or nation."""

    level: str
    code: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.level, self.code)


NATION = Place("nation", "FR", "France")


@dataclass
class Rows:
    """The objects of one place for one indicator version, of several years, in order, with the
    part that each year comes from. Declared values stay apart: they are never in one series with
    computed ones, and stand in large only where there are none."""

    items: list[Item] = field(default_factory=list)
    declared: list[Item] = field(default_factory=list)
    parts: dict[int, Part] = field(default_factory=dict)

    def headline(self) -> Figure | None:
        found = headline(self.items) or headline(self.declared)
        return figure(found) if found else None

    def at(self, period: str, cut: str = "") -> Figure | None:
        """The figure of one period and cut, None where there is none."""
        for item in (*self.items, *self.declared):
            if item["period"] == period and item.get("cut", "") == cut:
                return figure(item)
        return None

    def cuts(self, period: str) -> list[Figure]:
        """The figures of each cut of one period."""
        return [figure(item) for item in self.items if item["period"] == period and item.get("cut")]

    def series(self, period: str) -> list[Figure]:
        return [figure(item) for item in series_items(self.items or self.declared, period)]

    def declared_values(self) -> list[Figure]:
        """The declared ones, newest first."""
        newest_first = sorted(self.declared, key=lambda item: str(item["period"]), reverse=True)
        return [figure(item) for item in newest_first]

    def newest_missing(self, period: str) -> str:
        """A later period of the same kind for which nothing was received, if any."""
        later = of_kind(self.items, read_period(period).kind)
        return later[-1]["period"] if later and later[-1]["period"] > period else ""

    def part_of(self, period: str) -> Part | None:
        return self.parts.get(int(period[:4]))


RowsOf = dict[VersionKey, dict[tuple[str, str], Rows]]


def parts_of(release: Release, *, networks: Collection[str] | None = None) -> list[Part]:
    """The parts of a release, of some networks."""
    parts = Part.objects.filter(releases=release)
    if networks is not None:
        parts = parts.filter(network__in=networks)
    return list(
        parts.order_by("network", "indicator", "version", "year", "is_declared").only(
            "network", "indicator", "version", "year", "is_declared", "files"
        )
    )


def recent(parts: Iterable[Part], years: int = FEW_YEARS) -> list[Part]:
    """Of each network and indicator version, the parts of the latest years."""
    groups: defaultdict[tuple[str, str, int, bool], list[Part]] = defaultdict(list)
    for part in parts:
        groups[(part.network, part.indicator, part.version, part.is_declared)].append(part)
    return [
        part
        for group in groups.values()
        for part in sorted(group, key=lambda one: one.year)[-years:]
    ]


def newest_versions(parts: Iterable[Part]) -> list[Part]:
    """The parts of the newest version of each indicator, for each network."""
    newest: dict[tuple[str, str], int] = {}
    found = list(parts)
    for part in found:
        key = (part.network, part.indicator)
        newest[key] = max(newest.get(key, 0), part.version)
    return [part for part in found if part.version == newest[(part.network, part.indicator)]]


def rows_where(condition: Q, parts: Iterable[Part]) -> dict[str, RowsOf]:
    """What the places of `condition` (on level, place and part) hold in these parts: by network,
    indicator version and place. One query."""
    known = {part.pk: part for part in parts}
    found: dict[str, RowsOf] = defaultdict(lambda: defaultdict(lambda: defaultdict(Rows)))
    rows = PlaceFigures.objects.filter(condition).values_list(
        "part_id", "level", "place", "figures"
    )
    for part_id, level, place, items in sorted(rows, key=lambda row: known[row[0]].year):
        part = known[part_id]
        rows_here = found[part.network][(part.indicator, part.version)][(level, place)]
        if part.is_declared:
            rows_here.declared.extend(items)
            continue
        rows_here.items.extend(items)
        rows_here.parts[part.year] = part
    return found


def at_places(places: Iterable[tuple[str, str]], parts: Iterable[Part]) -> Q:
    """The condition "one of these places, in one of these parts"."""
    by_level: defaultdict[str, list[str]] = defaultdict(list)
    for level, code in places:
        by_level[level].append(code)
    condition = Q(pk__in=[])
    for level, codes in by_level.items():
        condition |= Q(level=level, place__in=codes)
    return condition & Q(part__in=[part.pk for part in parts])


def pools_of(codes: Collection[str], parts: Iterable[Part]) -> list[PoolMember]:
    """Where these structures are pooled or withheld."""
    ids = [part.pk for part in parts if not part.is_declared]
    return list(PoolMember.objects.filter(member__in=codes, part__in=ids))


def members_of(pools: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[str]]:
    """The codes of the members of each pool (part, pool), sorted."""
    wanted = {(part, pool) for part, pool in pools if pool != WITHHELD}
    if not wanted:
        return {}
    rows = PoolMember.objects.filter(
        part__in={part for part, _ in wanted}, pool__in={pool for _, pool in wanted}
    ).order_by("member")
    members: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for row in rows:
        if (row.part_id, row.pool) in wanted:
            members[(row.part_id, row.pool)].append(row.member)
    return dict(members)


def versions_by_key() -> dict[VersionKey, IndicatorVersion]:
    """Every definition, by the code of its indicator and its number."""
    versions = IndicatorVersion.objects.select_related("indicator__owner")
    return {(one.indicator.code, one.number): one for one in versions}
