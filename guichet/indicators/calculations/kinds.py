"""The five kinds of formulas and their counters (`docs/methods/observation.md`, § 3).

Owns which counters a kind has, in which order and under which French headers; refuses values.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

MOST_BUCKETS = 12


class Kind(Enum):
    SHARE = "share"
    NET_SHARE = "net_share"
    MEAN = "mean"
    DISTRIBUTION = "distribution"
    COUNT = "count"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Kind.SHARE: "part (partie sur total)",
    Kind.NET_SHARE: "solde (favorables moins défavorables, sur total)",
    Kind.MEAN: "moyenne (somme sur effectif)",
    Kind.DISTRIBUTION: "répartition par tranches",
    Kind.COUNT: "nombre",
}
COUNTERS: dict[Kind, tuple[str, ...]] = {
    Kind.SHARE: ("part", "whole"),
    Kind.NET_SHARE: ("favourable", "unfavourable", "whole"),
    Kind.MEAN: ("sum", "sum_squares", "count"),
    Kind.COUNT: ("count",),
}
HEADERS: dict[Kind, tuple[str, ...]] = {
    Kind.SHARE: ("partie", "total"),
    Kind.NET_SHARE: ("favorables", "defavorables", "total"),
    Kind.MEAN: ("somme", "somme_carres", "effectif"),
    Kind.COUNT: ("nombre",),
}


def counters_of(kind: Kind, bounds: Sequence[object] = ()) -> tuple[str, ...]:
    """Names of the counters, in order; of a distribution, one for each bucket, the last open."""
    if kind is Kind.DISTRIBUTION:
        return tuple(f"b{rank}" for rank in range(1, len(bounds) + 2))
    return COUNTERS[kind]


def headers_of(kind: Kind, bounds: Sequence[object] = ()) -> tuple[str, ...]:
    """French headers of these counters in a file of observations, in the same order."""
    if kind is Kind.DISTRIBUTION:
        return tuple(f"tranche_{rank}" for rank in range(1, len(bounds) + 2))
    return HEADERS[kind]


def whole_of(kind: Kind, counters: Sequence[int]) -> int:
    """The number of cases of a cell."""
    if kind is Kind.DISTRIBUTION:
        return sum(counters)
    return counters[-1]
