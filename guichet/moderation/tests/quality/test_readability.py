"""Ease of reading: the formula on worked examples, long sentences, words of administration."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.moderation.quality.readability import (
    LEVELS,
    TOO_SHORT,
    hard_words,
    kandel_moles,
    level_of,
    readability,
)
from guichet.moderation.quality.syllables import syllables_in

# Counted by ear, the silent « e » left out.
COUNTED = """
vous:1 avez:2 attendu:3 deux:1 heures:1 guichet:2 sans:1 réponse:2 avis:2 école:2 eau:1 famille:2
créée:2 réel:2 client:2 février:3 oublier:3 nation:2 administration:5 payer:2 essayer:3
allocataire:4 mairie:2 journée:2 question:2 langue:1 longue:1 guide:1 quatre:1 semaine:2 ouvrir:2
ouverture:3 étaient:2 parlaient:2 répondent:2 agent:2 moment:2 document:3 délai:2 dossier:2
simple:1 demande:2 téléphone:3 rendez:2 théâtre:2 naïf:2 maïs:2 européen:4 poésie:3 coopérer:4
zoo:1 juin:1 nuit:1 lui:1 pied:1 hier:1 bien:1 rien:1 service:2 publics:2 améliorer:4 conseillère:3
accueil:2 travail:2 feuille:1 fauteuil:2 ascenseur:3 nonobstant:3 aucune:2 samedi:3 appeler:3
personne:2 matin:2 il:1 y:1 a:1 été:2 à:1 caisse:1 primaire:2 pris:1 note:1 désolés:3 équipe:2
reçue:2 reçues:2 idée:2 janvier:2 ancienne:2 situation:3 actuel:3 individuelle:5 usagers:3
prévenir:3 vérifier:4 crayon:2 moyen:2 quelque:2 chaque:1 difficultés:4 rencontrées:3 pièces:1
justificatives:4 nous:1 ferons:2 ouvrons:2
"""
LONG = (
    "Nous avons le plaisir de vous faire savoir que le second guichet de notre agence du centre "
    "sera ouvert chaque matin de la semaine à partir du premier lundi du mois de décembre."
)


def test_syllables_are_those_that_are_heard():
    counted = {word: int(count) for word, count in (one.split(":") for one in COUNTED.split())}
    right = [word for word, count in counted.items() if syllables_in(word) == count]
    assert len(right) / len(counted) >= 0.95
    total = sum(syllables_in(word) for word in counted)
    assert abs(total / sum(counted.values()) - 1) < 0.02


def test_the_formula_on_an_example_computed_by_hand():
    """20 words of one syllable in 2 sentences: 207 − 1.015 × 10 − 73.6 × 1 = 123.25, kept at 100;
    20 words of 2 syllables in 2 sentences: 207 − 10.15 − 147.2 = 49.65."""
    assert kandel_moles("vous " * 20, 2) == 100
    assert kandel_moles("guichet " * 20, 2) == 50


def test_a_short_text_is_not_measured():
    said = readability("Nous ouvrons lundi.")
    assert (said.score, said.level) == (None, TOO_SHORT)


def test_plain_french_is_easier_than_that_of_offices():
    plain = readability(
        "Vous avez attendu deux heures. Ce n'est pas normal. Depuis mardi, une personne vous "
        "reçoit dès la porte et vous dit combien de temps vous allez attendre."
    )
    office = readability(
        "Conformément aux dispositions réglementaires afférentes à l'instruction des dossiers de "
        "régularisation, l'administration compétente procédera à la notification de sa décision "
        "d'irrecevabilité consécutivement à l'expiration du délai réglementaire susmentionné."
    )
    assert plain.level == "facile"
    assert office.level == "très difficile"


@pytest.mark.parametrize(
    ("score", "level"), [(70, "facile"), (69, "courant"), (49, "difficile"), (0, LEVELS[-1][1])]
)
def test_levels_begin_where_they_are_said_to(score, level):
    assert level_of(score) == level


def test_a_sentence_of_more_than_25_words_is_shown_in_its_place():
    text = f"Bonjour. {LONG} Merci."
    (hard,) = readability(text).hard_sentences
    assert text[hard.start : hard.end] == LONG
    assert hard.words == 33


def test_a_sentence_of_25_words_is_not_long():
    assert readability("mot " * 24 + "mot.").hard_sentences == ()
    assert len(readability("mot " * 25 + "mot.").hard_sentences) == 1


@pytest.mark.parametrize("joint", ["de M. Petit ", "selon l'art. 3 ", "de 2.5 jours "])
def test_an_abbreviation_ends_no_sentence(joint):
    text = "mot " * 13 + joint + "mot " * 13
    assert len(readability(text).hard_sentences) == 1


def test_a_line_ends_a_sentence():
    assert readability("mot " * 20 + "\n" + "mot " * 20).hard_sentences == ()


def shown(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], plain) for start, end, plain in readability(text).hard_words]


def test_words_of_administration_come_with_plain_ones():
    assert shown("Nonobstant ce délai, votre demande est en cours.") == [("Nonobstant", "malgré")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("le dossier susvisé", "susvisé"),
        ("les pièces susmentionnées", "susmentionnées"),
        ("nous sollicitons", "sollicitons"),
        ("la décision vous sera notifiée", "notifiée"),
        ("vous pouvez vous acquitter de la somme", "vous acquitter de"),
        ("à l’issue de l'entretien", "à l’issue de"),
    ],
)
def test_usual_forms_of_a_word_are_found(typed, found):
    assert found in [word for word, _ in shown(typed)]


@pytest.mark.parametrize("typed", ["le vendeur", "un notaire", "individu", "perçu", "le sursis"])
def test_a_word_inside_another_is_not_one_of_administration(typed):
    assert shown(typed) == []


def test_the_longest_words_win():
    assert shown("les pièces justificatives") == [
        ("pièces justificatives", "documents qui prouvent")
    ]


def test_no_word_is_listed_twice():
    _, meanings = hard_words()
    assert len(meanings) >= 60


@given(st.text(max_size=400))
def test_whatever_is_written_places_stand_in_the_text(text):
    said = readability(text)
    for start, end, *_ in (*said.hard_sentences, *said.hard_words):
        assert 0 <= start < end <= len(text)


def test_a_text_of_abbreviations_is_one_sentence():
    text = "M. " * 20_000
    [(start, end, words)] = readability(text).hard_sentences
    assert (start, end, words) == (0, len(text.rstrip()), 20_000)


def test_the_module_is_light_to_import():
    """textstat, which brings nltk, takes 107 MB: the web process has 250 in all."""
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, guichet.moderation.quality.readability, "
            "guichet.moderation.quality.boilerplate, guichet.moderation.quality.topics; "
            "print({'nltk', 'textstat', 'spacy', 'django'} & set(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == "set()"
