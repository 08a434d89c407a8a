"""95 % intervals of samples, two-sided (`docs/methods/observation.md`, § 10).

Owns Wilson, Bonett-Price, the normal mean and square-and-add; refuses censuses and counts.
Every limit is at 50 significant digits, in percent, points or the unit of the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import EXACT, FACTOR, cases, exact_value
from guichet.indicators.calculations.kinds import Kind, whole_of

Z = Decimal("1.959963984540054")
LEAST_FOR_MEAN = 30

Limits = tuple[Decimal, Decimal]


def has_interval(definition: Definition, counters: Sequence[int] | None) -> bool:
    """Only samples, no raw number, not from nobody, a mean from 30 on."""
    if not definition.is_sample or definition.kind is Kind.COUNT or not counters:
        return False
    least = LEAST_FOR_MEAN if definition.kind is Kind.MEAN else 1
    return whole_of(definition.kind, counters) >= least


def interval(definition: Definition, counters: Sequence[int] | None) -> Limits | None:
    """Of the value of a cell; None where there is none."""
    if not counters or not has_interval(definition, counters):
        return None
    with localcontext(EXACT):
        if definition.kind is Kind.MEAN:
            value = Decimal(counters[0]) / counters[2]
            half = Z * squared_error(counters).sqrt()
            return value - half, value + half
        if definition.kind is Kind.NET_SHARE:
            low, high = bonett_price(*counters)
        else:
            low, high = wilson(cases(definition, counters), whole_of(definition.kind, counters))
        factor = FACTOR[definition.kind]
        return factor * low, factor * high


def wilson(part: int, whole: int) -> Limits:
    """Score limits of a share, between 0 and 1 (Wilson 1927), without continuity correction."""
    with localcontext(EXACT):
        share = Decimal(part) / whole
        shrunk = 1 + Z * Z / whole
        centre = (share + Z * Z / (2 * whole)) / shrunk
        spread = share * (1 - share) / whole + Z * Z / (4 * Decimal(whole) * whole)
        half = Z / shrunk * spread.sqrt()
        return max(centre - half, Decimal(0)), min(centre + half, Decimal(1))


def bonett_price(favourable: int, unfavourable: int, whole: int) -> Limits:
    """Adjusted Wald limits of a net share, between -1 and 1 (Bonett and Price 2012)."""
    with localcontext(EXACT):
        for_, against = (Decimal(n + 1) / (whole + 2) for n in (favourable, unfavourable))
        net = for_ - against
        half = Z * ((for_ + against - net * net) / (whole + 2)).sqrt()
        return max(net - half, Decimal(-1)), min(net + half, Decimal(1))


def squared_error(counters: Sequence[int]) -> Decimal:
    """s² ÷ n of a mean, from its sum, sum of squares and count (at least 2)."""
    total, squares, count = counters
    with localcontext(EXACT):
        return Decimal(count * squares - total * total) / (count * count * (count - 1))


def difference_interval(
    definition: Definition, first: Sequence[int] | None, second: Sequence[int] | None
) -> Limits | None:
    """Of first − second, independent: square and add (Newcombe 1998b, method 10, for shares; Zou
    and Donner 2008). None when either has no interval."""
    value_1, limits_1 = exact_value(definition, first), interval(definition, first)
    value_2, limits_2 = exact_value(definition, second), interval(definition, second)
    if value_1 is None or value_2 is None or limits_1 is None or limits_2 is None:
        return None
    with localcontext(EXACT):
        gap = value_1 - value_2
        below = ((value_1 - limits_1[0]) ** 2 + (limits_2[1] - value_2) ** 2).sqrt()
        above = ((limits_1[1] - value_1) ** 2 + (value_2 - limits_2[0]) ** 2).sqrt()
        return gap - below, gap + above
