import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.territories.likeness import edits, likeness

NAMES = st.text(alphabet="abcde ", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("nice", "nice", 0),
        ("", "eu", 2),
        ("marseile", "marseille", 1),
        ("bordeaus", "bordeaux", 1),
        ("toulousse", "toulouse", 1),
        ("montrueil", "montreuil", 1),
        ("ca", "abc", 3),
        ("kitten", "sitting", 3),
    ],
)
def test_letters_added_dropped_replaced_or_swapped_are_counted(one, other, count):
    """« ca » → « abc » is 3 for the optimal string alignment, 2 for the full Damerau distance."""
    assert edits(one, other) == edits(other, one) == count


def test_spaces_do_not_count():
    assert likeness("larochelle", "la rochelle") == 1


def test_one_error_in_nine_letters_costs_a_ninth():
    assert likeness("marseile", "marseille") == pytest.approx(8 / 9)


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_between_nothing_and_sameness(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert (likeness(one, other) == 1) == (one.replace(" ", "") == other.replace(" ", ""))


@given(NAMES, NAMES, NAMES)
def test_a_detour_is_never_shorter_by_more_than_a_swap(one, middle, other):
    """Optimal string alignment breaks the triangle inequality by at most one edit a swap."""
    assert edits(one, other) <= 2 * (edits(one, middle) + edits(middle, other))
