"""Values and their text, against the method's cases and against exact fractions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.indicators.calculations.formulas import exact_fraction, exact_value, plain, written
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.tests.tables_of_method import table
from guichet.indicators.tests.worked_formulas import cases_of, definition, numbers

SHARE = definition(Kind.SHARE)
BOUNDS = tuple(Decimal(bound) for bound in (1, 3, 7))


RULES_TESTED = {
    *("share", "difference", "net_share", "mean", "quantile", "verdict"),
    *("wilson", "newcombe", "net_share_difference", "mean_difference"),
    *("period_above", "previous_and_year_before"),
}


def test_no_rule_of_the_method_is_left_untested():
    assert {row["rule"] for row in table("worked_formulas.csv")} == RULES_TESTED


@pytest.mark.parametrize(("inputs", "expected"), cases_of("share"))
def test_shares_of_the_method(inputs, expected):
    assert written(exact_value(SHARE, numbers(inputs, "part", "whole")), SHARE) == expected


@pytest.mark.parametrize(("inputs", "expected"), cases_of("difference"))
def test_a_difference_is_rounded_once_away_from_zero_and_has_no_minus_zero(inputs, expected):
    first = exact_fraction(SHARE, numbers(inputs, "part_1", "whole_1"))
    second = exact_fraction(SHARE, numbers(inputs, "part_2", "whole_2"))
    assert written(first - second, SHARE) == expected
    assert (
        written(
            exact_value(SHARE, numbers(inputs, "part_1", "whole_1"))
            - exact_value(SHARE, numbers(inputs, "part_2", "whole_2")),
            SHARE,
        )
        == expected
    )


def test_a_difference_of_thirds_that_is_a_tie_rounds_as_a_tie():
    """1/3 − 13/48 = 1/16: two quotients cut at 50 digits would give 6.2499…"""
    gap = exact_fraction(SHARE, (1, 3)) - exact_fraction(SHARE, (13, 48))
    assert written(gap, SHARE) == "6.3"


@pytest.mark.parametrize(("inputs", "expected"), cases_of("net_share"))
def test_net_shares_of_the_method(inputs, expected):
    net = definition(Kind.NET_SHARE)
    counters = numbers(inputs, "favourable", "unfavourable", "whole")
    assert written(exact_value(net, counters), net) == expected.split(";")[0]


@pytest.mark.parametrize(("inputs", "expected"), cases_of("mean"))
def test_means_of_the_method(inputs, expected):
    mean = definition(Kind.MEAN)
    counters = numbers(inputs, "sum", "sum_squares", "count")
    assert written(exact_value(mean, counters), mean) == expected.split(";")[0]


def test_a_distribution_publishes_the_share_at_or_under_its_reference():
    spread = definition(Kind.DISTRIBUTION, bounds=BOUNDS, reference=Decimal(3))
    assert exact_value(spread, (2, 3, 4, 1)) == 50


def test_a_distribution_without_a_right_reference_is_refused():
    spread = definition(Kind.DISTRIBUTION, bounds=BOUNDS, reference=Decimal(4))
    with pytest.raises(ValueError, match="borne de référence"):
        exact_value(spread, (2, 3, 4, 1))


def test_a_count_is_a_whole_number_however_large():
    count = definition(Kind.COUNT)
    assert written(exact_value(count, (12_345_678_901_234,)), count) == "12345678901234"


@pytest.mark.parametrize("counters", [None, (0, 0)])
def test_missing_and_nobody_have_no_value(counters):
    assert exact_value(SHARE, counters) is None


def test_the_value_has_fifty_digits():
    assert str(exact_value(SHARE, (2, 3))) == "66." + "6" * 47 + "7"


@settings(deadline=None)
@given(part=st.integers(0, 10**12), more=st.integers(0, 10**12))
def test_a_share_is_written_as_decimals_round_it(part, more):
    whole = part + more or 1
    exact = exact_value(SHARE, (part, whole))
    by_decimal = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    assert written(exact, SHARE) == f"{by_decimal:f}"
    assert written(exact_fraction(SHARE, (part, whole)), SHARE) == f"{by_decimal:f}"


@settings(deadline=None)
@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_rounding_is_never_further_than_half_a_tenth_and_is_odd(value):
    text = written(value, SHARE)
    assert abs(Fraction(text) - value) <= Fraction(1, 20)
    assert written(-value, SHARE).removeprefix("-") == text.removeprefix("-")
    assert text != "-0.0"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("12.4000", "12.4"),
        ("7", "7"),
        ("100", "100"),
        ("1E+2", "100"),
        ("-0.0", "0"),
        ("0.5", "0.5"),
    ],
)
def test_what_was_typed_is_written_plainly(typed, text):
    assert plain(Decimal(typed)) == text
