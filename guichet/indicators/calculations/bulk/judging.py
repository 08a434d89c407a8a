"""Verdicts over arrays, as `verdicts` gives them one by one.

Owns the same order of rules; refuses to settle a doubtful row: `verdicts` and `intervals` do.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from guichet.indicators.calculations.bulk.limits import difference_limits
from guichet.indicators.calculations.bulk.rounding import ERROR, Rounded, rounded, rows_of
from guichet.indicators.calculations.bulk.sides import Bools, Ints, Side
from guichet.indicators.calculations.formulas import decimals_of, written_quotient
from guichet.indicators.calculations.intervals import difference_interval

NOT_COMPARED, INSUFFICIENT, NEITHER, ABOVE, BELOW = range(5)


@dataclass(frozen=True)
class Judged:
    """`verdict` holds ranks: not compared, insufficient, neither, above, below."""

    other: Rounded
    gap: Rounded
    verdict: Ints


def judged(own: Side, other: Side) -> Judged:
    """As `verdicts.judged`, for rows that have a value and whose other side expects cells."""
    decimals = decimals_of(own.definition)

    def text_of_other(row: int) -> str:
        return written_quotient(*other.quotient(row), decimals)

    def text_of_gap(row: int) -> str:
        return written_quotient(*gap_quotient(own, other, row), decimals)

    value = rounded(other.value, None, other.has_value, decimals, text_of_other)
    is_enough = own.is_enough & other.is_enough & other.has_value
    difference = own.value - other.value
    error = ERROR * (np.abs(own.value) + np.abs(other.value))
    gap = rounded(difference, error, is_enough, decimals, text_of_gap)
    verdict = np.full(len(difference), INSUFFICIENT)
    verdict[is_enough] = NEITHER
    side = side_of_margin(own, other, is_enough)
    if own.definition.is_sample:
        rows = np.flatnonzero(side)
        side[rows] *= excludes_zero(own.take(rows), other.take(rows))
    verdict[side > 0] = ABOVE
    verdict[side < 0] = BELOW
    return Judged(value, gap, verdict)


def gap_quotient(own: Side, other: Side, row: int) -> tuple[int, int]:
    """The difference of two values as one quotient of integers."""
    (cases, whole), (other_cases, other_whole) = own.quotient(row), other.quotient(row)
    return cases * other_whole - other_cases * whole, whole * other_whole


def side_of_margin(own: Side, other: Side, asked: Bools) -> Ints:
    """1 or -1 where the gap exceeds the margin, above or below; else 0."""
    margin = Fraction(own.definition.margin)
    gap = own.value - other.value
    error = ERROR * (np.abs(own.value) + np.abs(other.value) + float(margin))
    found = np.where(asked & (np.abs(gap) > float(margin)), np.sign(gap), 0).astype(np.int64)
    for row in rows_of(asked & (np.abs(np.abs(gap) - float(margin)) <= error)):
        cases, whole = gap_quotient(own, other, row)
        exceeds = abs(cases) * margin.denominator > margin.numerator * whole
        found[row] = (1 if cases > 0 else -1) if exceeds else 0
    return found


def excludes_zero(own: Side, other: Side) -> Bools:
    limits = difference_limits(own, other)
    found = (limits.low > 0) | (limits.high < 0)
    nearest = np.minimum(np.abs(limits.low), np.abs(limits.high))
    for row in rows_of(nearest <= limits.error):
        exact = difference_interval(own.definition, own.counters_of(row), other.counters_of(row))
        found[row] = exact is not None and not exact[0] <= 0 <= exact[1]
    return found


def meets_target(side: Side, target: Fraction) -> Bools:
    """As `verdicts.target`, for rows that have a value."""
    is_lower_better = side.definition.direction == "lower"
    distance = (float(target) - side.value) if is_lower_better else (side.value - float(target))
    found = distance >= 0
    error = ERROR * (np.abs(side.value) + abs(float(target)))
    for row in rows_of(side.has_value & (np.abs(distance) <= error)):
        cases, whole = side.quotient(row)
        excess = cases * target.denominator - target.numerator * whole
        found[row] = excess <= 0 if is_lower_better else excess >= 0
    return found
