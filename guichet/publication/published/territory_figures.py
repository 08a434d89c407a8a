"""What an edition says of territories: kept in the process, because it never changes.

Owns which figure of each series is shown; refuses names and definitions, whose words change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from datetime import date
from typing import NamedTuple

from guichet.core.periods import Period, PeriodKind
from guichet.publication.models import Part, Release
from guichet.publication.published.figures import Figure
from guichet.publication.published.kept_lists import KeptLists
from guichet.publication.published.left_out import left_out, said_apart, unpublished
from guichet.publication.published.serving import (
    Place,
    Rows,
    VersionKey,
    at_places,
    of_periods,
    recent,
    rows_shown_large,
    rows_where,
)

SeriesKey = tuple[str, VersionKey]
"""A network's code, and an indicator version."""

FiguresBeside = dict[tuple[VersionKey, tuple[str, str], str], Figure]
"""By indicator version, place and period."""

KEPT = KeptLists(most_rows=20_000)
"""Some 40 MB in a process, once a hundred territories have been asked for."""


class ShownFigure(NamedTuple):
    """One figure of the territory: the computed one shown in large, of its `part`, with the latest
    period that was `received` and how many structures are `left_out` of it; or any declared one,
    without them."""

    network: str
    key: VersionKey
    figure: Figure
    part: Part | None
    received: Period | None
    left_out: int = 0

    @property
    def is_declared(self) -> bool:
        return self.figure.state == "declared"


def shown_figures(
    place: Place,
    release: Release,
    parts: Collection[Part],
    grains: Mapping[SeriesKey, PeriodKind],
) -> tuple[ShownFigure, ...]:
    """By network and indicator version, the declared ones newest first. `parts` are those of the
    newest versions in the release; `grains` says how often each series is counted. Three queries
    at most; none while the process keeps the answer."""
    key = (release.pk, release.identity, place.key, frozenset(grains.items()))
    return KEPT.kept(key, lambda: tuple(read_figures(place, release, parts, grains)))


def read_figures(
    place: Place,
    release: Release,
    parts: Collection[Part],
    grains: Mapping[SeriesKey, PeriodKind],
) -> Iterator[ShownFigure]:
    rows = rows_shown_large(place, parts)
    near = recent(part for part in parts if not part.is_declared)
    hidden = left_out(place, near)
    told = set()
    for network, by_version in rows.items():
        for key, places in by_version.items():
            if place.key in places:
                told.add((network, key))
                yield from figures_of_series(
                    (network, key),
                    places[place.key],
                    grains.get((network, key)),
                    release.through,
                    hidden,
                )
    for part in recent(near, years=1):
        series = (part.network, (part.indicator, part.version))
        if part.pk in hidden and series not in told:
            nothing = unpublished(str(part.year))
            yield ShownFigure(*series, nothing, part, None, hidden[part.pk])


def figures_of_series(
    series: SeriesKey,
    here: Rows,
    grain: PeriodKind | None,
    through: date,
    hidden: Mapping[int, int],
) -> Iterator[ShownFigure]:
    latest = here.headline() if here.items else None
    if latest is not None:
        counts = grain is not None and latest.is_published
        received = here.timeline.last_received(grain, through) if grain and counts else None
        part = here.part_of(latest.period)
        count = hidden.get(part.pk, 0) if part else 0
        yield ShownFigure(*series, said_apart(latest, count), part, received, count)
    for value in here.declared_values():
        yield ShownFigure(*series, value, None, None)


def figures_beside(
    territories: Iterable[Place],
    release: Release,
    network: str,
    parts: Iterable[Part],
    shown: Set[tuple[VersionKey, str]],
) -> FiguresBeside:
    """What stands beside the figures of a structure: those of its territories, of the indicator
    versions and periods `shown`. `parts` are those of the network in the release. One query, and
    none for the other structures of the same territories."""
    places = [place.key for place in territories]
    key = (release.pk, release.identity, network, tuple(places), frozenset(shown))
    return dict(KEPT.kept(key, lambda: tuple(read_beside(places, network, parts, shown))))


def read_beside(
    places: Collection[tuple[str, str]],
    network: str,
    parts: Iterable[Part],
    shown: Set[tuple[VersionKey, str]],
) -> Iterator[tuple[tuple[VersionKey, tuple[str, str], str], Figure]]:
    years = {(key, int(period[:4])) for key, period in shown}
    held = [one for one in parts if ((one.indicator, one.version), one.year) in years]
    if not held:
        return
    choice = of_periods({period for _, period in shown})
    rows = rows_where(at_places(places, held), held, choice=choice)[network]
    for key, period in sorted(shown):
        for place in places:
            found = rows[key][place].at(period)
            if found is not None:
                yield (key, place, period), found
