import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.orientation.matching.words import (
    Vocabulary,
    is_chatter,
    look_alikes_in,
    stem,
    words_of,
)

KNOWN = Vocabulary(["impayés", "carte", "identité", "déménagement", "retraite", "allocations"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L'allocation de M. Petit", ["allocation", "de", "m", "petit"]),
        ("la C.A.F. du coin", ["la", "caf", "du", "coin"]),
        ("j’ai perdu ma sœur", ["ai", "perdu", "ma", "soeur"]),
        ("qu'est-ce qu'il faut ?", ["est", "ce", "il", "faut"]),
        ("", []),
    ],
)
def test_words_are_cut_at_elisions_and_acronyms_joined(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("typed", "meant", "likeness"),
    [
        ("impayé", "impayés", 1.0),
        ("impayes", "impayés", 1.0),
        ("identite", "identité", 1.0),
        ("idantité", "identité", 0.88),
        ("démenagemant", "déménagement", 0.88),
        ("retaite", "retraite", 0.85),
        ("cartes", "carte", 1.0),
        ("alloc", "allocations", 1.0),
    ],
)
def test_a_word_is_heard_without_accents_in_plural_misspelt_or_cut(typed, meant, likeness):
    assert KNOWN.hear(typed).stems[stem(meant)] == pytest.approx(likeness)


@pytest.mark.parametrize("word", ["zzzz", "59000", "xy", "tracteur"])
def test_what_resembles_nothing_is_unknown(word):
    assert not KNOWN.hear(word).is_known


def test_politeness_says_nothing_of_the_need():
    said = words_of("Bonjour, je voudrais savoir comment faire s'il vous plaît")
    assert all(map(is_chatter, said))


def test_an_acronym_that_is_also_a_word_counts_in_capitals_or_alone():
    assert look_alikes_in("ça va plu du tout") == {"plu"}
    assert look_alikes_in("modifier le PLU") == frozenset()
    assert look_alikes_in("plu") == frozenset()


@given(st.text(max_size=300))
def test_any_text_is_cut_and_heard(text):
    for word in words_of(text):
        assert all(0 < likeness <= 1 for likeness in KNOWN.hear(word).stems.values())
