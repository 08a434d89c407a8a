"""A moderator and an author in the same second: neither waits for the other for ever."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connections, transaction

from guichet.experiences.following import actions
from guichet.experiences.models import Experience, State
from guichet.experiences.tests.factories import AddresseeFactory, AuthorFactory, ReplyFactory
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions.taking import locked
from guichet.moderation.tests.factories import ModeratedTextFactory, OriginalTextFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def author():
    author = AuthorFactory()
    ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    return author


def accepted(source: str, author) -> ModeratedText:
    text = ModeratedTextFactory(source=source, reference=str(author.pk), state="accepted")
    OriginalTextFactory(text=text)
    return text


def while_deciding(text: ModeratedText, act: Callable[[], object]) -> list[Exception]:
    """Run `act` while a moderator holds `text`, and then needs its story; what failed."""
    is_held, failed = Signal(), []

    def decide() -> None:
        with transaction.atomic():
            locked(text)
            is_held.set()
            other.join(timeout=0.5)
            Experience.objects.select_for_update().get(pk=int(text.reference))

    def run(what: Callable[[], object]) -> None:
        try:
            what()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    def act_then() -> None:
        is_held.wait(timeout=60)
        act()

    other = Thread(target=run, args=(act_then,))
    moderator = Thread(target=run, args=(decide,))
    for thread in (other, moderator):
        thread.start()
    for thread in (other, moderator):
        thread.join(timeout=60)
    return failed


def test_an_author_who_withdraws_waits_for_the_decision(author):
    text = accepted("story", author)
    assert while_deciding(text, lambda: actions.withdraw(author)) == []
    assert Experience.objects.get().state == State.WITHDRAWN


def test_an_author_who_adds_a_word_waits_for_the_decision_on_the_last(author):
    text = ModeratedTextFactory(source="second_word", reference=str(author.pk), state="refused")
    said = while_deciding(text, lambda: actions.add_second_word(author=author, text="Merci."))
    assert said == []
    assert ModeratedText.objects.count() == 2
