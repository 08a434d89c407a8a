"""Intervals, against the method's cases and against statsmodels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import DescrStatsW

from guichet.indicators.calculations.intervals import (
    bonett_price,
    difference_interval,
    interval,
    wilson,
)
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.tests.worked_formulas import cases_of, definition, numbers

SHARE = definition(Kind.SHARE)
NET = definition(Kind.NET_SHARE)
MEAN = definition(Kind.MEAN)
SIX = Decimal("0.000001")


def six_decimals(limits, divided_by=1):
    return ";".join(f"{(limit / divided_by).quantize(SIX):f}" for limit in limits)


@st.composite
def shares(draw, largest=100_000):
    whole = draw(st.integers(1, largest))
    return draw(st.integers(0, whole)), whole


@pytest.mark.parametrize(("inputs", "expected"), cases_of("wilson"))
def test_wilson_limits_of_the_method(inputs, expected):
    counters = numbers(inputs, "part", "whole")
    assert six_decimals(wilson(*counters)) == expected
    assert six_decimals(interval(SHARE, counters), 100) == expected


@pytest.mark.parametrize(("inputs", "expected"), cases_of("newcombe"))
def test_newcombe_limits_of_the_method(inputs, expected):
    first, second = numbers(inputs, "part_1", "whole_1"), numbers(inputs, "part_2", "whole_2")
    assert six_decimals(difference_interval(SHARE, first, second), 100) == expected


@pytest.mark.parametrize(("inputs", "expected"), cases_of("net_share"))
def test_bonett_price_limits_of_the_method(inputs, expected):
    counters = numbers(inputs, "favourable", "unfavourable", "whole")
    assert six_decimals(interval(NET, counters), 100) == expected.split(";", 1)[1]


@pytest.mark.parametrize(("inputs", "expected"), cases_of("net_share_difference"))
def test_differences_of_net_shares_of_the_method(inputs, expected):
    names = ("favourable", "unfavourable", "whole")
    sides = [numbers(inputs, *(f"{name}_{side}" for name in names)) for side in (1, 2)]
    assert six_decimals(difference_interval(NET, *sides), 100) == expected


@pytest.mark.parametrize(("inputs", "expected"), cases_of("mean"))
def test_limits_of_means_of_the_method(inputs, expected):
    found = interval(MEAN, numbers(inputs, "sum", "sum_squares", "count"))
    assert (six_decimals(found) if found else ";") == expected.split(";", 1)[1]


@pytest.mark.parametrize(("inputs", "expected"), cases_of("mean_difference"))
def test_differences_of_means_of_the_method(inputs, expected):
    names = ("sum", "sum_squares", "count")
    sides = [numbers(inputs, *(f"{name}_{side}" for name in names)) for side in (1, 2)]
    assert six_decimals(difference_interval(MEAN, *sides)) == expected


@settings(deadline=None)
@given(shares())
def test_wilson_agrees_with_statsmodels(counters):
    low, high = wilson(*counters)
    peer = proportion_confint(*counters, method="wilson")
    assert (float(low), float(high)) == pytest.approx(peer, abs=1e-12)


@settings(deadline=None)
@given(shares(), shares())
def test_newcombe_agrees_with_statsmodels(first, second):
    found = difference_interval(SHARE, first, second)
    peer = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert [float(limit) / 100 for limit in found] == pytest.approx(peer, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 500), min_size=30, max_size=60),
    st.lists(st.integers(0, 500), min_size=30, max_size=60),
)
def test_means_agree_with_statsmodels(first, second):
    sides = [(sum(v), sum(n * n for n in v), len(v)) for v in (first, second)]
    peer = DescrStatsW(first).zconfint_mean()
    assert [float(limit) for limit in interval(MEAN, sides[0])] == pytest.approx(peer, abs=1e-6)
    found = [float(limit) for limit in difference_interval(MEAN, *sides)]
    errors = [DescrStatsW(v).std_mean ** 2 for v in (first, second)]
    gap = sides[0][0] / sides[0][2] - sides[1][0] / sides[1][2]
    half = 1.959963984540054 * sum(errors) ** 0.5
    assert found == pytest.approx([gap - half, gap + half], abs=1e-6)


@pytest.mark.parametrize("counters", [None, (0, 0)])
def test_nobody_asked_has_no_interval(counters):
    assert interval(SHARE, counters) is None
    assert difference_interval(SHARE, (5, 10), counters) is None


def test_a_census_and_a_count_have_no_interval():
    assert interval(definition(Kind.SHARE, nature="census"), (5, 10)) is None
    assert interval(definition(Kind.COUNT), (50,)) is None


def test_a_mean_has_an_interval_from_thirty():
    assert interval(MEAN, (290, 3000, 29)) is None
    assert interval(MEAN, (300, 3100, 30)) is not None


@settings(deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_limits_stay_within_what_is_possible(favourable, unfavourable, others):
    whole = favourable + unfavourable + others or 1
    low, high = bonett_price(favourable, unfavourable, whole)
    assert -1 <= low <= high <= 1
    low, high = wilson(favourable, whole)
    assert 0 <= low <= high <= 1
