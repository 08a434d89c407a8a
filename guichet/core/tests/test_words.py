"""Quantities in French words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.words import counted, distance_in_words, grouped, insecable


def plain(words):
    return words.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("distance_m", "words"),
    [
        (0, "50 m"),
        (74, "50 m"),
        (340, "350 m"),
        (974, "950 m"),
        (975, "1,0 km"),
        (1_260, "1,3 km"),
        (9_949, "9,9 km"),
        (9_950, "10 km"),
        (18_400, "18 km"),
        (16_700_000, "16 700 km"),
    ],
)
def test_a_distance_is_never_more_precise_than_it_deserves(distance_m, words):
    assert plain(distance_in_words(distance_m)) == words


@given(st.floats(0, 20_040_000))
def test_a_distance_never_breaks_over_two_lines(distance_m):
    assert " " not in distance_in_words(distance_m)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 site"), (1, "1 site"), (2, "2 sites"), (-1, "-1 site"), (1042, "1 042 sites")],
)
def test_zero_and_one_are_singular_in_french(count, words):
    assert plain(counted(count, "site", "sites")) == words


def test_thousands_are_set_apart_by_narrow_spaces_that_do_not_break():
    assert [grouped(number) for number in (999, 1042, 1234567)] == [
        "999",
        "1\u202f042",
        "1\u202f234\u202f567",
    ]


def test_marks_of_french_stay_on_the_line_of_their_word():
    told = "« S01 » manque : est-ce voulu ? À 14:00, si ; sinon non."
    tied = "«\u00a0S01\u00a0» manque\u00a0: est-ce voulu\u00a0? À 14:00, si\u00a0; sinon non."
    assert insecable(told) == tied
