"""Reading of the serving tables: the parts of one release, and what they say of some places.

Owns how few queries that takes; refuses words and pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from django.db.models import F, Func, JSONField, Q, Value

from guichet.core.periods import PeriodKind, add_months, periods_between
from guichet.indicators.models import IndicatorVersion
from guichet.publication.models import Part, PlaceFigures, PoolMember, Release, ReleasePart
from guichet.publication.published.figures import (
    MOST_MONTHS,
    WITHHELD,
    Figure,
    Item,
    Timeline,
    figure,
    kind_of,
)

VersionKey = tuple[str, int]
"""An indicator's code and the number of its version."""

KEPT_EDITIONS = 4
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

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline(self.items or self.declared)

    def followed_by(self, later: Rows) -> Rows:
        """With what a later year holds."""
        return Rows(
            [*self.items, *later.items],
            [*self.declared, *later.declared],
            {**self.parts, **later.parts},
        )

    def of_years(self, years: Collection[int]) -> Rows:
        """What is computed of these years only."""
        return Rows(
            [item for item in self.items if int(item["period"][:4]) in years],
            self.declared,
            {year: part for year, part in self.parts.items() if year in years},
        )

    def headline(self) -> Figure | None:
        found = self.timeline.headline()
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

    def months(self) -> tuple[Figure, ...]:
        """The last twelve months, in order, without comparisons."""
        return tuple(figure(item, alone=True) for item in self.timeline.months())

    def newer_month(self, period: str) -> Figure | None:
        """The newest month with a value after the period shown in large."""
        found = self.timeline.newer_month(period)
        return figure(found, alone=True) if found else None

    def series(self, period: str, *, alone: bool = False) -> tuple[Figure, ...]:
        """The figures beside the one shown in large; `alone` as in `figure`."""
        return tuple(figure(item, alone=alone) for item in self.timeline.series(period))

    def declared_values(self) -> list[Figure]:
        """The declared ones, newest first."""
        newest_first = sorted(self.declared, key=lambda item: str(item["period"]), reverse=True)
        return [figure(item) for item in newest_first]

    def newest_missing(self, period: str) -> str:
        """A later period of the same kind for which nothing was received, if any."""
        newest = self.timeline.newest(kind_of(period))
        return newest if newest > period else ""

    def part_of(self, period: str) -> Part | None:
        return self.parts.get(int(period[:4]))


RowsOf = dict[VersionKey, dict[tuple[str, str], Rows]]


def parts_of(release: Release, *, networks: Collection[str] | None = None) -> list[Part]:
    """The parts of a published release, of some networks, in order."""
    by_network = kept_parts(release.pk, release.identity)
    if networks is None:
        return [part for parts in by_network.values() for part in parts]
    return [part for network in sorted(networks) for part in by_network.get(network, ())]


@lru_cache(maxsize=KEPT_EDITIONS)
def kept_parts(release_id: int, identity: str) -> dict[str, list[Part]]:
    """Those of each network, kept in the process: a published edition never changes."""
    parts = Part.objects.filter(releases=release_id).only(
        "network", "indicator", "version", "year", "is_declared", "digest", "files"
    )
    by_network: dict[str, list[Part]] = {}
    for part in parts.order_by("network", "indicator", "version", "year", "is_declared"):
        by_network.setdefault(part.network, []).append(part)
    return by_network


def current_parts(network: str) -> tuple[Release | None, list[Part]]:
    """The current edition and its parts of one network, in one query; (None, []) without any."""
    found = ReleasePart.objects.filter(release__is_current=True, part__network=network)
    rows = list(found.select_related("release", "part").order_by("part__year"))
    return (rows[0].release if rows else None), [row.part for row in rows]


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


class Chosen(Func):
    """The objects of `PlaceFigures.figures` that a JSON path chooses."""

    output_field = JSONField()
    template = "jsonb_path_query_array(%(expressions)s::jsonpath)"

    def __init__(self, condition: str) -> None:
        super().__init__(F("figures"), Value(f"$[*] ? ({condition})"))


EVERYTHING = ""


def no_months(parts: Iterable[Part]) -> str:
    """The choice of all but months and days, which are always in a quarter or in a year as well:
    pages that show one figure leave nine objects of ten in the database. Declared values are in
    nothing but themselves. (By the years of the parts: the two other signs that may follow one,
    Q and W, cost less to tell from a month than a regular expression.)"""
    years = sorted({part.year for part in parts})
    months = [f'@.period starts with "{year:04}-{figure}"' for year in years for figure in "01"]
    return f'@.state == "declared" || !({" || ".join(months)})' if months else EVERYTHING


def last_months_only(parts: Iterable[Part], through: date) -> str:
    """The same, but for the last twelve months: they are told beside a figure by quarters."""
    others = no_months(parts)
    first = add_months(through.replace(day=1), 1 - MOST_MONTHS)
    months = periods_between(PeriodKind.MONTH, first, through)
    told = " || ".join(f'@.period == "{code}"' for code in months)
    return f"{others} || {told}" if others and told else others


def of_periods(codes: Iterable[str]) -> str:
    """The choice of these periods (codes of our own), all cuts together."""
    told = " || ".join(f'@.period == "{code}"' for code in sorted(codes) if kind_of(code))
    return f"({told}) && !exists(@.cut)"


def rows_where(
    condition: Q, parts: Iterable[Part], *, choice: str = EVERYTHING
) -> dict[str, RowsOf]:
    """What the places of `condition` (on level, place and part) hold in these parts: by network,
    indicator version and place; of each place, the objects of `choice`. One query."""
    known = {part.pk: part for part in parts}
    found: dict[str, RowsOf] = defaultdict(lambda: defaultdict(lambda: defaultdict(Rows)))
    rows = PlaceFigures.objects.filter(condition).annotate(
        chosen=Chosen(choice) if choice else F("figures")
    )
    values = rows.values_list("part_id", "level", "place", "chosen")
    for part_id, level, place, items in sorted(values, key=lambda row: known[row[0]].year):
        part = known[part_id]
        rows_here = found[part.network][(part.indicator, part.version)][(level, place)]
        if part.is_declared:
            rows_here.declared.extend(items)
            continue
        rows_here.items.extend(items)
        rows_here.parts[part.year] = part
    return found


def rows_shown_large(place: Place, parts: Collection[Part]) -> dict[str, RowsOf]:
    """What tells the figure shown in large of one place and how fresh it is, as `rows_where`: the
    newest year of each series, the one before only where that year has no received quarter. At
    most two queries. Months stay in the database, declared values are all read."""
    declared = [part for part in parts if part.is_declared]
    computed = [part for part in parts if not part.is_declared]
    near = recent(computed)
    newest = [*recent(near, years=1), *declared]
    rows = rows_where(at_places([place.key], newest), newest, choice=no_months(newest))
    read = {part.pk for part in newest}
    before = [part for part in near if part.pk not in read and not is_settled(rows, part, place)]
    if before:
        earlier = rows_where(at_places([place.key], before), before, choice=no_months(before))
        for network, by_version in earlier.items():
            for key, places in by_version.items():
                here = rows[network][key][place.key]
                rows[network][key][place.key] = places[place.key].followed_by(here)
    return rows


def is_settled(rows: Mapping[str, RowsOf], part: Part, place: Place) -> bool:
    """Whether the year before of this series may be left unread."""
    here = rows.get(part.network, {}).get((part.indicator, part.version), {}).get(place.key)
    return here is not None and bool(here.items) and here.timeline.has_received_quarter()


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
    versions = IndicatorVersion.objects.select_related("indicator")
    return {(one.indicator.code, one.number): one for one in versions}
