"""The order of the rules of comparison, target and change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.calculations.verdicts import Cell, change, compare, state, target
from guichet.indicators.tests.worked_formulas import cases_of, definition, numbers

CENSUS = definition(Kind.SHARE, nature="census")
SAMPLE = definition(Kind.SHARE)
MEAN = definition(Kind.MEAN)
ENOUGH = Cell((85, 100), 1, 1)


@pytest.mark.parametrize(("inputs", "expected"), cases_of("verdict"))
def test_verdicts_of_the_method(inputs, expected):
    asked = definition(
        Kind.SHARE,
        nature=inputs["nature"],
        direction=inputs["direction"],
        margin=inputs["margin"],
        minimum=int(inputs["minimum"]),
    )
    sides = [
        Cell(
            numbers(inputs, f"part_{side}", f"whole_{side}"),
            int(inputs[f"expected_{side}"]),
            int(inputs[f"received_{side}"]),
        )
        for side in (1, 2)
    ]
    assert compare(asked, *sides).verdict == expected


@pytest.mark.parametrize("own", [Cell(None, 1, 0), Cell((0, 0), 1, 1)], ids=["missing", "no_whole"])
def test_without_a_value_of_its_own_nothing_is_compared(own):
    found = compare(SAMPLE, own, ENOUGH)
    assert (found.other, found.gap, found.verdict) == (None, None, "")


def test_a_raw_number_is_not_compared():
    assert compare(definition(Kind.COUNT), Cell((90,), 1, 1), Cell((80,), 1, 1)).verdict == ""


def test_insufficient_keeps_the_value_of_the_rest_and_no_gap():
    found = compare(CENSUS, Cell((8, 9), 1, 1), ENOUGH)
    assert (found.other, found.gap, found.verdict) == (85, None, "insufficient")


def test_fewer_than_ten_cases_are_not_compared_whatever_the_minimum():
    public = definition(Kind.SHARE, nature="census", minimum=1)
    assert compare(public, Cell((1, 1), 1, 1), ENOUGH).verdict == "insufficient"
    assert compare(public, Cell((9, 9), 1, 1), ENOUGH).verdict == "insufficient"
    assert compare(public, Cell((10, 10), 1, 1), ENOUGH).verdict == "better"


def test_insufficient_without_cases_in_the_rest_has_no_value_of_it():
    assert compare(CENSUS, ENOUGH, Cell((0, 0), 2, 2)).other is None


def test_equal_to_the_margin_is_told_on_exact_values():
    """7/60 − 13/150 is 3 points; as two quotients of 50 digits it would exceed them by 3e-49."""
    found = compare(CENSUS, Cell((7, 60), 1, 1), Cell((13, 150), 1, 1))
    assert (found.gap, found.verdict) == (3, "no_clear_difference")


def test_a_mean_of_a_sample_needs_thirty_on_both_sides():
    few, many = Cell((290, 3000, 29), 1, 1), Cell((900, 20_000, 60), 1, 1)
    assert compare(MEAN, few, many).verdict == "insufficient"
    assert compare(MEAN, many, few).verdict == "insufficient"
    of_all = definition(Kind.MEAN, nature="census")
    assert compare(of_all, few, many).verdict == "worse"


@pytest.mark.parametrize(
    ("direction", "words", "changes"),
    [
        ("higher", ("better", "worse"), ("improved", "worsened")),
        ("lower", ("worse", "better"), ("worsened", "improved")),
        ("none", ("above", "below"), ("rose", "fell")),
    ],
)
def test_what_is_good_gives_the_word(direction, words, changes):
    asked = definition(Kind.SHARE, nature="census", direction=direction)
    high, low = Cell((90, 100), 1, 1), Cell((50, 100), 1, 1)
    assert (compare(asked, high, low).verdict, compare(asked, low, high).verdict) == words
    assert (change(asked, high, low).verdict, change(asked, low, high).verdict) == changes


def test_a_change_within_the_margin_is_not_clear():
    assert change(CENSUS, ENOUGH, Cell((84, 100), 1, 1)).verdict == "no_clear_change"


def test_nothing_earlier_is_no_change_and_nothing_received_is_insufficient():
    assert change(CENSUS, ENOUGH, None).verdict == ""
    assert change(CENSUS, ENOUGH, Cell(None, 1, 0)).verdict == "insufficient"


def test_the_target_is_met_when_it_is_equal_and_by_the_exact_value():
    wanted = definition(Kind.SHARE, target=85)
    assert target(wanted, ENOUGH) == "met"
    assert target(wanted, Cell((84_999, 100_000), 1, 1)) == "not_met"
    least = definition(Kind.SHARE, target=85, direction="lower")
    assert target(least, ENOUGH) == "met"
    assert target(least, Cell((85_001, 100_000), 1, 1)) == "not_met"


def test_without_a_target_or_a_value_there_is_no_verdict_on_it():
    assert target(SAMPLE, ENOUGH) == ""
    assert target(definition(Kind.SHARE, target=85), Cell(None, 1, 0)) == ""


def test_states():
    assert state(SAMPLE, Cell(None, 2, 0)) == "missing"
    assert state(SAMPLE, Cell((0, 0), 2, 1)) == "no_whole"
    assert state(SAMPLE, Cell((1, 2), 2, 2)) == "published"


def test_the_rest_is_the_place_without_the_unit():
    assert Cell((30, 40), 3, 3) - Cell((10, 20), 1, 1) == Cell((20, 20), 2, 2)
    assert Cell((30, 40), 3, 2) - Cell(None, 1, 0) == Cell((30, 40), 2, 2)
    assert Cell((30, 40), 2, 1) - Cell((30, 40), 1, 1) == Cell(None, 1, 0)


def test_a_margin_of_zero_still_asks_for_a_difference():
    asked = definition(Kind.SHARE, nature="census", margin=Decimal(0))
    assert compare(asked, ENOUGH, ENOUGH).verdict == "no_clear_difference"
    assert compare(asked, Cell((86, 100), 1, 1), ENOUGH).verdict == "better"
