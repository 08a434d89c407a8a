"""How well danger is found, in labelled texts and in ordinary ones; what its clues are made of."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from guichet.moderation.detection.danger_clues import by_sound, lexicon, listed
from guichet.moderation.detection.danger_score import BIAS, CLEARLY, LOOK, danger_weights
from guichet.moderation.detection.dangers import Grade, danger_of, danger_words
from guichet.moderation.detection.plain_words import plain_words
from guichet.moderation.detection.reading import read
from guichet.moderation.tests.accuracy.danger_measuring import (
    DEVELOPMENT,
    DEVELOPMENT_LATER,
    FROZEN,
    FROZEN_LATER,
    LABELS,
    counted,
    labelled_blocks,
    labelled_dangers,
    measured,
    ordinary_texts,
    own_texts,
    recalled,
)
from guichet.moderation.tests.accuracy.danger_training import CALMING

RECALL, PRECISION = 0.95, 0.75
FROZEN_SUMS = {
    FROZEN: "a9a1aacf933537e686b7a11083fe2f4e29799e8839febd1dc87e6f45692f91f0",
    FROZEN_LATER: "3f0ba2537ce90825caabaa061ee3020147a9d55571057614414c11e53c5dbef5",
}
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


@pytest.mark.parametrize("path", FROZEN_SUMS, ids=lambda path: path.stem)
def test_the_blind_texts_are_those_that_were_measured(path: Path) -> None:
    assert sha256(path.read_bytes()).hexdigest() == FROZEN_SUMS[path]


@pytest.mark.parametrize(
    ("path", "texts", "alerted", "noticed", "for_nothing"),
    [(FROZEN, (60, 60), 52, 57, 19), (FROZEN_LATER, (70, 130), 62, 68, 24)],
    ids=["first", "later"],
)
def test_the_blind_texts_alert_as_published(
    path: Path, texts: tuple[int, int], alerted: int, noticed: int, for_nothing: int
) -> None:
    counts = counted(labelled_blocks(path))
    dangers = recalled(counts)

    assert tuple(counts) == LABELS
    assert (dangers.texts, counts["none"].texts) == texts
    assert dangers.alerted >= alerted
    assert dangers.noticed >= noticed
    assert counts["none"].alerted <= for_nothing


def test_dangers_said_aside_alert_in_the_texts_learnt_from() -> None:
    development, own = counted(labelled_blocks(DEVELOPMENT)), counted(own_texts())
    later = recalled(counted(labelled_blocks(DEVELOPMENT_LATER)))

    assert sum(one.texts for one in own.values()) >= 480
    assert recalled(development).alerted >= 58
    assert later.alerted >= 0.86 * later.texts
    assert later.noticed >= 0.9 * later.texts
    assert recalled(own).alerted >= 0.75 * recalled(own).texts
    assert recalled(own).noticed >= 0.86 * recalled(own).texts
    assert own["none"].alerted <= 0.15 * own["none"].texts


def test_few_ordinary_texts_alert() -> None:
    counts = counted(("none", text) for text in ordinary_texts())["none"]

    assert counts.texts >= 890
    assert counts.alerted <= 0.08 * counts.texts
    assert counts.noticed <= 0.26 * counts.texts


def test_labels_are_counted_apart_and_a_text_looked_at_is_noticed_only() -> None:
    counts = counted(
        [
            ("self", "Je vais me tuer ce soir."),
            ("none", "Carte reçue en deux jours, merci."),
            ("none", "Je ne me suiciderai pas pour un trop-perçu de 87 euros, c'est par principe."),
        ]
    )

    assert {label: (one.texts, one.alerted, one.noticed) for label, one in counts.items()} == {
        "self": (1, 1, 1),
        "none": (2, 0, 1),
    }
    assert recalled(counts).texts == 1


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("J'ai plus envie, kan il rentre", "je ai plus envie quand il rentre "),
        ("jvai mfoutre", "je vais mfoutre "),
        ("Je n'ose pas.", "je ose pas . "),
        ("il été deriere", "il ete derriere "),
    ],
)
def test_messages_and_spelling_by_sound_are_read_plainly(written: str, read_as: str) -> None:
    assert plain_words(read(written), by_sound()).joined == read_as


def test_what_alerts_is_quoted_as_written() -> None:
    found = danger_of(
        "La caf répond pas. Hier kan il a bu il ma cogné, g des BLEUS partout. Merci."
    )

    assert found.grade is Grade.ALERT
    assert found.words == ("il ma cogné", "des BLEUS")


def test_signs_that_are_not_enough_are_looked_at() -> None:
    text = "attention a vos voiture le soir sur le parking de la caf"

    assert danger_of(text).grade is Grade.LOOK
    assert danger_of(text).words != ()
    assert danger_words(text) == ()


def test_each_family_of_clues_has_a_weight_of_its_own_sign() -> None:
    families = {family for family, _ in listed("danger_clues")}
    weights = {name: one for name, one in danger_weights().items() if name[0] != "="}

    assert set(weights) == families | {BIAS, CLEARLY, LOOK}
    assert all((weights[one] < 0) == (one in CALMING) for one in families)


def test_no_clue_is_a_word_so_common_that_it_says_nothing() -> None:
    common = "je il elle on le la les de que et a un une est sont ai pas plus pour dans"

    for word in common.split():
        for family, pattern in lexicon("danger_clues").at(word):
            assert pattern.fullmatch(f"{word} ") is None, (family, pattern.pattern)


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


def test_a_danger_after_a_hundred_thousand_characters_is_seen() -> None:
    before = "Ce soir il rentre des papiers de mon mari. " * 2_500

    assert danger_words(f"{before}Il me frappe.") == ("Il me frappe",)
