"""What was masked in a story is masked in what its author adds, however it is typed."""

from __future__ import annotations

import pytest

from guichet.experiences.following.actions import add_second_word
from guichet.experiences.source_names import STORY_SOURCE
from guichet.experiences.tests.factories import AddresseeFactory, AuthorFactory, ReplyFactory
from guichet.moderation.models import ModeratedText, OriginalText, TextState
from guichet.moderation.queue.actions import Part, submit
from guichet.moderation.queue.known_words import words_masked
from guichet.moderation.queue.mark_edits import folded_occurrences
from guichet.moderation.redaction import MarkState, read_marks, redacted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("josiane petit", ["josiane petit"]),
        ("Chez JOSIANÉ  PETIT, deux fois Josiane-Petit", ["JOSIANÉ  PETIT", "Josiane-Petit"]),
        ("Josiane a un petit chien, Josiane Petite aussi", []),
        ("Œuvre de josiane petit", ["josiane petit"]),
        ("", []),
    ],
)
def test_words_are_known_whatever_capitals_accents_and_hyphens(text, found):
    spans = folded_occurrences(text, "Josiane Petit")
    assert [text[start:end] for start, end in spans] == found


@pytest.fixture
def author(db):
    """Of a published story, answered, in which « Josiane Petit » was masked."""
    author = AuthorFactory()
    ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    told = "Mme Josiane Petit m'a reçue, puis M. Karim Benali."
    submit(
        source=STORY_SOURCE,
        reference=str(author.pk),
        parts=[Part("description", "Récit", told)],
    )
    ModeratedText.objects.update(state=TextState.ACCEPTED)
    return author


def added(author, text):
    add_second_word(author=author, text=text)
    original = OriginalText.objects.get(text__source="second_word")
    return redacted(original.parts[0]["text"], read_marks(original.marks))


@pytest.mark.parametrize("typed", ["josiane petit", "JOSIANE PETIT", "petit josiane"])
def test_a_name_masked_in_the_story_is_masked_whole_in_the_complement(author, typed):
    said = added(author, f"Depuis, {typed} me rappelle.")
    assert said == "Depuis, [nom] me rappelle."


def test_a_name_that_moderators_showed_is_not_carried_over(author):
    original = OriginalText.objects.get()
    original.marks = [{**one, "state": MarkState.REJECTED} for one in original.marks]
    original.save()
    assert words_masked(source=STORY_SOURCE, reference=str(author.pk)) == []
