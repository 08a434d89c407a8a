"""A reference is drawn without look-alikes and read however it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.orientation.handovers.references import (
    ALPHABET,
    LENGTH,
    new_reference,
    read_reference,
    shown_reference,
)


def test_references_are_drawn_among_billions():
    drawn = {new_reference() for _ in range(500)}
    assert len(drawn) == 500
    assert all(len(one) == LENGTH and set(one) <= set(ALPHABET) for one in drawn)
    assert len(ALPHABET) ** LENGTH > 7e10


def test_no_letter_of_the_alphabet_looks_like_another():
    for pair in ("0O", "1I", "1L", "2Z", "5S", "8B", "6G", "UV", "MN"):
        assert not set(pair) <= set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "K7M4Q2XT",
        "K7M4-Q2XT",
        "k7m4-q2xt",
        " k7m4 q2xt ",
        "K7 M4 Q2 XT",
        "k7m4–q2xt.",
        "K7N4-QZXT",
    ],
)
def test_a_reference_is_read_however_it_is_typed(typed):
    assert read_reference(typed) == "K7M4Q2XT"


@pytest.mark.parametrize(
    "typed", ["", "K7M4", "K7M4-Q2XT5", "K7M4-Q2XO", "../../etc", "é" * 8, "K7M4Q2X\0", "٣٣٣٣٣٣٣٣"]
)
def test_what_is_no_reference_is_none(typed):
    assert read_reference(typed) == ""


@given(st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH))
def test_what_is_shown_is_read_back(reference):
    assert read_reference(shown_reference(reference)) == reference
    assert len(shown_reference(reference)) <= 12


@given(st.text(max_size=80))
def test_any_text_is_safe(typed):
    read = read_reference(typed)
    assert read == "" or set(read) <= set(ALPHABET)
