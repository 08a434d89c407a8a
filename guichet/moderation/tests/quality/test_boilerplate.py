"""Stock phrases and answers already given are found, with their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.moderation.quality.boilerplate import (
    ANSWERED_BEFORE,
    STOCK,
    boilerplate_share,
    stock_phrases,
)

PARTICULAR = (
    "Lundi, deux agents sur trois étaient absents et la borne était en panne. Depuis mardi, "
    "une personne vous reçoit dès l'entrée."
)


def found(text: str, others=()) -> list[tuple[str, str]]:
    return [
        (text[start:end], source) for start, end, source in boilerplate_share(text, others).passages
    ]


@pytest.mark.parametrize("phrase", stock_phrases())
def test_each_shipped_phrase_is_found_whole(phrase):
    said = boilerplate_share(f"{phrase}.")
    assert said.share == 1
    ((start, end, source),) = said.passages
    assert (start, end, source) == (0, len(phrase), STOCK)


def test_at_least_sixty_different_phrases_are_shipped():
    assert len({phrase.lower() for phrase in stock_phrases()}) == len(stock_phrases()) >= 60


def test_an_answer_of_its_own_holds_none():
    assert boilerplate_share(PARTICULAR) == boilerplate_share("")
    assert boilerplate_share(PARTICULAR).share == 0


def test_the_share_counts_words():
    stock = "Votre avis nous est précieux"
    text = f"{stock}. Nous ouvrons un second guichet."
    assert boilerplate_share(text).share == pytest.approx(5 / 10)
    assert found(text) == [(stock, STOCK)]


@pytest.mark.parametrize(
    "typed",
    [
        "NOUS VOUS REMERCIONS DE VOTRE CONFIANCE",
        "nous vous remercions,\nde votre confiance",
        "Nous  vous remercions de votre confiance !",
    ],
)
def test_case_accents_and_punctuation_do_not_hide_a_phrase(typed):
    assert boilerplate_share(typed).share == 1


def test_a_few_common_words_in_a_row_are_no_stock_phrase():
    assert boilerplate_share("Nous vous remercions pour vos photos de la rampe.").share == 0


def test_a_past_answer_taken_up_is_found():
    text = f"Madame, {PARTICULAR}"
    assert found(text, ["Rien de commun ici.", PARTICULAR]) == [
        (PARTICULAR.rstrip("."), ANSWERED_BEFORE)
    ]


def test_seven_words_in_common_with_a_past_answer_happen_by_chance():
    assert (
        boilerplate_share(
            "Un deux trois quatre cinq six sept.", ["un deux trois quatre cinq six sept huit"]
        ).share
        == 0
    )


def test_a_stock_phrase_of_a_past_answer_is_a_stock_phrase():
    phrase = "La satisfaction de nos usagers est au cœur de nos préoccupations"
    assert found(phrase, [phrase]) == [(phrase, STOCK)]


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_whatever_is_written_passages_are_in_order_and_do_not_overlap(text, others):
    said = boilerplate_share(text, [*others, text])
    assert 0 <= said.share <= 1
    last = 0
    for start, end, _ in said.passages:
        assert last <= start < end <= len(text)
        last = end
