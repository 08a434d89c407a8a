"""A service that is not in the directory is named by the author: its name is moderated too."""

from __future__ import annotations

import pytest

from guichet.accounts.tests.factories import UserFactory
from guichet.experiences.models import Addressee, Experience
from guichet.experiences.story_source import context_of
from guichet.moderation.models import ModeratedText, TextState
from guichet.moderation.queue import actions as moderation

NAMED = "Guichet de Mme Tatillon, 06 12 34 56 78"


@pytest.fixture
def sent(person):
    """A story about a service that the author named with an agent and a telephone."""
    person.press("/experiences/partager/", name=NAMED)
    person.press()
    person.press(description="J'ai attendu deux heures.")
    person.press(feeling="negative")
    person.press(written_as="user", follow_by="code")
    person.sends()
    ModeratedText.objects.update(state=TextState.WAITING)
    return ModeratedText.objects.get()


def test_its_name_is_read_and_masked_like_the_rest(sent, client):
    original = {part["name"]: part["text"] for part in sent.original.parts}
    assert original["service_1"] == NAMED
    moderation.accept(text=sent, by=UserFactory())
    story = Experience.objects.get()
    named = Addressee.objects.get().name_entered
    assert named.startswith("Guichet de ")
    assert named.endswith("[téléphone]")
    for address in (story.get_absolute_url(), f"/api/v1/experiences/{story.pk}"):
        page = client.get(address).content.decode()
        assert "Guichet de " in page
        assert "06 12 34" not in page


def test_moderators_who_have_not_opened_the_text_do_not_read_it(sent):
    assert all(NAMED not in words for _, words in context_of(sent.reference).lines)
