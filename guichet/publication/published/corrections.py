"""What editions corrected of a structure's figures, this one and those before it.

Owns which are read; refuses those of later editions, and words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from guichet.publication.models import CorrectedFigure, Release
from guichet.publication.published.kept_lists import KeptLists

PlaceOfVersion = tuple[str, int, str, str]
"""An indicator's code, the number of its version, the level and the code of a place."""

COLUMNS = [field.name for field in CorrectedFigure._meta.concrete_fields]
KEPT = KeptLists(most_rows=5_000)
"""By edition and network, whether anything was ever corrected: most never are."""


def corrections_of(
    release: Release, network: str, places: Collection[str]
) -> dict[PlaceOfVersion, list[CorrectedFigure]]:
    """Of these structures and pools, newest first. One query; none while the process knows that
    nothing of the network was corrected up to this edition."""
    key = (release.pk, release.identity, network)
    so_far = CorrectedFigure.objects.filter(
        release__published_at__lte=release.published_at, network=network
    )
    (is_any,) = KEPT.kept(key, lambda: (so_far.exists(),))
    found: defaultdict[PlaceOfVersion, list[CorrectedFigure]] = defaultdict(list)
    if is_any:
        rows = so_far.filter(level__in=["structure", "pool"], place__in=places)
        rows = rows.select_related("release").only(
            *COLUMNS, "release__name", "release__published_at"
        )
        for one in rows.order_by("-release__published_at", "pk"):
            found[(one.indicator, one.version, one.level, one.place)].append(one)
    return found
