"""The file of stories is made again for what authors say, the second time too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.experiences.following import actions
from guichet.experiences.models import Promise
from guichet.experiences.reading.open_table import stamp
from guichet.experiences.tests.factories import AuthorFactory, PromiseFactory, ReplyFactory

SAID = {
    "it changed": lambda author, promise: actions.answer_promise(
        author=author, promise=promise.pk, change=actions.Change.NO
    ),
    "useful": lambda author, promise: actions.judge_reply(
        author=author, reply=promise.reply_id, was_useful=False
    ),
    "solved": lambda author, promise: actions.say_solved(author=author, is_solved=True),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", SAID)
def test_what_an_author_says_again_is_in_the_file_of_the_next_hour(monkeypatch, what):
    noon = timezone.localtime().replace(hour=12, minute=30)
    long_ago = noon - timedelta(days=2)
    reply = ReplyFactory(published_at=long_ago, was_useful=True, judged_at=long_ago)
    promise = PromiseFactory(
        reply=reply,
        due_on=(noon - timedelta(days=3)).date(),
        outcome=Promise.Outcome.KEPT,
        judged_at=long_ago,
    )
    author = AuthorFactory(experience=reply.addressee.experience)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    before = stamp()
    SAID[what](author, promise)
    monkeypatch.setattr(timezone, "now", lambda: noon + timedelta(hours=1))
    assert stamp() != before
