"""Quantiles of a distribution, as two bounds (`docs/methods/observation.md`, § 3 and § 10).

Owns which bucket holds a quantile, and Woodruff's inversion; refuses to interpolate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.intervals import Limits, wilson

PUBLISHED = (Decimal("0.5"), Decimal("0.9"))
"""The quantiles of `quantiles/<part>`: the median, and the ninth decile."""


@dataclass(frozen=True)
class Quantile:
    """More than `above`, at most `at_most` (None: the open bucket), in the unit of the bounds.

    `interval_above` is None in a census; with it, `interval_at_most` is None when open.
    """

    above: Decimal
    at_most: Decimal | None
    interval_above: Decimal | None = None
    interval_at_most: Decimal | None = None


def quantile(definition: Definition, buckets: Sequence[int] | None, q: Decimal) -> Quantile | None:
    """The bounds of the bucket that holds the quantile q (0 < q < 1); None without cases.

    Woodruff (1952): the interval holds every bucket whose cumulated share cannot be told from q.
    """
    whole = sum(buckets) if buckets else 0
    if not buckets or whole == 0:
        return None
    cumulated = list(accumulate(buckets))
    bucket = next(rank for rank, cases in enumerate(cumulated) if cases >= q * whole)
    above, at_most = lower(definition, bucket), upper(definition, bucket)
    if not definition.is_sample:
        return Quantile(above, at_most)
    limits = [wilson(cases, whole) for cases in cumulated]
    first, last = woodruff(limits, q)
    return Quantile(above, at_most, lower(definition, first), upper(definition, last))


def woodruff(limits: Sequence[Limits], q: Decimal) -> tuple[int, int]:
    """Ranks of the first buckets whose upper, whose lower Wilson limit reaches q; else the last."""
    last = len(limits) - 1
    first_upper = next((rank for rank, (_, high) in enumerate(limits) if high >= q), last)
    first_lower = next((rank for rank, (low, _) in enumerate(limits) if low >= q), last)
    return first_upper, first_lower


def lower(definition: Definition, bucket: int) -> Decimal:
    return definition.bounds[bucket - 1] if bucket else Decimal(0)


def upper(definition: Definition, bucket: int) -> Decimal | None:
    return definition.bounds[bucket] if bucket < len(definition.bounds) else None
