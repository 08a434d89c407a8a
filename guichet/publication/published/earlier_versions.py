"""Series of the versions of an indicator that a newer one replaced: shown apart, with what changed.

Owns what is read of them; refuses to join them with the series of the newest version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guichet.indicators.models import IndicatorVersion
from guichet.publication.models import Part
from guichet.publication.published.figures import Figure
from guichet.publication.published.serving import (
    Place,
    VersionKey,
    at_places,
    no_months,
    rows_where,
)


@dataclass(frozen=True)
class EarlierSeries:
    """What was published of `place` under an earlier `version`; `change_note` is what the version
    after it says it changed."""

    version: IndicatorVersion
    change_note: str
    place: Place
    figures: tuple[Figure, ...]


def earlier_series(
    parts: Iterable[Part],
    newest: Iterable[Part],
    places: Sequence[Place],
    versions: Mapping[VersionKey, IndicatorVersion],
) -> dict[tuple[str, str], tuple[EarlierSeries, ...]]:
    """By network and indicator, the newest version first: the series of the first of `places` that
    has one. One query, and none where no version was replaced."""
    kept = {part.pk for part in newest}
    earlier = [part for part in parts if part.pk not in kept]
    if not earlier:
        return {}
    found: defaultdict[tuple[str, str], list[EarlierSeries]] = defaultdict(list)
    rows = rows_where(
        at_places([place.key for place in places], earlier), earlier, choice=no_months(earlier)
    )
    for network, by_version in rows.items():
        for key in sorted(by_version, key=lambda one: (one[0], -one[1])):
            place = next((one for one in places if one.key in by_version[key]), None)
            if place is None or key not in versions:
                continue
            here = by_version[key][place.key]
            headline = here.headline()
            if headline is not None:
                series = EarlierSeries(
                    version=versions[key],
                    change_note=change_after(key, versions),
                    place=place,
                    figures=here.series(headline.period, alone=True),
                )
                found[(network, key[0])].append(series)
    return {key: tuple(series) for key, series in found.items()}


def change_after(key: VersionKey, versions: Mapping[VersionKey, IndicatorVersion]) -> str:
    """What the version that replaced this one changed."""
    code, number = key
    later = [one for other, one in versions.items() if other[0] == code and other[1] > number]
    return min(later, key=lambda one: one.number).change_note if later else ""
