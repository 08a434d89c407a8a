"""Which bucket holds a quantile, over arrays, as `quantiles` finds it one by one.

Owns ranks of buckets; refuses to settle a doubtful row: `quantiles` does.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from guichet.indicators.calculations.bulk.limits import ERROR, wilson
from guichet.indicators.calculations.bulk.rounding import rows_of
from guichet.indicators.calculations.bulk.sides import Bools, Floats, Ints, Side
from guichet.indicators.calculations.intervals import wilson as exact_wilson


def cumulated(side: Side) -> list[Ints]:
    """Cases in each bucket and all those under it."""
    found = [side.counters[0]]
    for counter in side.counters[1:]:
        found.append(found[-1] + counter)
    return found


def buckets_of(side: Side, q: Decimal) -> Ints:
    """The rank of the first bucket whose cumulated count is at least q × whole.

    As counts only grow, it is the number of buckets that do not reach it.
    """
    wanted, parts = q.as_integer_ratio()
    rank = np.zeros(len(side.whole), np.int64)
    for cases in cumulated(side):
        reached = cases / side.whole
        lacks = reached < float(q)
        for row in rows_of(np.abs(reached - float(q)) <= ERROR):
            lacks[row] = parts * int(cases[row]) < wanted * int(side.whole[row])
        rank += lacks
    return rank


def woodruff_buckets(side: Side, q: Decimal) -> tuple[Ints, Ints]:
    """Ranks of the first buckets whose upper, whose lower Wilson limit reaches q; else the last."""
    first = np.zeros(len(side.whole), np.int64)
    last = np.zeros(len(side.whole), np.int64)
    for cases in cumulated(side):
        low, high = wilson(cases, side.whole)
        first += under(high, cases, side, q, 1)
        last += under(low, cases, side, q, 0)
    most = len(side.counters) - 1
    return np.minimum(first, most), np.minimum(last, most)


def under(limit: Floats, cases: Ints, side: Side, q: Decimal, which: int) -> Bools:
    found: Bools = limit < float(q)
    for row in rows_of(np.abs(limit - float(q)) <= ERROR):
        found[row] = exact_wilson(int(cases[row]), int(side.whole[row]))[which] < q
    return found
