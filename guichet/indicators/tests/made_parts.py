"""Parts for tests: sites in départements over periods, summed up as the roll-up sums."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
from hypothesis import strategies as st

from guichet.core import periods
from guichet.indicators.calculations.kinds import Kind

PLACES = [("structure", "S1", "01"), ("structure", "S2", "01"), ("pool", "pool~S~02", "02"),
          ("structure", "S4", "02"), ("pool", "pool~R1", ""), ("structure", "S6", "")]  # fmt: skip


def table_of(rows, counters):
    """A table in the shape that `figure_slices` takes: (level, place, departement, period, cut,
    counters or None, expected, received)."""
    names = ("level", "place", "departement", "period", "cut")
    columns = {name: [row[rank] for row in rows] for rank, name in enumerate(names)}
    for rank in range(12):
        given = [row[5][rank] if row[5] and rank < counters else None for row in rows]
        columns[f"c{rank + 1}"] = pa.array(given, pa.int64())
    for rank, name in ((6, "expected"), (7, "received")):
        columns[name] = pa.array([row[rank] for row in rows], pa.int64())
    return pa.table(columns)


def summed_up(cells, counters, *, is_summed=True):
    """A part from {(place of PLACES, period, cut): counters or None}."""
    sums = defaultdict(lambda: [[0] * counters, 0, 0])
    for ((level, place, departement), period, cut), given in cells.items():
        targets = [(level, place, departement)]
        if is_summed:
            targets.append(("nation", "FR", ""))
            targets += [("departement", departement, "")] if departement else []
        for target in targets:
            for code in {period, *(periods.periods_above(period) if is_summed else ())}:
                for summed_cut in {cut, ""} if is_summed else {cut}:
                    add(sums[(*target, code, summed_cut)], given)
    rows = [
        (*key, tuple(total) if received else None, expected, received)
        for key, (total, expected, received) in sorted(sums.items())
    ]
    return table_of(rows, counters)


def add(sums, given):
    sums[1] += 1
    if given is not None:
        sums[0] = [a + b for a, b in zip(sums[0], given, strict=True)]
        sums[2] += 1


def sizes(largest):
    """Numbers of cases: small ones, those whose shares are often ties, and very large ones."""
    return st.one_of(
        st.integers(0, 40),
        st.sampled_from([10, 16, 30, 40, 48, 80, 100, 150, 200, 2000, 4000]),
        st.integers(0, largest),
    )


def counters_of(definition):
    """Counters that a batch would accept, for one cell."""
    return {
        Kind.SHARE: shares,
        Kind.NET_SHARE: net_shares,
        Kind.MEAN: means,
        Kind.DISTRIBUTION: lambda: st.tuples(*[sizes(10**12)] * len(definition.counters)),
        Kind.COUNT: lambda: st.tuples(sizes(10**12)),
    }[definition.kind]()


@st.composite
def shares(draw):
    whole = draw(sizes(10**12))
    return draw(st.integers(0, whole)), whole


@st.composite
def net_shares(draw):
    whole = draw(sizes(10**12))
    favourable = draw(st.integers(0, whole))
    return favourable, draw(st.integers(0, whole - favourable)), whole


@st.composite
def means(draw):
    """From values near to each other, so that the variance is what is left of large numbers."""
    count = draw(st.one_of(st.integers(0, 60), st.integers(0, 10**6)))
    level = draw(st.integers(0, 10**5))
    above = draw(st.integers(0, count))
    return count * level + above, count * level**2 + above * (2 * level + 1), count
