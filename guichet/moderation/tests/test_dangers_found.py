"""How well danger is found, in labelled texts and in the demonstration's own stories."""

from __future__ import annotations

import time

import pytest

from guichet.moderation.detection.dangers import danger_words
from guichet.moderation.tests.accuracy.danger_measuring import labelled_dangers, measured

RECALL, PRECISION = 0.95, 0.75
SEEN = (
    "Mon ex-mari m'a écrit « ce soir tu vas voir ». Il a encore une clé.",
    "Hier soir j'ai sorti les boîtes de cachets et je les ai comptées sur la table.",
    "Ça serait plus simple pour tout le monde si je n'étais plus là.",
    "jveux pu vivre",
    "Il m'a frappée en 2015 et il recommence.",
)
OVER = (
    "Il m'a frappé en 2015, jugement rendu.",
    "Tentative de suicide en 2017 : mes trimestres manquent.",
    "Un numéro de prévention du suicide devrait être affiché.",
    "J'ai rendu le fusil de mon père à la gendarmerie.",
)


def test_labelled_dangers_are_found_with_few_false_alarms() -> None:
    texts = labelled_dangers()
    assert sum(is_danger for is_danger, _ in texts) >= 90
    assert sum(not is_danger for is_danger, _ in texts) >= 60

    counts = measured(texts, danger_words)

    assert counts.recall >= RECALL, counts.missed
    assert counts.precision >= PRECISION, counts.wrong


def test_counting_tells_what_is_missed_from_what_is_wrong() -> None:
    counts = measured([(True, "a"), (True, "b"), (False, "c")], lambda text: ("x",) * (text != "b"))

    assert (counts.found, counts.missed, counts.wrong) == (1, ("b",), ("c",))
    assert (counts.recall, counts.precision) == (0.5, 0.5)


@pytest.mark.parametrize("text", SEEN)
def test_a_danger_said_aside_is_seen(text: str) -> None:
    assert danger_words(text)


@pytest.mark.parametrize("text", OVER)
def test_what_is_over_or_a_matter_of_a_file_is_no_danger(text: str) -> None:
    assert danger_words(text) == ()


def test_the_past_of_one_sentence_does_not_calm_the_next() -> None:
    assert danger_words("Jugement rendu en 2015. Il me frappe.") == ("Il me frappe",)


@pytest.mark.parametrize(
    "unit", ["je n'en peux plus ", "si il ", "ce soir il rentre ", "mari a b c ", "parle de que "]
)
def test_a_hundred_thousand_characters_are_read_in_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        started = time.process_time()
        danger_words(text)
        return time.process_time() - started

    seconds(1_000)

    assert seconds(100_000) < 15 * max(seconds(10_000), 0.02)
