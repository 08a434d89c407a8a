"""The first figures of the structures of a list: a search, a card of the directory.

Owns which figures come first, and how few queries they take; refuses words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from guichet.directory.models import Structure
from guichet.indicators.models import Family, IndicatorVersion
from guichet.publication.models import Part, Release
from guichet.publication.published.figures import WITHHELD, Figure
from guichet.publication.published.serving import (
    VersionKey,
    at_places,
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
    """One figure of a structure in a list; `is_pooled` when it is that of its pool."""

    version: IndicatorVersion
    figure: Figure
    is_pooled: bool


def key_figures(
    structures: Iterable[Structure],
    release: Release,
    *,
    most: int = 2,
    parts: list[Part] | None = None,
) -> dict[int, list[KeyFigure]]:
    """The first figures (at most `most`) of each structure, by its primary key; four queries, three
    where the `parts` of their networks are known.

    Satisfaction goes first, then what has a target. Figures of a pool are marked; a structure of
    a network that publishes at a coarser level has none.
    """
    listed = [one for one in structures if one.network is not None]
    networks = {one.network.code for one in listed if one.network}
    if parts is None:
        parts = parts_of(release, networks=networks)
    parts = recent(newest_versions(parts))
    parts = [part for part in parts if not part.is_declared]
    versions = versions_by_key()
    parts = chosen(parts, versions, most)
    pools = {
        (one.member, one.part_id): one.pool for one in pools_of([s.code for s in listed], parts)
    }
    places = {("structure", one.code) for one in listed}
    places |= {("pool", pool) for pool in pools.values() if pool != WITHHELD}
    rows = rows_where(at_places(places, parts), parts, choice=no_months(parts))
    latest = {(part.network, part.indicator, part.version): part for part in parts}
    found: dict[int, list[KeyFigure]] = {}
    for structure in listed:
        assert structure.network is not None
        figures = []
        for (network, indicator, number), part in latest.items():
            if network != structure.network.code:
                continue
            pool = pools.get((structure.code, part.pk))
            place = ("pool", pool) if pool else ("structure", structure.code)
            here = rows[network][(indicator, number)].get(place)
            figure = here.headline() if here else None
            if figure is not None and figure.value is not None:
                figures.append(KeyFigure(versions[(indicator, number)], figure, bool(pool)))
        found[structure.pk] = sorted(figures, key=key_order)[:most]
    return found


def key_order(key_figure: KeyFigure) -> tuple[bool, bool, str]:
    return importance(key_figure.version)


def importance(version: IndicatorVersion) -> tuple[bool, bool, str]:
    return (
        version.family != Family.SATISFACTION,
        version.target is None,
        version.title,
    )


def chosen(
    parts: Iterable[Part], versions: dict[VersionKey, IndicatorVersion], most: int
) -> list[Part]:
    """The parts of the `most` + 1 most telling indicators of each network: a structure may lack
    one of them."""
    kept: list[Part] = []
    by_network: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if (part.indicator, part.version) in versions:
            by_network[part.network].append(part)
    for own in by_network.values():
        keys = {(part.indicator, part.version) for part in own}
        best = sorted(keys, key=lambda key: importance(versions[key]))[: most + 1]
        kept += [part for part in own if (part.indicator, part.version) in best]
    return kept
