"""The first figures of the structures of a list: a search, a card of the directory.

Owns which figures come first, and how few queries they take; refuses words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from guichet.directory.models import Level, Structure
from guichet.indicators.models import Family, IndicatorVersion
from guichet.publication.models import Part, Release
from guichet.publication.published.figures import WITHHELD, Figure
from guichet.publication.published.places_above import RANKS, places_above, publication_ranks
from guichet.publication.published.serving import (
    Place,
    Rows,
    VersionKey,
    at_places,
    members_of,
    newest_versions,
    no_months,
    parts_of,
    pools_of,
    recent,
    rows_where,
    versions_by_key,
)


@dataclass(frozen=True)
class KeyFigure:
    """One figure of a structure in a list; `pool` when it is that of its pool; `above` is the place
    whose figure it is, where the network publishes at a coarser level."""

    version: IndicatorVersion
    figure: Figure
    pool: str = ""
    above: Place | None = None

    @property
    def is_pooled(self) -> bool:
        return bool(self.pool)

    @property
    def has_few_cases(self) -> bool:
        return self.figure.has_few_cases(self.version.definition)


def key_figures(
    structures: Iterable[Structure],
    release: Release,
    *,
    most: int = 2,
    parts: list[Part] | None = None,
) -> dict[int, list[KeyFigure]]:
    """The first figures (at most `most`) of each structure, by its primary key; six queries, five
    where the `parts` of their networks are known, one more where a pool stands in two years.

    Satisfaction goes first, then what has a target. Figures of a pool are marked, and where a
    network publishes at a coarser level, that of the nearest place above, under its name.
    Structures with their commune__departement__region (more queries otherwise).
    """
    listed = [one for one in structures if one.network is not None]
    networks = {one.network.code for one in listed if one.network}
    if parts is None:
        parts = parts_of(release, networks=networks)
    parts = recent(newest_versions(parts))
    parts = [part for part in parts if not part.is_declared]
    versions = versions_by_key()
    ranks = publication_ranks(networks, release.through)
    parts = chosen(parts, versions, ranks, most)
    pools = {
        (one.member, one.part_id): one.pool for one in pools_of([s.code for s in listed], parts)
    }
    places = {("structure", one.code) for one in listed}
    places |= {("pool", pool) for pool in pools.values() if pool != WITHHELD}
    coarse = [part for part in parts if ranks.get(series_of(part), 0)]
    climbing = {part.network for part in coarse}
    above = places_above(one for one in listed if one.network and one.network.code in climbing)
    over = {place.key for found in above.values() for place in found}
    condition = at_places(places, parts) | at_places(over, coarse)
    rows = rows_where(condition, parts, choice=no_months(parts))
    latest = {series_of(part): part for part in parts}
    stood = {(part, pool) for (_, part), pool in pools.items()}
    years = years_of_pools(latest.values(), parts, stood)

    def figures_of(structure: Structure) -> Iterator[KeyFigure]:
        own_rank = RANKS[Level(structure.level)]
        for series, part in latest.items():
            network, key = series
            if structure.network is None or network != structure.network.code:
                continue
            here = rows[network].get(key, {})
            pool = pools.get((structure.code, part.pk))
            place = ("pool", pool) if pool else ("structure", structure.code)
            higher = None
            if ranks.get(series, 0) > own_rank:
                higher = next((one for one in above[structure.pk] if one.key in here), None)
                place = higher.key if higher else place
            told = here.get(place, Rows())
            if place[0] == "pool":
                told = told.of_years(years[(part.pk, place[1])])
            figure = told.headline()
            if figure is not None and figure.value is not None:
                yield KeyFigure(versions[key], figure, pool or "", higher)

    return {one.pk: sorted(figures_of(one), key=key_order)[:most] for one in listed}


def years_of_pools(
    latest: Iterable[Part], parts: Iterable[Part], stood: Collection[tuple[int, str]]
) -> dict[tuple[int, str], set[int]]:
    """By part of `latest` and pool, the years when the pool had the members of that part: another
    year's is of other places. `stood` are the parts and pools of the listed structures."""
    by_series: defaultdict[tuple[str, VersionKey], list[Part]] = defaultdict(list)
    for part in parts:
        by_series[series_of(part)].append(part)
    same = {
        (last.pk, pool): [one for one in by_series[series_of(last)] if (one.pk, pool) in stood]
        for last in latest
        for pk, pool in stood
        if pk == last.pk
    }
    members = members_of(
        {(one.pk, pool) for (_, pool), found in same.items() if len(found) > 1 for one in found}
    )
    return {
        key: {one.year for one in found if members.get((one.pk, key[1])) == members.get(key)}
        for key, found in same.items()
    }


def series_of(part: Part) -> tuple[str, VersionKey]:
    return part.network, (part.indicator, part.version)


def key_order(key_figure: KeyFigure) -> tuple[bool, bool, bool, bool, str]:
    """Those of the place itself before those of a place above; those of few cases last."""
    is_above = key_figure.above is not None
    return (key_figure.has_few_cases, is_above, *importance(key_figure.version))


def importance(version: IndicatorVersion) -> tuple[bool, bool, str]:
    return (
        version.family != Family.SATISFACTION,
        version.target is None,
        version.title,
    )


def chosen(
    parts: Iterable[Part],
    versions: dict[VersionKey, IndicatorVersion],
    ranks: Mapping[tuple[str, VersionKey], int],
    most: int,
) -> list[Part]:
    """The parts of the `most` + 1 most telling indicators of each network, as many of sites as of
    a coarser level: a structure may lack one of them."""
    kept: list[Part] = []
    by_network: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if (part.indicator, part.version) in versions:
            by_network[part.network].append(part)
    for network, own in by_network.items():
        keys = {(part.indicator, part.version) for part in own}
        told = sorted(keys, key=lambda key: importance(versions[key]))
        of_sites = [key for key in told if not ranks.get((network, key), 0)]
        coarse = [key for key in told if ranks.get((network, key), 0)]
        best = {*of_sites[: most + 1], *coarse[: most + 1]}
        kept += [part for part in own if (part.indicator, part.version) in best]
    return kept
