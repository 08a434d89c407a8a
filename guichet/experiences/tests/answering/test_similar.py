"""Past answers in like cases: found by the title and by what the story tells."""

from __future__ import annotations

import pytest
from django.db import connection

from guichet.experiences.answering.similar import MOST_TELLING, similar_answers, telling_words
from guichet.experiences.tests.factories import ReplyFactory

ABOUT_PUSHCHAIRS = "La rampe est posée : les poussettes entrent par la cour."


@pytest.fixture
def answers(sibling):
    """Many answers that hold a common word, one about pushchairs."""
    for number in range(30):
        ReplyFactory(addressee__structure=sibling, text=f"Votre dossier {number} est complet.")
    about = ReplyFactory(addressee__structure=sibling, text=ABOUT_PUSHCHAIRS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE experiences_reply")
    return about


def found(story, title, description, words=""):
    story.experience.title, story.experience.description = title, description
    return [one.reply.text for one in similar_answers(story, words)]


def test_an_untitled_story_is_compared_by_what_it_tells(story, answers):
    told = "Avec ma poussette, personne ne m'a laissé passer. J'avais mon dossier."
    assert found(story, "", told) == [ABOUT_PUSHCHAIRS]


def test_what_is_typed_is_looked_for_alone(story, answers):
    assert len(found(story, "", "Avec ma poussette.", words="dossier")) == 5


def test_the_title_still_counts(story, answers):
    assert found(story, "La rampe", "") == [ABOUT_PUSHCHAIRS]


def test_a_story_without_words_is_like_none(story, answers):
    assert found(story, "", "… 12 ! [nom]") == []


def test_a_long_story_gives_no_more_words_than_a_short_one(story, answers):
    told = " ".join(f"inconnu{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}" for n in range(99))
    assert len(telling_words(told)) == MOST_TELLING


@pytest.mark.parametrize("told", ["l'ap'os'trophe \\ | & ! :*", "''", "<b>:*</b>", "é" * 5_000])
def test_any_text_is_looked_for(story, answers, told):
    assert found(story, "", told) == []


def test_a_common_word_alone_is_not_looked_for(answers):
    assert telling_words("Mon dossier.") == []
