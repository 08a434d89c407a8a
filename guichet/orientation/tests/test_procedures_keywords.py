"""The words that tell a sheet from the others."""

from __future__ import annotations

import pytest

from guichet.orientation.procedures.keywords import telling_words, words_told


def keywords(*texts: str) -> list[list[str]]:
    return [said.split() for said in telling_words([words_told(text) for text in texts])]


def test_a_word_of_every_sheet_tells_nothing_and_a_rare_one_most() -> None:
    first, second = keywords("la demande de licorne", "la demande de dragon")
    assert first == ["licorne", "demande"]
    assert second == ["dragon", "demande"]


def test_a_word_said_often_comes_before_one_said_once() -> None:
    assert keywords("cheval licorne licorne", "dragon")[0] == ["licorne", "cheval"]


def test_forms_of_one_word_count_together_under_the_most_frequent() -> None:
    assert keywords("licornes licorne licornes", "dragon")[0] == ["licornes"]


@pytest.mark.parametrize(
    "text", ["2026 15h30 F1341 2e", "de la pour vous avec", "a à l'y n'en", "janvier", ""]
)
def test_numbers_link_words_and_letters_are_left_out(text: str) -> None:
    assert keywords(text, "dragon")[0] == []


def test_words_are_written_without_accents() -> None:
    words = {"oeuvre", "foret", "declaree"}
    assert set(keywords("Œuvre d'une forêt, déclarée", "dragon")[0]) == words


def test_names_of_departements_are_left_out_but_not_the_words_that_they_look_like() -> None:
    names = "Loire Haute-Savoie Île-de-France La Réunion Côte-d’Or"
    assert keywords(f"{names} réunion, somme", "dragon")[0] == ["reunion", "somme"]


def test_forty_words_are_enough() -> None:
    words = " ".join(chr(97 + one) * 3 + chr(97 + two) * 3 for one in range(26) for two in (0, 1))
    assert len(keywords(words, "dragon")[0]) == 40


def test_the_same_texts_give_the_same_words() -> None:
    texts = ["licorne dragon griffon", "dragon griffon phénix", "phénix hydre"]
    assert keywords(*texts) == keywords(*texts)
