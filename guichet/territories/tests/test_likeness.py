import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.territories.likeness import likeness

NAMES = st.text(alphabet="abcde ", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("bordeaus", "bordeaux", 1), ("toulousse", "toulouse", 1), ("montrueil", "montreuil", 1)],
)
def test_a_letter_replaced_doubled_or_swapped_costs_its_share(one, other, slips):
    longest = max(len(one), len(other))
    assert likeness(one, other) == pytest.approx(1 - slips / longest)


def test_spaces_do_not_count():
    assert likeness("larochelle", "la rochelle") == 1


def test_one_error_in_nine_letters_costs_a_ninth():
    assert likeness("marseile", "marseille") == pytest.approx(8 / 9)


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_between_nothing_and_sameness(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert (likeness(one, other) == 1) == (one.replace(" ", "") == other.replace(" ", ""))
