"""The fast lines are, letter for letter, those of the exact functions, near ties above all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.indicators.calculations.bulk.judging import judged, meets_target
from guichet.indicators.calculations.bulk.rounding import rounded, written_column
from guichet.indicators.calculations.bulk.sides import Side
from guichet.indicators.calculations.bulk.spreads import buckets_of, woodruff_buckets
from guichet.indicators.calculations.figures import interval_columns, own_columns
from guichet.indicators.calculations.formulas import written_quotient
from guichet.indicators.calculations.intervals import difference_interval, interval, wilson
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.calculations.verdicts import Cell, compare
from guichet.indicators.tests.made_parts import PLACES, counters_of, summed_up
from guichet.indicators.tests.plain_figures import own_columns as plain_own_columns
from guichet.indicators.tests.plain_figures import plain_lines, plain_quantiles, text
from guichet.indicators.tests.whole_figures import figure_table, quantile_table
from guichet.indicators.tests.worked_formulas import definition

BOUNDS = tuple(Decimal(bound) for bound in ("1", "3", "7.5"))
VERDICTS = ["", "insufficient", "no_clear_difference", "better", "worse"]


@st.composite
def definitions(draw):
    """Any kind, nature, direction and limit; margins and targets that values often equal."""
    return definition(
        draw(st.sampled_from(Kind)),
        nature=draw(st.sampled_from(["sample", "census"])),
        direction=draw(st.sampled_from(["higher", "lower", "none"])),
        margin=draw(st.sampled_from(["0", "0.5", "3", "10", "0.0001"])),
        minimum=draw(st.sampled_from([1, 10])),
        target=draw(st.sampled_from([None, "50", "85", "12.5", "0"])),
        bounds=BOUNDS,
        reference=draw(st.sampled_from(BOUNDS)),
        is_summed=draw(st.sampled_from([True, True, True, False])),
    )


CALENDARS = {
    "months": (["2024-11", "2024-12"], ["2025-01", "2025-02", "2025-03"], date(2025, 3, 31)),
    "weeks": (["2024-W51", "2024-W52"], ["2025-W01", "2025-W52"], date(2025, 12, 28)),
    "days": (["2024-03-01", "2024-12-31"], ["2025-01-01", "2025-03-01"], date(2025, 12, 31)),
    "quarters": (["2024-Q4"], ["2025-Q1", "2025-Q4"], date(2025, 12, 31)),
    "years": (["2024"], ["2025"], date(2025, 12, 31)),
}


@st.composite
def parts(draw):
    """A definition, the part of a year and of the year before, and what else their lines need."""
    asked = draw(definitions())
    before, now, through = CALENDARS[draw(st.sampled_from(sorted(CALENDARS)))]
    cuts = draw(st.sampled_from([[""], ["courrier", "en-ligne"]]))
    given_counters = st.one_of(st.none(), counters_of(asked))
    tables = []
    for periods in (before, now):
        keys = [(place, period, cut) for place in PLACES for period in periods for cut in cuts]
        kept = draw(st.lists(st.sampled_from(keys), unique=True, min_size=1, max_size=12))
        cells = {key: draw(given_counters) for key in kept}
        tables.append(summed_up(cells, len(asked.counters), is_summed=asked.is_summed))
    members = st.sampled_from([("A", "B"), ("B", "A"), ("A", "B", "C")])
    pools = [{p[1]: draw(members) for p in PLACES if p[0] == "pool"} for _ in range(2)]
    return (
        asked,
        tables[1],
        draw(st.sampled_from([None, tables[0]])),
        {
            "network": "REL",
            "through": through,
            "pools": pools[0],
            "previous_pools": pools[1],
        },
    )


def side_of(asked, cells):
    counters = tuple(
        np.array([cell.counters[rank] if cell.counters else 0 for cell in cells], np.int64)
        for rank in range(len(asked.counters))
    )
    coverage = [np.array([getattr(c, name) for c in cells]) for name in ("expected", "received")]
    return Side(asked, counters, *coverage)


@settings(max_examples=150, deadline=None)
@given(parts())
def test_lines_are_those_of_the_exact_functions(given_part):
    asked, part, previous, beside = given_part
    found = figure_table(part, previous, asked, **beside)
    lines = [list(row.values()) for row in found.to_pylist()]
    assert lines == plain_lines(part, previous, asked, **beside)


@settings(max_examples=100, deadline=None)
@given(st.data(), st.sampled_from(["sample", "census"]))
def test_quantiles_are_those_of_the_exact_function(data, nature):
    asked = definition(Kind.DISTRIBUTION, nature=nature, bounds=BOUNDS, reference=BOUNDS[0])
    given_counters = st.one_of(st.none(), counters_of(asked))
    cells = {(place, "2025-01", ""): data.draw(given_counters) for place in PLACES}
    part = summed_up(cells, len(asked.counters))
    found = quantile_table(part, asked, network="REL")
    assert [list(r.values()) for r in found.to_pylist()] == plain_quantiles(
        part, asked, network="REL"
    )


@st.composite
def near_ties(draw):
    """A share at, just under or just above a half of a tenth of a point."""
    whole = draw(st.integers(1, 10**9)) * 2000
    part = whole // 2000 * (2 * draw(st.integers(0, 999)) + 1) + draw(st.integers(-1, 1))
    return part, whole


@settings(deadline=None)
@given(st.lists(near_ties(), min_size=1, max_size=20))
def test_shares_near_ties_round_exactly(pairs):
    asked = definition(Kind.SHARE, nature="census")
    cells = [Cell(pair, 1, 1) for pair in pairs]
    found = own_columns(side_of(asked, cells))["value"].to_pylist()
    assert found == [written_quotient(1000 * part, 10 * whole, 1) for part, whole in pairs]


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize(("twentieths", "margin"), [(60, "3"), (61, "3"), (0, "0"), (-60, "3")])
def test_gaps_at_a_tie_or_at_the_margin_give_or_take_one_case_are_exact(twentieths, margin, step):
    """`twentieths` of a point between the two, of every share from 5 to 95 points."""
    asked = definition(Kind.SHARE, nature="census", margin=margin, minimum=1)
    ranks = range(100, 1900)
    own = [Cell((3 * (rank + twentieths) + step, 6000), 1, 1) for rank in ranks]
    rest = [Cell((7 * 10**6 * rank, 14 * 10**9), 1, 1) for rank in ranks]
    assert_judged(asked, own, rest)


def assert_judged(asked, own, rest):
    found = judged(side_of(asked, own), side_of(asked, rest))
    exact = [compare(asked, *pair) for pair in zip(own, rest, strict=True)]
    assert written_column(found.gap).to_pylist() == [text(c.gap, asked) for c in exact]
    assert written_column(found.other).to_pylist() == [text(c.other, asked) for c in exact]
    assert [VERDICTS[rank] for rank in found.verdict] == [c.verdict for c in exact]
    return found


def least_part(whole, holds):
    """The least part of a whole of which `holds` is true, as it stays true above it."""
    low, high = 0, whole
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


WHOLE = 10**15
"""Of as many answers, one case moves a limit by 1e-15, as much as floats may err."""
SHARES = range(5, 95, 6)


def test_verdicts_one_case_away_from_an_interval_that_holds_zero_are_exact():
    asked = definition(Kind.SHARE, margin=0)
    own, rest = [], []
    for percent in SHARES:
        other = (WHOLE // 100 * percent, WHOLE)
        first = least_part(
            WHOLE, lambda part, other=other: difference_interval(asked, (part, WHOLE), other)[0] > 0
        )
        own += [Cell((first + step, WHOLE), 1, 1) for step in (-1, 0)]
        rest += [Cell(other, 1, 1)] * 2
    found = assert_judged(asked, own, rest)
    verdicts = [VERDICTS[rank] for rank in found.verdict]
    assert verdicts == ["no_clear_difference", "better"] * len(SHARES)


@pytest.mark.parametrize("which", [0, 1])
def test_limits_one_case_away_from_a_tie_are_exact(which):
    asked = definition(Kind.SHARE)
    cells, expected = [], []
    for percent in SHARES:
        tie = Decimal(percent) / 100 + Decimal("0.0005")
        first = least_part(WHOLE, lambda part, tie=tie: wilson(part, WHOLE)[which] >= tie)
        cells += [Cell((first + step, WHOLE), 1, 1) for step in (-1, 0)]
        expected += [f"{percent}.0", f"{percent}.1"]
    assert interval_columns(side_of(asked, cells))[which].to_pylist() == expected


@pytest.mark.parametrize("which", [0, 1])
def test_quantiles_one_case_away_from_a_limit_are_exact(which):
    asked = definition(Kind.DISTRIBUTION, bounds=BOUNDS, reference=BOUNDS[0])
    found = []
    for percent in SHARES:
        q = Decimal(percent) / 100
        first = least_part(WHOLE, lambda part, q=q: wilson(part, WHOLE)[which] >= q)
        parts = (first - 1, first)
        cells = [Cell((part, 0, 0, WHOLE - part), 1, 1) for part in parts]
        found += woodruff_buckets(side_of(asked, cells), q)[1 - which].tolist()
    assert found == [3, 0] * len(SHARES)


@pytest.mark.parametrize("q", [Decimal("0.5"), Decimal("0.9"), Decimal("0.7")])
def test_quantiles_one_case_away_from_their_count_are_exact(q):
    asked = definition(Kind.DISTRIBUTION, bounds=BOUNDS, reference=BOUNDS[0])
    wholes = [10 * size for size in (3, 7, 10**12 + 1, 10**17 + 3)]
    cells = [
        Cell((part, 0, whole - part, 0), 1, 1)
        for whole in wholes
        for part in (int(q * whole) - 1, int(q * whole))
    ]
    assert buckets_of(side_of(asked, cells), q).tolist() == [2, 0] * len(wholes)


@pytest.mark.parametrize(
    ("direction", "expected"), [("higher", [False, True, True]), ("lower", [True, True, False])]
)
def test_targets_one_case_away_are_exact(direction, expected):
    for percent in SHARES:
        asked = definition(Kind.SHARE, target=percent, direction=direction)
        steps = (-1, 0, 1)
        cells = [Cell((WHOLE // 100 * percent + step, WHOLE), 1, 1) for step in steps]
        assert meets_target(side_of(asked, cells), Fraction(percent)).tolist() == expected


def test_a_small_spread_of_large_numbers_keeps_its_digits():
    """Fifty values of 10^8 and fifty of one more: floats would lose the whole of their spread."""
    asked = definition(Kind.MEAN)
    level = 10**8
    counters = (100 * level + 50, 100 * level**2 + 50 * (2 * level + 1), 100)
    found = [limit[0].as_py() for limit in interval_columns(side_of(asked, [Cell(counters, 1, 1)]))]
    assert found == ["100000000.4", "100000000.6"]
    assert found == [text(limit, asked) for limit in interval(asked, counters)]


def test_numbers_too_large_for_a_float_are_written_exactly():
    asked = definition(Kind.MEAN, nature="census", minimum=1)
    rows = [(9 * 10**18 + 7, 9 * 10**18, 1), (4 * 10**17 + 3, 0, 7)]
    cells = [Cell(row, 1, 1) for row in rows]
    found = own_columns(side_of(asked, cells))["value"].to_pylist()
    assert found == [plain_value(asked, row) for row in rows]
    assert found[0] == "9000000000000000007.0"
    assert_judged(asked, cells, cells[::-1])


def plain_value(asked, counters):
    row = {f"c{rank}": counter for rank, counter in enumerate(counters, start=1)}
    row |= {"expected": 1, "received": 1, **dict.fromkeys(("level", "place", "period", "cut"), "")}
    return plain_own_columns(row, asked)["value"]


def test_a_certain_rounding_asks_nothing_of_the_exact_functions():
    def never(row):
        raise AssertionError(f"row {row} is not doubtful")

    values = np.array([12.34, -0.04, 99.96, 0.0])
    found = rounded(values, None, np.ones(4, np.bool_), 1, never)
    assert written_column(found).to_pylist() == ["12.3", "0.0", "100.0", "0.0"]


def test_a_doubtful_rounding_asks_for_the_exact_text():
    found = rounded(np.array([6.25, 6.26]), None, np.ones(2, np.bool_), 1, lambda row: "exact")
    assert written_column(found).to_pylist() == ["exact", "6.3"]
