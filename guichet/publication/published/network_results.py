"""The results of one network: its indicators, its places for one of them, its départements.

Owns which places stand apart for want of data; refuses to rank them, and words.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F, Func, JSONField, Q, Value

from guichet.core.text import folded
from guichet.directory.models import Level, Network, Structure
from guichet.indicators.models import Grain, IndicatorVersion
from guichet.publication.models import Part, PlaceFigures, PoolMember, Release
from guichet.publication.published.earlier_versions import EarlierSeries, earlier_series
from guichet.publication.published.figures import Figure, Item, figure, stands_apart
from guichet.publication.published.kept_lists import KeptLists
from guichet.publication.published.key_figures import importance
from guichet.publication.published.left_out import (
    left_out,
    left_out_by_departement,
    said_apart,
    unpublished,
)
from guichet.publication.published.pooled_places import Member, pool_name
from guichet.publication.published.serving import (
    NATION,
    Rows,
    VersionKey,
    at_places,
    newest_versions,
    no_months,
    of_periods,
    parts_of,
    recent,
    rows_where,
    versions_by_key,
)
from guichet.publication.published.structure_results import (
    grains_in_force,
)
from guichet.publication.published.territory_results import DeclaredSeries, sources_of

SORTS = ("nom", "ville", "comparaison")
GROUPS = {"better": 0, "above": 0, "no_clear_difference": 1, "worse": 2, "below": 2}
NO_GROUP = 3
BEST_KNOWN = frozenset({"IND-246"})
"""Of the barometer, whose first by name is little known: satisfaction in France services."""

KEPT = KeptLists(most_rows=150_000)
"""Some 250 MB in a process, once the lists of the largest networks have been asked for."""
NAMES_KEPT_S = 300
"""How long a list may show the former name of a place."""
NAME_COLUMNS = (
    "code",
    "name",
    "level",
    "search_name",
    "commune__name",
    "commune__departement_id",
)


@dataclass(frozen=True)
class NetworkIndicator:
    """One indicator of a network: `latest` is the figure of the nation, None where only places
    below have one (their period is then that of `parts`); `left_out` is how many structures are
    in no sum."""

    version: IndicatorVersion
    grain: Grain | None
    latest: Figure | None
    rows: Rows
    parts: tuple[Part, ...]
    left_out: int = 0

    @property
    def has_value(self) -> bool:
        return self.latest is not None and self.latest.value is not None


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A place of the list, or a pool with its `members`. `is_apart`: without enough data, it is
    listed and never ranked. `sort_name` is its name folded. `item` is read into a figure for the
    entries of one page only."""

    code: str
    name: str
    town: str
    departement: str
    item: Item = field(repr=False)
    is_apart: bool
    sort_name: str
    members: tuple[Member, ...] = ()

    @property
    def figure(self) -> Figure:
        return figure(self.item)

    @property
    def has_value(self) -> bool:
        return bool(self.item.get("value"))


@dataclass(frozen=True)
class NetworkResults:
    """`entries` are the places of the publication level, in the asked order, those that stand
    apart after them, those without a value last; `departements` are the figures of départements.
    Both are of `chosen` and of its latest period; of one that is `declared`, places are
    départements only, at their own newest period. `earlier` are the nation's series under replaced
    versions of `chosen`."""

    network: Network
    release: Release
    indicators: list[NetworkIndicator] = field(default_factory=list)
    chosen: NetworkIndicator | None = None
    entries: Sequence[PlaceEntry] = ()
    departements: dict[str, Figure] = field(default_factory=dict)
    departements_period: str = ""
    declared: DeclaredSeries | None = None
    withheld_count: int = 0
    earlier: tuple[EarlierSeries, ...] = ()

    @property
    def valued(self) -> Sequence[PlaceEntry]:
        return self.entries[: self.value_count]

    @property
    def silent(self) -> Sequence[PlaceEntry]:
        """Places where nothing happened, or that sent nothing."""
        return self.entries[self.value_count :]

    @cached_property
    def value_count(self) -> int:
        return bisect_left(self.entries, True, key=lambda entry: not entry.has_value)


def results_of_network(
    network: Network, release: Release, *, indicator: str = "", sort: str = "nom"
) -> NetworkResults:
    """A network's results, with the places of one indicator (by default the first that has a
    value)."""
    every_part = parts_of(release, networks=[network.code])
    parts = newest_versions(every_part)
    versions = versions_by_key()
    near = recent(parts)
    nation = rows_where(at_places([NATION.key], near), near, choice=no_months(near))[network.code]
    grains = grains_in_force(network, release.through, versions)
    hidden = left_out(NATION, [part for part in near if not part.is_declared])
    found = [
        network_indicator(versions[key], grains.get(key), nation, key, parts, hidden)
        for key in dict.fromkeys((part.indicator, part.version) for part in parts)
        if key in versions
    ]
    found.sort(key=lambda one: (not one.has_value, not is_best_known(one), importance(one.version)))
    chosen = next((one for one in found if one.version.indicator.code == indicator), None)
    chosen = chosen or next((one for one in found if one.latest), None)
    if chosen and chosen.latest and chosen.latest.state == "declared":
        return declared_results(network, release, found, chosen)
    part = part_shown(chosen)
    if chosen is None or chosen.latest is None or part is None:
        return NetworkResults(network, release, found, chosen)
    code = chosen.version.indicator.code
    of_code = [one for one in every_part if one.indicator == code]
    earlier = earlier_series(of_code, parts, [NATION], versions)
    level = chosen.grain.publication_level if chosen.grain else Level.SITE
    return NetworkResults(
        network=network,
        release=release,
        indicators=found,
        chosen=chosen,
        entries=places_in_order(part, chosen.latest.period, level, sort),
        departements=figures_of_departements(part, chosen),
        departements_period=chosen.latest.period,
        withheld_count=chosen.left_out,
        earlier=earlier.get((network.code, code), ()),
    )


def declared_results(
    network: Network, release: Release, found: list[NetworkIndicator], chosen: NetworkIndicator
) -> NetworkResults:
    """Declared values of the nation, and those of the départements at their own newest period."""
    values = tuple(chosen.rows.declared_values())
    sources = sources_of(NATION).get((network.code, chosen.version.pk), ())
    rows = PlaceFigures.objects.filter(
        part__in=[part for part in chosen.parts if part.is_declared], level="departement"
    )
    items = [(place, item) for place, here in rows.values_list("place", "figures") for item in here]
    newest = max((item["period"] for _, item in items), default="")
    return NetworkResults(
        network=network,
        release=release,
        indicators=found,
        chosen=chosen,
        departements={place: figure(item) for place, item in items if item["period"] == newest},
        departements_period=newest,
        declared=DeclaredSeries(chosen.version, values, told_sources(values) or sources),
    )


def told_sources(values: Iterable[Figure]) -> tuple[str, ...]:
    return tuple(sorted({one.source for one in values if one.source}))


def network_indicator(
    version: IndicatorVersion,
    grain: Grain | None,
    nation: dict[VersionKey, dict[tuple[str, str], Rows]],
    key: VersionKey,
    parts: Iterable[Part],
    hidden: Mapping[int, int],
) -> NetworkIndicator:
    rows = nation.get(key, {}).get(NATION.key, Rows())
    own = tuple(part for part in parts if (part.indicator, part.version) == key)
    latest = rows.headline()
    part = rows.part_of(latest.period) if latest else own[-1]
    count = hidden.get(part.pk, 0) if part else 0
    if latest is not None:
        latest = said_apart(latest, count)
    elif part and count:
        latest = unpublished(str(part.year))
    return NetworkIndicator(version, grain, latest, rows, own, count)


def part_shown(chosen: NetworkIndicator | None) -> Part | None:
    if chosen is None or chosen.latest is None:
        return None
    return chosen.rows.part_of(chosen.latest.period)


class OfPeriod(Func):
    """The object of one period, all cuts together, among those of a place."""

    output_field = JSONField()
    template = "jsonb_path_query_first(%(expressions)s::jsonpath)"

    def __init__(self, period: str) -> None:
        super().__init__(F("figures"), Value(f"$[*] ? ({of_periods([period])})"))


def items_at(part: Part, period: str, levels: tuple[str, ...]) -> tuple[Any, ...]:
    """(level, place, object) of all places of a part at one period: kept in the process, because
    a part never changes (its digest names its content)."""

    def read() -> tuple[Any, ...]:
        rows = (
            PlaceFigures.objects.filter(part=part, level__in=levels)
            .annotate(item=OfPeriod(period))
            .filter(item__isnull=False)
        )
        return tuple(rows.values_list("level", "place", "item"))

    return KEPT.kept((part.pk, part.digest, period, levels), read)


def figures_at(part: Part, period: str, levels: tuple[str, ...]) -> dict[str, Figure]:
    return {place: figure(item) for _, place, item in items_at(part, period, levels)}


def figures_of_departements(part: Part, chosen: NetworkIndicator) -> dict[str, Figure]:
    """By code; where structures are left out, a sum of no case is not published, and one of which
    nothing is published is there too."""
    assert chosen.latest is not None
    period = chosen.latest.period
    found = figures_at(part, period, ("departement",))
    if chosen.left_out:
        for code, count in left_out_by_departement(part).items():
            found[code] = said_apart(found.get(code) or unpublished(period), count)
    return found


def is_best_known(one: NetworkIndicator) -> bool:
    return one.version.indicator.code in BEST_KNOWN


def places_in_order(part: Part, period: str, level: str, sort: str) -> Sequence[PlaceEntry]:
    """The places of a page's list, kept with their names for a few minutes."""
    moment = int(time.time() // NAMES_KEPT_S)
    return KEPT.kept(
        (part.pk, part.digest, period, level, sort, moment),
        lambda: tuple(in_order(listed(part, period, level), sort)),
    )


def listed(part: Part, period: str, level: str) -> list[PlaceEntry]:
    """The places of a level and the pools, with their names of today; three queries at most."""
    members: dict[str, list[str]] = {}
    for pool, code in PoolMember.objects.filter(part=part).values_list("pool", "member"):
        members.setdefault(pool, []).append(code)
    places = PlaceFigures.objects.filter(part=part, level="structure").values("place")
    pooled = [code for codes in members.values() for code in codes]
    known = {
        row[0]: row
        for row in Structure.objects.filter(Q(code__in=places) | Q(code__in=pooled)).values_list(
            *NAME_COLUMNS
        )
    }
    entries = []
    for place_level, place, item in items_at(part, period, ("structure", "pool")):
        is_apart = stands_apart(item)
        if place_level == "pool":
            codes = sorted(members.get(place, []))
            own = tuple(Member(code, known[code][1]) for code in codes if code in known)
            name = pool_name(place, own)
            entries.append(PlaceEntry(place, name, "", "", item, is_apart, folded(name), own))
        elif place in known and known[place][2] == level:
            _, name, _, sort_name, town, departement = known[place]
            entries.append(
                PlaceEntry(place, name, town or "", departement or "", item, is_apart, sort_name)
            )
    return entries


def in_order(entries: Iterable[PlaceEntry], sort: str) -> list[PlaceEntry]:
    """By name, by town, or by comparison with the rest of the country: then what is better, what
    does not differ, what is worse, by name inside each, never by value. Those that stand apart come
    after, by name; those without a value last."""

    def key(entry: PlaceEntry) -> tuple[bool, bool, int, str, str]:
        verdict = entry.item.get("versus_nation", "")
        is_ranked = not entry.is_apart
        group = GROUPS.get(verdict, NO_GROUP) if sort == "comparaison" and is_ranked else 0
        town = folded(entry.town) if sort == "ville" and is_ranked else ""
        return not entry.has_value, entry.is_apart, group, town, entry.sort_name

    return sorted(entries, key=key)
