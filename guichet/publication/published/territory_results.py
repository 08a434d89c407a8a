"""The results of one territory: what each network publishes of a département, a région, the nation.

Owns the codes of addresses; refuses to sum over networks, and words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from guichet.core.periods import Period, PeriodKind
from guichet.directory.models import Network
from guichet.indicators.grains_in_force import grains_on
from guichet.indicators.models import DeclaredValue, Grain, IndicatorVersion
from guichet.publication.models import Part, Release
from guichet.publication.published.earlier_versions import EarlierSeries, earlier_series
from guichet.publication.published.figures import Figure, figure
from guichet.publication.published.key_figures import importance
from guichet.publication.published.left_out import left_out, said_apart
from guichet.publication.published.serving import (
    NATION,
    Place,
    VersionKey,
    at_places,
    newest_versions,
    parts_of,
    rows_where,
    versions_by_key,
)
from guichet.publication.published.territory_figures import SeriesKey, ShownFigure, shown_figures
from guichet.territories.models import Departement, Region

REGION_CODE = re.compile(r"[Rr](\d{2,3})")


class Frequency(NamedTuple):
    """How often a network counts under an indicator version, while a grain lasts: what a page of
    many networks needs of it."""

    network: str
    indicator: str
    number: int
    period_kind: str
    first_period: str
    ended_on: date | None

    @property
    def series(self) -> SeriesKey:
        return self.network, (self.indicator, self.number)


@dataclass(frozen=True)
class TerritoryLine:
    """One computed figure of the territory; `received` is the latest period of its grain that was
    received, None without a grain; `left_out` is how many structures are in no sum."""

    version: IndicatorVersion
    latest: Figure
    part: Part | None
    received: Period | None
    left_out: int = 0

    @property
    def has_value(self) -> bool:
        return self.latest.value is not None


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

    @property
    def has_value(self) -> bool:
        """Something is published of this network here, now or under a replaced version."""
        has_figure = any(line.has_value for line in self.lines)
        return has_figure or bool(self.declared or self.earlier)


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
    """`departements` are the codes of those inside a département or a région; of the nation, none
    is named."""

    place: Place
    above: list[Place]
    below: list[Place]
    departements: tuple[str, ...] = ()


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
        inside = tuple(one.code for one in below)
        return Territory(Place("region", region.code, region.name), [NATION], below, inside)
    found = Departement.objects.select_related("region").filter(code=code.upper()).first()
    if found is None:
        return None
    above = [Place("region", found.region.code, found.region.name), NATION]
    return Territory(Place("departement", found.code, found.name), above, [], (found.code,))


def address_of(place: Place) -> str:
    """The code of a territory in an address: régions and départements share numbers."""
    return f"R{place.code}" if place.level == "region" else place.code


def results_of_territory(found: Territory, release: Release) -> TerritoryResults:
    """What all networks publish of a territory; at most eight queries.
    Networks that only declare values come after those that count; without any value, last."""
    every_part = parts_of(release)
    parts = newest_versions(every_part)
    versions = versions_by_key()
    figures = shown_figures(found.place, release, parts, grain_kinds(release.through))
    earlier = earlier_series(every_part, parts, [found.place], versions)
    by_network: defaultdict[str, list[ShownFigure]] = defaultdict(list)
    for one in figures:
        if one.key in versions:
            by_network[one.network].append(one)
    networks = Network.objects.in_bulk(list(by_network), field_name="code")
    is_unsourced = any(one.is_declared and not one.figure.source for one in figures)
    sources = sources_of(found.place) if is_unsourced else {}
    shares = [
        replace(
            network_share(networks[code], shown, versions, sources),
            earlier=earlier_of(code, earlier),
        )
        for code, shown in by_network.items()
        if code in networks
    ]
    shares.sort(key=lambda share: (not share.has_value, not share.lines, share.network.name))
    return TerritoryResults(
        place=found.place,
        release=release,
        networks=shares,
        above=found.above,
        below=found.below,
    )


class DatedFigure(NamedTuple):
    """One figure of one period and cut; `source` is that of a declared one."""

    network: str
    version: IndicatorVersion
    figure: Figure
    source: str


def every_period(place: Place, release: Release) -> Iterator[DatedFigure]:
    """All that the release holds of a territory, month by month: four queries."""
    parts = newest_versions(parts_of(release))
    versions, sources = versions_by_key(), sources_of(place)
    hidden = left_out(place, parts)
    read = rows_where(at_places([place.key], parts), parts)
    for network in sorted(read):
        told = {key: found for key, found in read[network].items() if key in versions}
        for key in sorted(told, key=lambda one: importance(versions[one])):
            version, rows = versions[key], told[key][place.key]
            kept = "; ".join(sources.get((network, version.pk), ())[:1])
            for item in (*rows.items, *rows.declared):
                part = rows.part_of(item["period"])
                shown = said_apart(figure(item), hidden.get(part.pk, 0) if part else 0)
                yield DatedFigure(network, version, shown, shown.source or kept)


def earlier_of(
    network: str, earlier: Mapping[tuple[str, str], tuple[EarlierSeries, ...]]
) -> tuple[EarlierSeries, ...]:
    """Those of one network, in the order of indicators."""
    return tuple(one for key in sorted(earlier) if key[0] == network for one in earlier[key])


def network_share(
    network: Network,
    shown: Iterable[ShownFigure],
    versions: Mapping[VersionKey, IndicatorVersion],
    sources: Mapping[tuple[str, int], tuple[str, ...]],
) -> NetworkShare:
    lines, declared = [], defaultdict(list)
    for one in sorted(shown, key=lambda one: reading_order(one, versions[one.key])):
        if one.is_declared:
            declared[one.key].append(one.figure)
        else:
            lines.append(
                TerritoryLine(versions[one.key], one.figure, one.part, one.received, one.left_out)
            )
    series = []
    for key, values in declared.items():
        told = {one.source for one in values if one.source}
        kept = sources.get((network.code, versions[key].pk), ())
        series.append(DeclaredSeries(versions[key], tuple(values), tuple(sorted(told)) or kept))
    return NetworkShare(network, lines, series)


def reading_order(shown: ShownFigure, version: IndicatorVersion) -> tuple[bool, bool, bool, str]:
    """Figures of few cases after the others."""
    return (shown.figure.has_few_cases(version.definition), *importance(version))


def grain_kinds(day: date) -> dict[SeriesKey, PeriodKind]:
    """How often each series is counted, by the grains in force on `day`."""
    rows = Grain.objects.order_by("first_period").values_list(
        *("network__code", "version__indicator__code", "version__number"),
        *("period_kind", "first_period", "ended_on"),
    )
    found = grains_on((Frequency(*row) for row in rows), day, lambda one: one.series)
    return {series: PeriodKind(one.period_kind) for series, one in found.items()}


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
