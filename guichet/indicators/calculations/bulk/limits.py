"""Intervals over arrays, as `intervals` computes them one by one, with a bound of their error.

Owns the floats; refuses to settle a doubtful row: `intervals` does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from guichet.indicators.calculations.bulk.sides import Bools, Floats, Ints, Side
from guichet.indicators.calculations.formulas import FACTOR
from guichet.indicators.calculations.intervals import LEAST_FOR_MEAN, Z
from guichet.indicators.calculations.kinds import Kind

ERROR = 1e-12
"""Bound of the error of a limit of a share, and of the relative error of one of a mean; what the
few operations lose is some 1e-15."""
SAFE = 2.0**62

z = float(Z)


@dataclass(frozen=True)
class Limits:
    """In percent, points or the unit; `error` bounds that of both."""

    low: Floats
    high: Floats
    error: Floats


def has_interval(side: Side) -> Bools:
    """As `intervals.has_interval`, row by row."""
    definition = side.definition
    if not definition.is_sample or definition.kind is Kind.COUNT:
        return np.zeros(len(side.expected), np.bool_)
    least = LEAST_FOR_MEAN if definition.kind is Kind.MEAN else 1
    return side.has_value & (side.whole >= least)


def limits(side: Side) -> Limits:
    """Of the value of each row; every row must have an interval."""
    kind = side.definition.kind
    if kind is Kind.MEAN:
        half = z * np.sqrt(squared_errors(side))
        return Limits(side.value - half, side.value + half, ERROR * (np.abs(side.value) + half))
    low, high = bonett_price(side) if kind is Kind.NET_SHARE else wilson(side.cases, side.whole)
    error = np.full(len(low), FACTOR[kind] * ERROR)
    return Limits(FACTOR[kind] * low, FACTOR[kind] * high, error)


def wilson(part: Ints, whole: Ints) -> tuple[Floats, Floats]:
    cases = whole.astype(np.float64)
    share = part / cases
    shrunk = 1 + z * z / cases
    centre = (share + z * z / (2 * cases)) / shrunk
    half = z / shrunk * np.sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def bonett_price(side: Side) -> tuple[Floats, Floats]:
    size = side.whole.astype(np.float64) + 2
    for_, against = ((counter + 1) / size for counter in side.counters[:2])
    net = for_ - against
    half = z * np.sqrt((for_ + against - net * net) / size)
    return np.maximum(net - half, -1.0), np.minimum(net + half, 1.0)


def squared_errors(side: Side) -> Floats:
    """s² ÷ n. What cancels, n × sum of squares − sum², is subtracted in integers."""
    total, squares, count = side.counters
    sizes = count.astype(np.float64)
    is_safe = np.maximum(sizes * squares, total.astype(np.float64) ** 2) < SAFE
    with np.errstate(over="ignore"):
        spread = (count * squares - total * total).astype(np.float64)
    for row in np.flatnonzero(~is_safe).tolist():
        spread[row] = float(int(count[row]) * int(squares[row]) - int(total[row]) * int(total[row]))
    return spread / (sizes * sizes * (sizes - 1))


def difference_limits(first: Side, second: Side) -> Limits:
    """Of first − second, square and add; every row of both must have an interval."""
    one, other = limits(first), limits(second)
    gap = first.value - second.value
    below = np.hypot(first.value - one.low, other.high - second.value)
    above = np.hypot(one.high - first.value, second.value - other.low)
    return Limits(gap - below, gap + above, 2 * (one.error + other.error))
