"""What moderators see of stories beside their words."""

from __future__ import annotations

import pytest
from django.test import Client

from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.experiences.source_names import SECOND_WORD_SOURCE, STORY_SOURCE
from guichet.experiences.tests.factories import ExperienceFactory
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.queries import queue_lines
from guichet.moderation.tests.factories import ModeratedTextFactory

pytestmark = pytest.mark.django_db
MARK = "Récit fictif"


@pytest.mark.parametrize("source", [STORY_SOURCE, SECOND_WORD_SOURCE])
def test_moderators_see_in_the_queue_and_on_its_page_that_a_text_is_fictional(source):
    waiting = {
        is_fictional: ModeratedTextFactory(
            source=source, reference=str(ExperienceFactory(is_fictional=is_fictional).pk)
        )
        for is_fictional in (True, False)
    }
    marked = {line.pk: line.is_fictional for line in queue_lines(ModeratedText.objects.all())}
    assert marked == {text.pk: is_fictional for is_fictional, text in waiting.items()}
    client = Client()
    client.force_login(someone(Role.MODERATOR))
    assert client.get("/agents/moderation/").content.decode().count(MARK) == 1
    for is_fictional, text in waiting.items():
        page = client.get(f"/agents/moderation/{text.pk}/").content.decode()
        assert (MARK in page) is is_fictional
