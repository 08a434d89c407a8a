"""Quantiles as two bounds, against the method's cases."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.calculations.quantiles import quantile
from guichet.indicators.tests.worked_formulas import cases_of, definition

BOUNDS = tuple(Decimal(bound) for bound in (1, 3, 7, 15))
SAMPLE = definition(Kind.DISTRIBUTION, bounds=BOUNDS, reference=Decimal(7))
CENSUS = definition(Kind.DISTRIBUTION, nature="census", bounds=BOUNDS, reference=Decimal(7))


@pytest.mark.parametrize(("inputs", "expected"), cases_of("quantile"))
def test_quantiles_of_the_method(inputs, expected):
    bounds = tuple(Decimal(bound) for bound in inputs["bounds"].split("|"))
    buckets = [int(cases) for cases in inputs["buckets"].split("|")]
    spread = definition(Kind.DISTRIBUTION, bounds=bounds, reference=bounds[0])
    found = quantile(spread, buckets, Decimal(inputs["q"]))
    limits = (found.above, found.at_most, found.interval_above, found.interval_at_most)
    assert ";".join("" if limit is None else str(limit) for limit in limits) == expected


def test_a_census_has_no_interval():
    found = quantile(CENSUS, (1, 1, 1, 1, 0), Decimal("0.5"))
    assert (found.above, found.at_most) == (1, 3)
    assert (found.interval_above, found.interval_at_most) == (None, None)


@pytest.mark.parametrize("buckets", [None, (0, 0, 0, 0, 0)])
def test_without_cases_there_is_no_quantile(buckets):
    assert quantile(SAMPLE, buckets, Decimal("0.5")) is None


def test_a_cumulated_share_equal_to_the_quantile_reaches_it():
    assert quantile(CENSUS, (9, 0, 0, 0, 1), Decimal("0.9")).at_most == 1


def test_a_quantile_in_the_last_bucket_is_open():
    found = quantile(SAMPLE, (0, 0, 0, 0, 5), Decimal("0.5"))
    assert (found.above, found.at_most, found.interval_at_most) == (15, None, None)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any),
    st.sampled_from([Decimal("0.1"), Decimal("0.5"), Decimal("0.9")]),
)
def test_the_bounds_hold_the_quantile_and_lie_within_the_interval(buckets, q):
    found = quantile(SAMPLE, buckets, q)
    cumulated = dict(zip([*BOUNDS, None], accumulate(buckets), strict=True))
    assert cumulated[found.at_most] >= q * sum(buckets)
    assert found.above == 0 or cumulated[found.above] < q * sum(buckets)
    assert found.interval_above <= found.above
    assert found.interval_at_most is None or found.interval_at_most >= found.at_most
