"""Published figures as a list that filters narrow: what the API gives, a page at a time.

Owns which figures answer a question and how few of them are read; refuses words and HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from guichet.directory.models import Structure
from guichet.publication.models import Part, Release
from guichet.publication.published.figures import Figure, figure
from guichet.publication.published.left_out import left_out, said_apart
from guichet.publication.published.pooled_places import Member, pool_name
from guichet.publication.published.serving import (
    Place,
    at_places,
    members_of,
    parts_of,
    rows_where,
)
from guichet.publication.published.structure_results import (
    names_of,
    results_of_structure,
)
from guichet.publication.published.territory_results import Territory
from guichet.territories.models import Departement, Region

PAGE = """
SELECT figures.level, figures.place, item
FROM publication_placefigures AS figures
CROSS JOIN LATERAL jsonb_array_elements(figures.figures) WITH ORDINALITY AS list (item, rank)
WHERE figures.part_id = %s AND (%s = '' OR item ->> 'period' = %s)
ORDER BY figures.level, figures.place, rank
LIMIT %s OFFSET %s
"""
COUNT = """
SELECT figures.part_id, count(*)
FROM publication_placefigures AS figures
CROSS JOIN LATERAL jsonb_array_elements(figures.figures) AS list (item)
WHERE figures.part_id = ANY(%s) AND item ->> 'period' = %s
GROUP BY figures.part_id
"""


@dataclass(frozen=True)
class Question:
    """Empty: any. Without a place, only the latest year answers unless `period` says which."""

    indicator: str = ""
    network: str = ""
    period: str = ""

    def accepts(self, network: str, indicator: str, item: Mapping[str, Any]) -> bool:
        return (
            self.network in ("", network)
            and self.indicator in ("", indicator)
            and self.period in ("", item["period"])
        )


@dataclass(frozen=True)
class ListedResult:
    """`standing` is own, pool, above, declared or withheld (then without a figure); `part` is None
    where there is no row to recompute."""

    network: str
    indicator: str
    version: int
    standing: str
    place: Place
    figure: Figure | None
    part: Part | None
    pool_members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    items: list[ListedResult]
    count: int


def of_structure(
    structure: Structure, release: Release, question: Question, *, limit: int, offset: int
) -> Listed:
    """What may be shown of a structure, under the name that bears it, as its CSV does."""
    found: list[ListedResult] = []
    for result in results_of_structure(structure, release, whole=True).indicators:
        version, network = result.version, result.network.code
        key = (network, version.indicator.code, version.number)
        if result.standing == "withheld" and question.accepts(*key[:2], {"period": ""}):
            found.append(ListedResult(*key, "withheld", result.place, None, None))
        members = tuple(member.code for member in result.pool_members)
        items = [*result.rows.items, *result.rows.declared]
        for item in items if result.standing not in ("withheld", "absent") else ():
            if question.accepts(*key[:2], item):
                shown = result.said(figure(item))
                is_declared = shown.state == "declared"
                standing = "declared" if is_declared else result.standing
                part = None if is_declared else result.rows.part_of(shown.period)
                found.append(ListedResult(*key, standing, result.place, shown, part, members))
    found.sort(key=order)
    return Listed(found[offset : offset + limit], len(found))


def of_territory(
    territory: Territory, release: Release, question: Question, *, limit: int, offset: int
) -> Listed:
    """The territory's own figures, of every network; a sum of no case that leaves structures out
    is withheld, as on its page."""
    parts = [part for part in parts_of(release) if fits(part, question)]
    hidden = left_out(territory.place, parts)
    rows = rows_where(at_places([territory.place.key], parts), parts)
    found = []
    for network, versions in rows.items():
        for (indicator, version), places in versions.items():
            here = places[territory.place.key]
            for item in [*here.items, *here.declared]:
                if question.period not in ("", item["period"]):
                    continue
                shown = figure(item)
                is_declared = shown.state == "declared"
                part = None if is_declared else here.part_of(shown.period)
                found.append(
                    ListedResult(
                        network,
                        indicator,
                        version,
                        "declared" if is_declared else "own",
                        territory.place,
                        said_apart(shown, hidden.get(part.pk, 0) if part else 0),
                        part,
                    )
                )
    found.sort(key=order)
    return Listed(found[offset : offset + limit], len(found))


def order(result: ListedResult) -> tuple[str, str, int, str, str]:
    shown = result.figure
    period, cut = (shown.period, shown.cut) if shown else ("", "")
    return (result.network, result.indicator, result.version, period, cut)


def fits(part: Part, question: Question) -> bool:
    return (
        question.network in ("", part.network)
        and question.indicator in ("", part.indicator)
        and question.period[:4] in ("", f"{part.year:04}")
    )


def of_every_place(release: Release, question: Question, *, limit: int, offset: int) -> Listed:
    """Part by part: only the parts that the page falls in are read."""
    parts = [part for part in counted_parts(release) if fits(part, question)]
    if not question.period and parts:
        newest = max(part.year for part in parts)
        parts = [part for part in parts if part.year == newest]
    counts = counts_of(parts, question.period)
    found: list[ListedResult] = []
    before = 0
    for part in parts:
        here = counts.get(part.pk, 0)
        first = max(offset - before, 0)
        wanted = limit - len(found)
        if wanted > 0 and first < here:
            found += page_of(part, question.period, first, wanted)
        before += here
    return Listed(with_names(found), sum(counts.values()))


def counted_parts(release: Release) -> list[Part]:
    ordering = ("network", "indicator", "version", "year", "is_declared")
    return list(Part.objects.filter(releases=release).order_by(*ordering))


def counts_of(parts: Collection[Part], period: str) -> dict[int, int]:
    """How many figures each part gives: what it says of itself, unless one period is asked."""
    if not period:
        return {part.pk: part.row_count for part in parts}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [[part.pk for part in parts], period])
        return dict(cursor.fetchall())


def page_of(part: Part, period: str, offset: int, limit: int) -> Iterator[ListedResult]:
    with connection.cursor() as cursor:
        cursor.execute(PAGE, [part.pk, period, period, limit, offset])
        rows = cursor.fetchall()
    for level, place, item in rows:
        shown = figure(json.loads(item))
        standing = "pool" if level == "pool" else "own"
        yield ListedResult(
            part.network,
            part.indicator,
            part.version,
            "declared" if part.is_declared else standing,
            Place(level, place, place),
            shown,
            None if part.is_declared else part,
        )


def with_names(results: list[ListedResult]) -> list[ListedResult]:
    """Places under their names: four queries at most, whatever the page holds."""
    names = {("nation", "FR"): "France"}
    codes = {level: codes_of(results, level) for level in ("structure", "departement", "region")}
    pools = {
        (each.part.pk, each.place.code)
        for each in results
        if each.place.level == "pool" and each.part
    }
    members = members_of(pools)
    known = names_of(codes["structure"] | {code for each in members.values() for code in each})
    names |= {("structure", code): name for code, name in known.items()}
    for level, model in (("departement", Departement), ("region", Region)):
        if codes[level]:
            rows = model.objects.filter(pk__in=codes[level]).values_list("code", "name")
            names |= {(level, code): name for code, name in rows}
    return [named(each, names, members, known) for each in results]


def codes_of(results: Iterable[ListedResult], level: str) -> set[str]:
    return {each.place.code for each in results if each.place.level == level}


def named(
    result: ListedResult,
    names: Mapping[tuple[str, str], str],
    members: Mapping[tuple[int, str], list[str]],
    known: Mapping[str, str],
) -> ListedResult:
    place = result.place
    codes: tuple[str, ...] = ()
    name = names.get(place.key, place.code)
    if place.level == "pool" and result.part:
        codes = tuple(members.get((result.part.pk, place.code), ()))
        name = pool_name(place.code, [Member(code, known.get(code, code)) for code in codes])
    return ListedResult(
        result.network,
        result.indicator,
        result.version,
        result.standing,
        Place(place.level, place.code, name),
        result.figure,
        result.part,
        codes,
    )
