"""The results of one territory: what each network publishes of a département, a région, the nation.

Owns the codes of addresses; refuses to sum over networks, and words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from guichet.directory.models import Network
from guichet.indicators.grains_in_force import grains_on
from guichet.indicators.models import DeclaredValue, Grain, IndicatorVersion
from guichet.publication.models import Part, Release
from guichet.publication.published.earlier_versions import EarlierSeries, earlier_series
from guichet.publication.published.figures import Figure
from guichet.publication.published.key_figures import importance
from guichet.publication.published.serving import (
    NATION,
    NO_MONTHS,
    Place,
    Rows,
    VersionKey,
    at_places,
    newest_versions,
    parts_of,
    recent,
    rows_where,
    versions_by_key,
)
from guichet.territories.models import Departement, Region

REGION_CODE = re.compile(r"[Rr](\d{2,3})")


@dataclass(frozen=True)
class TerritoryLine:
    """One computed figure of the territory."""

    version: IndicatorVersion
    latest: Figure
    part: Part | None
    rows: Rows = field(repr=False)
    grain: Grain | None


@dataclass(frozen=True)
class DeclaredSeries:
    """Declared values of one indicator, the newest first, with where they come from."""

    version: IndicatorVersion
    figures: tuple[Figure, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class NetworkShare:
    """What one network publishes of the territory; `earlier` under replaced versions."""

    network: Network
    lines: list[TerritoryLine] = field(default_factory=list)
    declared: list[DeclaredSeries] = field(default_factory=list)
    earlier: tuple[EarlierSeries, ...] = ()


@dataclass(frozen=True)
class TerritoryResults:
    """`above` are the région and the nation of a département; `below` the départements of a
    région, the régions of the nation."""

    place: Place
    release: Release
    networks: list[NetworkShare] = field(default_factory=list)
    above: list[Place] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)


@dataclass(frozen=True)
class Territory:
    place: Place
    above: list[Place]
    below: list[Place]


def territory_named(code: str) -> Territory | None:
    """The territory of an address: "59", "2A", "R32" for a région, "FR"; None for another."""
    if code.upper() == NATION.code:
        regions = Region.objects.order_by("name")
        return Territory(NATION, [], [Place("region", one.code, one.name) for one in regions])
    if match := REGION_CODE.fullmatch(code):
        region = Region.objects.filter(code=match[1]).first()
        if region is None:
            return None
        below = [Place("departement", one.code, one.name) for one in region.departements.all()]
        return Territory(Place("region", region.code, region.name), [NATION], below)
    found = Departement.objects.select_related("region").filter(code=code.upper()).first()
    if found is None:
        return None
    above = [Place("region", found.region.code, found.region.name), NATION]
    return Territory(Place("departement", found.code, found.name), above, [])


def address_of(place: Place) -> str:
    """The code of a territory in an address: régions and départements share numbers."""
    return f"R{place.code}" if place.level == "region" else place.code


def results_of_territory(found: Territory, release: Release) -> TerritoryResults:
    """What all networks publish of a territory; six queries."""
    every_part = parts_of(release)
    parts = newest_versions(every_part)
    newest = parts
    declared = [part for part in parts if part.is_declared]
    parts = [*recent(part for part in parts if not part.is_declared), *declared]
    rows = rows_where(at_places([found.place.key], parts), parts, choice=NO_MONTHS)
    versions = versions_by_key()
    earlier = earlier_series(every_part, newest, [found.place], versions)
    networks = Network.objects.in_bulk(list(rows), field_name="code")
    sources = sources_of(found.place) if declared else {}
    grains = grains_by_network(release.through)
    shares = [
        replace(
            network_share(
                networks[code], of_place(rows[code], found.place), versions, sources, grains
            ),
            earlier=earlier_of(code, earlier),
        )
        for code in rows
        if code in networks
    ]
    shares = [share for share in shares if share.lines or share.declared]
    shares.sort(key=lambda share: (not share.lines, share.network.name))
    return TerritoryResults(
        place=found.place,
        release=release,
        networks=shares,
        above=found.above,
        below=found.below,
    )


def earlier_of(
    network: str, earlier: Mapping[tuple[str, str], tuple[EarlierSeries, ...]]
) -> tuple[EarlierSeries, ...]:
    """Those of one network, in the order of indicators."""
    return tuple(one for key in sorted(earlier) if key[0] == network for one in earlier[key])


def of_place(
    rows: dict[VersionKey, dict[tuple[str, str], Rows]], place: Place
) -> dict[VersionKey, Rows]:
    return {key: places[place.key] for key, places in rows.items() if place.key in places}


def network_share(
    network: Network,
    rows: dict[VersionKey, Rows],
    versions: dict[VersionKey, IndicatorVersion],
    sources: dict[tuple[str, int], tuple[str, ...]],
    grains: dict[tuple[int, int], Grain],
) -> NetworkShare:
    lines, declared = [], []
    known = sorted((key for key in rows if key in versions), key=lambda k: importance(versions[k]))
    for key in known:
        version, here = versions[key], rows[key]
        latest = here.headline()
        if latest is not None and here.items:
            grain = grains.get((network.pk, version.pk))
            part = here.part_of(latest.period)
            lines.append(TerritoryLine(version, latest, part, here, grain))
        if values := here.declared_values():
            told = {one.source for one in values if one.source}
            kept = sources.get((network.code, version.pk), ())
            declared.append(DeclaredSeries(version, tuple(values), tuple(sorted(told)) or kept))
    return NetworkShare(network, lines, declared)


def grains_by_network(day: date) -> dict[tuple[int, int], Grain]:
    """The grains in force, by network and version."""
    return grains_on(Grain.objects.all(), day, lambda one: (one.network_id, one.version_id))


def sources_of(place: Place) -> dict[tuple[str, int], tuple[str, ...]]:
    """Where declared values of the place come from, by network and version."""
    found: defaultdict[tuple[str, int], dict[str, None]] = defaultdict(dict)
    values: Iterable[tuple[str, int, str]] = (
        DeclaredValue.objects.filter(level=place.level, place=place.code)
        .order_by("-batch__number")
        .values_list("network__code", "version_id", "source")
    )
    for network, version, source in values:
        found[(network, version)][source] = None
    return {key: tuple(one) for key, one in found.items()}
