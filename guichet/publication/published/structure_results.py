"""The results of one structure: its own, those of its pool, or those of what it belongs to.

Owns under which name a figure may be shown; refuses a member's counts, and words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from guichet.core.periods import PeriodKind
from guichet.directory.models import Level, Network, Structure
from guichet.indicators.grains_in_force import grains_on
from guichet.indicators.models import (
    DeclaredValue,
    Family,
    FigureComment,
    Grain,
    IndicatorVersion,
)
from guichet.publication.models import CorrectedFigure, Part, Release
from guichet.publication.published.corrections import corrections_of
from guichet.publication.published.earlier_versions import EarlierSeries, earlier_series
from guichet.publication.published.figures import Figure, kind_of
from guichet.publication.published.left_out import left_out, said_apart
from guichet.publication.published.places_above import RANKS, TERRITORY_RANKS, places_above
from guichet.publication.published.pooled_places import Member, Pooled, pool_name, pooled_in
from guichet.publication.published.serving import (
    EVERYTHING,
    NATION,
    Place,
    Rows,
    VersionKey,
    at_places,
    last_months_only,
    newest_versions,
    of_periods,
    parts_of,
    rows_where,
    versions_by_key,
)
from guichet.publication.published.territory_figures import FiguresBeside, figures_beside
from guichet.publication.wording import day_in_words

LONG_YEARS = 3
"""From this many years on, quarters alone make a series."""

STANDINGS = ("own", "pool", "above", "declared", "withheld", "absent")


@dataclass(frozen=True)
class IndicatorResult:
    """What is published of one indicator for a structure.

    `standing`: "own"; "pool" (it is counted with neighbours, see `pool_members`); "above" (the
    network publishes at a coarser level: the figure is that of `place`, never the structure's);
    "declared" (as typed by the network, about `place`); "withheld" (too few cases); "absent"
    (nothing was received). `latest` is None for the last two. `departement`, `region` and
    `nation` are the plain figures of the same period.
    `newer_missing` names a later period for which nothing was received; `left_out` is how many
    structures a sum does not count, `hidden` the same by part (its primary key).
    """

    version: IndicatorVersion
    network: Network
    standing: str
    place: Place
    latest: Figure | None = None
    cuts: tuple[Figure, ...] = ()
    departement: Figure | None = None
    region: Figure | None = None
    nation: Figure | None = None
    pool_members: tuple[Member, ...] = ()
    comments: tuple[FigureComment, ...] = ()
    corrections: tuple[CorrectedFigure, ...] = ()
    part: Part | None = None
    grain: Grain | None = None
    newer_missing: str = ""
    sources: tuple[str, ...] = ()
    left_out: int = 0
    hidden: Mapping[int, int] = field(default_factory=dict, repr=False)
    rows: Rows = field(default_factory=Rows, repr=False)

    @property
    def place_label(self) -> str:
        return self.place.name

    @property
    def series(self) -> tuple[Figure, ...]:
        """Whole periods of one kind, in order of time."""
        return self.rows.series(self.latest.period) if self.latest else ()

    @cached_property
    def points(self) -> tuple[Figure, ...]:
        """The series without comparisons and changes, which cost most of the reading."""
        found = self.rows.series(self.latest.period, alone=True) if self.latest else ()
        return tuple(self.said(one) for one in found)

    @cached_property
    def months(self) -> tuple[Figure, ...]:
        """The last twelve months, where the series is by wider periods."""
        if not self.points or self.points[0].state == "declared":
            return ()
        is_wider = kind_of(self.points[-1].period) in (PeriodKind.QUARTER, PeriodKind.YEAR)
        return tuple(self.said(one) for one in self.rows.months()) if is_wider else ()

    def said(self, found: Figure) -> Figure:
        """A figure of `rows` as all say it: a sum of no case that leaves some out is withheld."""
        part = self.rows.part_of(found.period)
        return said_apart(found, self.hidden.get(part.pk, 0) if part else 0)

    @property
    def newer_month(self) -> Figure | None:
        """The newest month with a value, after the period of `latest`."""
        return self.rows.newer_month(self.latest.period) if self.latest else None

    @property
    def has_value(self) -> bool:
        return self.latest is not None and self.latest.value is not None

    @property
    def has_few_cases(self) -> bool:
        definition = self.version.definition
        return self.latest is not None and self.latest.has_few_cases(definition)


@dataclass(frozen=True)
class StructureResults:
    """`departement` and `region` are those of the structure, None without a commune.
    `unpublished` are the programme's indicators that the network does not publish; `earlier` the
    series of replaced versions, by network and indicator."""

    structure: Structure
    release: Release
    departement: Place | None
    region: Place | None
    indicators: list[IndicatorResult] = field(default_factory=list)
    unpublished: list[IndicatorVersion] = field(default_factory=list)
    earlier: dict[tuple[str, str], tuple[EarlierSeries, ...]] = field(default_factory=dict)


def results_of_structure(
    structure: Structure, release: Release, *, whole: bool = False
) -> StructureResults:
    """Everything published about a structure in a release: a dozen queries, whatever it holds.

    `structure` with its network and commune__departement__region (more queries otherwise). Of
    long series, only the last twelve months are read unless `whole`.
    """
    departement, region = territories_of(structure)
    network = structure.network
    if network is None:
        return StructureResults(structure, release, departement, region)
    reading = Reading(structure, network, release, departement, region, whole=whole)
    found = [reading.result(key) for key in reading.version_keys()]
    found.sort(key=reading_order)
    published = {result.version.indicator.code for result in found}
    newest = newest_of_programme(reading.versions.values())
    return StructureResults(
        structure=structure,
        release=release,
        departement=departement,
        region=region,
        indicators=found,
        unpublished=[one for one in newest if one.indicator.code not in published],
        earlier=earlier_series(
            reading.every_part, reading.parts, [reading.own, *reading.above], reading.versions
        ),
    )


def territories_of(structure: Structure) -> tuple[Place | None, Place | None]:
    if structure.commune is None:
        return None, None
    departement = structure.commune.departement
    region = departement.region
    return (
        Place("departement", departement.code, departement.name),
        Place("region", region.code, region.name),
    )


def reading_order(result: IndicatorResult) -> tuple[bool, bool, int, int, str]:
    """Figures first, those of few cases after the others; what is about the structure before what
    is about its territory; satisfaction before performance."""
    is_satisfaction = result.version.family == Family.SATISFACTION
    return (
        not result.has_value,
        result.has_few_cases,
        STANDINGS.index(result.standing),
        0 if is_satisfaction else 1,
        result.version.title,
    )


def newest_of_programme(versions: Iterable[IndicatorVersion]) -> list[IndicatorVersion]:
    """The newest version of each of the programme's own indicators that is not retired."""
    newest = {
        one.indicator.code: one
        for one in sorted(versions, key=lambda one: one.number)
        if one.indicator.owner_id is None and one.indicator.retired_on is None
    }
    return sorted(newest.values(), key=lambda one: one.title)


class Reading:
    """The rows that the page of one structure needs, fetched once."""

    def __init__(
        self,
        structure: Structure,
        network: Network,
        release: Release,
        departement: Place | None,
        region: Place | None,
        *,
        whole: bool,
    ) -> None:
        self.structure, self.network, self.release = structure, network, release
        self.departement, self.region = departement, region
        self.own = Place("structure", structure.code, structure.name)
        self.versions = versions_by_key()
        self.grains = grains_in_force(network, release.through, self.versions)
        self.every_part = parts_of(release, networks=[network.code])
        self.parts = newest_versions(self.every_part)
        self.above = places_above([structure])[structure.pk]
        self.pooled, self.pool_years = self.last_pools()
        self.rows = self.fetch(whole=whole)
        self.beside = self.figures_beside()
        self.comments = self.live_comments()
        pools = [one.pool for one in self.pooled.values()]
        self.corrections = corrections_of(release, network.code, [structure.code, *pools])
        self.sources = self.declared_sources()
        self.hidden: dict[tuple[str, str], dict[int, int]] = {}

    def version_keys(self) -> list[VersionKey]:
        """The indicator versions to tell of: those of the parts, and those still expected."""
        published = {(part.indicator, part.version) for part in self.parts}
        codes = {code for code, _ in published}
        expected = {key for key in self.grains if key[0] not in codes}
        return [key for key in published | expected if key in self.versions]

    def last_pools(self) -> tuple[dict[VersionKey, Pooled], dict[VersionKey, set[int]]]:
        """Where the structure is pooled in the latest year of each indicator version, and the years
        when that pool had the same members: another year's is of other places."""
        parts = self.computed_parts()
        latest = {(part.indicator, part.version): part for part in parts}
        by_part = pooled_in(self.structure.code, parts)
        last = {key: by_part[part.pk] for key, part in latest.items() if part.pk in by_part}
        years: dict[VersionKey, set[int]] = {key: set() for key in last}
        for part in parts:
            key = (part.indicator, part.version)
            if key in last and by_part.get(part.pk) == last[key]:
                years[key].add(part.year)
        return last, years

    def computed_parts(self) -> list[Part]:
        """In order of years."""
        return [part for part in self.parts if not part.is_declared]

    def fetch(self, *, whole: bool) -> dict[VersionKey, dict[tuple[str, str], Rows]]:
        """What may be shown in large: the structure's own, its pools', and those of the places
        above where the network publishes there."""
        pools = {("pool", one.pool) for one in self.pooled.values() if not one.is_withheld}
        above = [place.key for place in self.above]
        coarse = [part for part in self.parts if self.is_published_above(part)]
        condition = at_places([self.own.key, *pools], self.parts) | at_places(above, coarse)
        years = {part.year for part in self.computed_parts()}
        is_long = len(years) >= LONG_YEARS and not whole
        choice = last_months_only(self.parts, self.release.through) if is_long else EVERYTHING
        found = rows_where(condition, self.parts, choice=choice)[self.network.code]
        for key, one in self.pooled.items():
            place = ("pool", one.pool)
            if key in found and place in found[key]:
                found[key][place] = found[key][place].of_years(self.pool_years[key])
        return found

    def figures_beside(self) -> FiguresBeside:
        """The figures of the territories, of the periods that are shown in large."""
        shown = {
            (key, str(found["period"]))
            for key, places in self.rows.items()
            for rows in places.values()
            if rows.items and (found := rows.timeline.headline())
        }
        territories = [place for place in (self.departement, self.region, NATION) if place]
        return figures_beside(territories, self.release, self.network.code, self.parts, shown)

    def is_published_above(self, part: Part) -> bool:
        """Or may be: declared values and those of a grain that ended stand at any level."""
        grain = self.grains.get((part.indicator, part.version))
        if grain is None or part.is_declared:
            return True
        return RANKS[Level(grain.publication_level)] > RANKS[Level(self.structure.level)]

    def live_comments(self) -> dict[int, list[FigureComment]]:
        """Those of figures that this edition publishes, of the structure or of its group."""
        rows = FigureComment.objects.filter(structure=self.structure, withdrawn_at__isnull=True)
        found = list(rows)
        comments: defaultdict[int, list[FigureComment]] = defaultdict(list)
        if not found:
            return comments
        places = [self.own.key, *(("pool", one.pool) for one in self.pooled.values())]
        choice = of_periods({one.period for one in found})
        shown = rows_where(at_places(places, self.parts), self.parts, choice=choice)
        keys = {version.pk: key for key, version in self.versions.items()}
        for one in found:
            key = keys[one.version_id]
            if self.is_shown(one.period, key, shown[self.network.code].get(key, {})):
                comments[one.version_id].append(one)
        return comments

    def is_shown(self, period: str, key: VersionKey, rows: dict[tuple[str, str], Rows]) -> bool:
        pooled = self.pooled.get(key)
        keys = [self.own.key, *([("pool", pooled.pool)] if pooled else [])]
        figures = [rows[one].at(period) for one in keys if one in rows]
        return any(found is not None and found.state != "missing" for found in figures)

    def declared_sources(self) -> dict[tuple[int, str, str, str], str]:
        """Where declared values come from, by version, level, place and period; the last batch
        that said it wins."""
        if not any(part.is_declared for part in self.parts):
            return {}
        places = [self.own.code, *(place.code for place in self.above)]
        rows = DeclaredValue.objects.filter(network=self.network, place__in=places)
        return {
            (one.version_id, one.level, one.place, one.period): source_in_words(one)
            for one in rows.order_by("batch__number")
        }

    def sources_of(
        self, version: IndicatorVersion, place: Place, latest: Figure
    ) -> tuple[str, ...]:
        if latest.state != "declared":
            return ()
        kept = self.sources.get((version.pk, place.level, place.code, latest.period), "")
        return tuple(one for one in (latest.source or kept,) if one)

    def result(self, key: VersionKey) -> IndicatorResult:
        """One indicator, under the name that may bear its figure."""
        rows = self.rows.get(key, {})
        pooled = self.pooled.get(key)
        if pooled is not None:
            if pooled.is_withheld:
                return self.without_figure(key, "withheld")
            place = Place("pool", pooled.pool, pool_name(pooled.pool, pooled.members))
            return self.with_figure(key, "pool", place, rows)
        if self.own.key in rows:
            return self.with_figure(key, "own", self.own, rows)
        if is_above := next((place for place in self.above if place.key in rows), None):
            if self.is_expected_here(key):
                return self.without_figure(key, "absent")
            return self.with_figure(key, "above", is_above, rows)
        return self.without_figure(key, "absent")

    def left_out_of(self, key: VersionKey, place: Place) -> Mapping[int, int]:
        """Of a sum over places below, by part: one query for each such place, most often none."""
        grain = self.grains.get(key)
        if grain is None:
            return {}
        own_rank = RANKS[Level(self.structure.level)]
        if place.key == self.own.key:
            is_sum = own_rank > RANKS[Level(grain.publication_level)]
        else:
            is_sum = place.level in TERRITORY_RANKS
        if not is_sum:
            return {}
        if place.key not in self.hidden:
            self.hidden[place.key] = left_out(place, self.computed_parts())
        return self.hidden[place.key]

    def is_expected_here(self, key: VersionKey) -> bool:
        """The network publishes at the structure's own level: a territory's figure stands for
        nothing that it sent."""
        grain = self.grains.get(key)
        return grain is not None and grain.publication_level == self.structure.level

    def without_figure(self, key: VersionKey, standing: str) -> IndicatorResult:
        version = self.versions[key]
        return IndicatorResult(
            version=version,
            network=self.network,
            standing=standing,
            place=self.own,
            grain=self.grains.get(key),
            comments=tuple(self.comments.get(version.pk, ())),
        )

    def with_figure(
        self, key: VersionKey, standing: str, place: Place, rows: dict[tuple[str, str], Rows]
    ) -> IndicatorResult:
        here = rows.get(place.key)
        latest = here.headline() if here else None
        if here is None or latest is None:
            return self.without_figure(key, "absent")
        version = self.versions[key]
        pooled = self.pooled.get(key)
        is_declared = latest.state == "declared"
        part = here.part_of(latest.period)
        hidden = self.left_out_of(key, place) if part and not is_declared else {}
        count = hidden.get(part.pk, 0) if part else 0
        latest = said_apart(latest, count)

        def plain(other: Place | None) -> Figure | None:
            if other is None or other.key == place.key or is_declared:
                return None
            return self.beside.get((key, other.key, latest.period))

        return IndicatorResult(
            version=version,
            network=self.network,
            standing="declared" if is_declared else standing,
            place=place,
            latest=latest,
            cuts=tuple(said_apart(one, count) for one in here.cuts(latest.period)),
            departement=plain(self.departement),
            region=plain(self.region),
            nation=plain(NATION),
            pool_members=pooled.members if pooled else (),
            comments=tuple(self.comments.get(version.pk, ())),
            corrections=tuple(self.corrections.get((*key, *place.key), ())),
            part=None if is_declared else part,
            left_out=count,
            hidden=hidden,
            grain=self.grains.get(key),
            newer_missing=here.newest_missing(latest.period),
            sources=self.sources_of(version, place, latest),
            rows=here,
        )


def grains_in_force(
    network: Network, day: date, versions: Mapping[VersionKey, IndicatorVersion]
) -> dict[VersionKey, Grain]:
    """Those of a network, by the keys of `versions`."""
    keys = {one.pk: key for key, one in versions.items()}
    grains = Grain.objects.filter(network=network).order_by("first_period")
    return grains_on(grains, day, lambda one: keys[one.version_id])


def source_in_words(value: DeclaredValue) -> str:
    """« INSEE, 3 mars 2025 »."""
    if value.source_date is None:
        return value.source
    return f"{value.source}, {day_in_words(value.source_date)}"


def names_of(codes: Collection[str]) -> dict[str, str]:
    if not codes:
        return {}
    return dict(Structure.objects.filter(code__in=codes).values_list("code", "name"))
