"""A text carries the marks of the patterns as soon as it comes in, by the real detection."""

from __future__ import annotations

import pytest

from guichet.moderation.models import OriginalText, TextState
from guichet.moderation.queue.actions import Part, submit

pytestmark = pytest.mark.django_db
STORY = "Madame Martine Lefebvre m'a dit d'appeler le 06 12 34 56 78 avant le 3 mai."


def marked(*parts: Part) -> list[tuple[str, str, str]]:
    text = submit(source="essai", reference="1", parts=parts)
    assert text.state == TextState.READING
    original = OriginalText.objects.get(text=text)
    words = {part["name"]: part["text"] for part in original.parts}
    return [
        (one["kind"], words[one["part"]][one["start"] : one["end"]], one["origin"])
        for one in original.marks
    ]


def test_a_story_is_marked_by_the_patterns_before_the_worker_reads_it() -> None:
    found = marked(Part("title", "Titre", "Trois mois"), Part("description", "Récit", STORY))

    assert found == [
        ("name", "Martine Lefebvre", "pattern"),
        ("phone", "06 12 34 56 78", "pattern"),
    ]


@pytest.mark.parametrize("shown", ["Kamel", "Jean-Mi", "Henri, 74 ans"])
def test_a_pseudonym_of_one_word_is_what_its_author_chose_to_show(shown: str) -> None:
    assert marked(Part("pseudonym", "Pseudonyme", shown)) == []


@pytest.mark.parametrize("shown", ["Kamel Benali", "Kamel, Nadia", "Kamel 06 12 34 56 78"])
def test_a_pseudonym_that_says_more_is_marked(shown: str) -> None:
    assert marked(Part("pseudonym", "Pseudonyme", shown))


def test_a_first_name_anywhere_else_is_marked() -> None:
    assert marked(Part("title", "Titre", "Kamel")) == [("name", "Kamel", "pattern")]
