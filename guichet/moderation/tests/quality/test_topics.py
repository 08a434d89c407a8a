"""The subjects that an author marked and an answer leaves aside."""

from __future__ import annotations

import pytest

from guichet.moderation.quality.boilerplate import boilerplate_share
from guichet.moderation.quality.topics import ignored_topics, shipped_topics, topics_named

FIVE = ("accessibility", "information", "relation", "responsiveness", "simplicity")


def test_the_five_aspects_have_their_words():
    assert tuple(shipped_topics()) == FIVE
    assert all(len(words) >= 25 for words in shipped_topics().values())


@pytest.mark.parametrize(
    ("answer", "aspect"),
    [
        ("Le guichet ferme désormais à 18 h.", "accessibility"),
        ("Nous avons pris des rendez-vous plus tard.", "accessibility"),
        (
            "La lettre que nous envoyons a été réécrite, nos explications sont claires.",
            "information",
        ),
        ("Notre collègue aurait dû vous écouter, elle vous présente ses excuses.", "relation"),
        ("Votre dossier a été payé trois semaines plus tard que prévu.", "responsiveness"),
        ("Le formulaire tient maintenant sur une page.", "simplicity"),
        ("Vous n'aurez plus à donner ce papier qu'UNE SEULE FOIS.", "simplicity"),
    ],
)
def test_an_answer_that_says_a_word_of_an_aspect_does_not_ignore_it(answer, aspect):
    assert ignored_topics(answer, topics_named([aspect])) == ()


def test_what_is_not_spoken_of_is_ignored_in_order():
    answer = "La machine à café est réparée."
    assert ignored_topics(answer, topics_named(FIVE)) == FIVE


@pytest.mark.parametrize("typed", ["l'expliquait", "EXPLICATIONS", "expliquerons"])
def test_endings_do_not_count(typed):
    said = ignored_topics(f"Nous {typed} mieux.", {"information": ["explication", "expliquer"]})
    assert said == ()


def test_several_words_must_follow_each_other():
    topics = {"simplicity": ["en ligne"]}
    assert ignored_topics("Une ligne en panne.", topics) == ("simplicity",)
    assert ignored_topics("Faites-le en ligne.", topics) == ()


def test_a_stock_phrase_answers_nothing():
    answer = "La qualité de l'accueil est une priorité pour notre établissement."
    passages = boilerplate_share(answer).passages
    topics = topics_named(["relation"])
    assert ignored_topics(answer, topics) == ()
    assert ignored_topics(answer, topics, besides=passages) == ("relation",)


def test_an_aspect_that_is_not_known_is_an_error():
    with pytest.raises(KeyError):
        topics_named(["beauty"])
