"""Text as people type it: safe, on one line, comparable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.text import (
    SEARCH_LENGTH,
    folded,
    in_paragraphs,
    is_storable,
    one_line,
    search_text,
    without_controls,
)

anything = st.text(st.characters(codec=None), max_size=400)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Mairie \t de\nLille ", "Mairie de Lille"),
        ("a\0b", "a b"),
        ("a\ud800b", "ab"),
        ("e\u0301cole", "école"),
        ("x" * 500, "x" * SEARCH_LENGTH),
        ("", ""),
        ("\0\0", ""),
    ],
)
def test_what_is_searched_is_safe_and_on_one_line(typed, kept):
    assert search_text(typed) == kept


@given(anything)
def test_any_text_becomes_storable_and_stays_so(typed):
    kept = search_text(typed)
    assert is_storable(kept)
    assert len(kept) <= SEARCH_LENGTH
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in kept)
    assert search_text(kept) == kept
    kept.encode("utf-8")


@given(anything)
def test_what_cannot_be_stored_is_exactly_nul_and_surrogates(typed):
    spoilt = any(one == "\0" or unicodedata.category(one) == "Cs" for one in typed)
    assert is_storable(typed) is not spoilt
    assert is_storable(without_controls(typed))


def test_paragraphs_are_made_safe_without_losing_a_word():
    assert in_paragraphs("a\r\nb\r\n\r\n\r\n\r\nc ") == "a\nb\n\nc"
    assert in_paragraphs("avant\u202eaprès\x00\ud800 fin") == "avantaprès fin"
    assert in_paragraphs("Un\x00  mot.\t\n fin") == "Un mot.\nfin"
    assert in_paragraphs("\u200fשלום\u200e 👩‍👧, 谢谢") == "\u200fשלום\u200e 👩‍👧, 谢谢"
    assert one_line(" a \n\u2066 b\u00a0c ") == "a b c"


@given(anything)
def test_any_paragraphs_become_storable_and_stay_so(typed):
    kept = in_paragraphs(typed)
    assert is_storable(kept)
    assert in_paragraphs(kept) == kept
    assert "\n\n\n" not in kept
    assert "\n" not in one_line(typed)
    assert one_line(one_line(typed)) == one_line(typed)


def test_what_is_no_character_goes():
    assert without_controls("avant\ufffeaprès\uffff") == "avantaprès"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Évry", "evry"),
        ("Sœur", "SOEUR"),
        ("Saint-Étienne", "SAINT-ETIENNE"),
        ("Ægir", "aegir"),
        ("Straße", "STRASSE"),
        ("L\u2019Haÿ", "l\u2019hay"),
        ("\ufb01ches", "fiches"),
    ],
)
def test_texts_are_compared_without_case_accents_or_ligatures(one, other):
    assert folded(one) == folded(other)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert folded(folded(text)) == folded(text)
