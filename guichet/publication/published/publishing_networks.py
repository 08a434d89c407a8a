"""The networks that publish: those of which an edition holds a value, not only a grain.

Owns where a value of a network is looked for; refuses words.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, Value

from guichet.directory.models import Network
from guichet.indicators.models import DeclaredValue, Grain, IndicatorVersion
from guichet.indicators.models.definitions import NETWORK_SOURCE
from guichet.publication.models import PlaceFigures, Release
from guichet.publication.published.kept_lists import KeptLists
from guichet.publication.published.serving import NATION, parts_of

KEPT = KeptLists(most_rows=1_000)


class HoldsValue(Func):
    """Whether one of the objects of `PlaceFigures.figures` has a value."""

    output_field = BooleanField()
    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"

    def __init__(self) -> None:
        super().__init__(F("figures"), Value('$[*].value ? (@ != "")'))


def networks_with_values(release: Release) -> tuple[str, ...]:
    """Their codes. One query, none while the process keeps the answer: an edition never changes."""
    key = (release.pk, release.identity)
    return KEPT.kept(key, lambda: tuple(sorted(read_networks(release))))


def read_networks(release: Release) -> set[str]:
    """The nation's sums tell, but for what is not summed, which each place tells."""
    parts = parts_of(release)
    versions = IndicatorVersion.objects.filter(is_summed=False)
    apart = set(versions.values_list("indicator__code", "number"))
    unsummed = [one.pk for one in parts if (one.indicator, one.version) in apart]
    holding = PlaceFigures.objects.filter(
        Q(level=NATION.level) | Q(part__in=unsummed), HoldsValue(), part__releases=release
    )
    declaring = {one.network for one in parts if one.is_declared}
    return declaring | set(holding.values_list("part__network", flat=True).distinct())


def networks_that_send(codes: Collection[str]) -> set[str]:
    """Of these, those that send figures or declare values: of the others, the platform alone
    counts something. One query."""
    if not codes:
        return set()
    sent = Grain.objects.filter(network=OuterRef("pk"), source=NETWORK_SOURCE)
    declared = DeclaredValue.objects.filter(network=OuterRef("pk"))
    found = Network.objects.filter(Exists(sent) | Exists(declared), code__in=codes)
    return set(found.values_list("code", flat=True))
