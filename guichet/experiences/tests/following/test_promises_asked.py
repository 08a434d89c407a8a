"""« Est-ce que ça a changé ? »: asked once after the day, reminded once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from guichet.experiences import tasks
from guichet.experiences.following import actions
from guichet.experiences.following.asking import ask_about, ask_about_due_promises
from guichet.experiences.models import Event, Promise, State
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.tests.factories import AuthorFactory, PromiseFactory, ReplyFactory
from guichet.experiences.tests.following.letters import letters, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def promise():
    reply = ReplyFactory()
    AuthorFactory(experience=reply.addressee.experience)
    return PromiseFactory(reply=reply, due_on=timezone.localdate() - timedelta(days=1))


def asked_days_ago(promise, days: int) -> None:
    Promise.objects.filter(pk=promise.pk).update(asked_at=timezone.now() - timedelta(days=days))


def test_a_promise_that_fell_due_is_asked_about_once(promise):
    assert ask_about_due_promises() == 1
    assert ask_about_due_promises() == 0
    (letter,) = letters()
    assert "est-ce que ça a changé ?" in letter["Subject"]
    assert "deux semaines" not in words_of(letter)
    promise.refresh_from_db()
    assert promise.asked_at is not None


def test_nothing_is_asked_on_the_day_itself(promise):
    Promise.objects.update(due_on=timezone.localdate())
    assert ask_about_due_promises() == 0


def test_one_reminder_comes_after_two_weeks(promise):
    ask_about_due_promises()
    asked_days_ago(promise, 13)
    assert ask_about_due_promises() == 0
    asked_days_ago(promise, 15)
    assert ask_about_due_promises() == 1
    assert ask_about_due_promises() == 0
    assert "nous ne vous écrirons plus à ce sujet" in words_of(letters()[-1])


def test_who_answered_is_not_reminded(promise):
    ask_about_due_promises()
    author = promise.reply.addressee.experience.author
    actions.answer_promise(author=author, promise=promise.pk, change=actions.Change.UNKNOWN)
    asked_days_ago(promise, 15)
    assert ask_about_due_promises() == 0


def test_a_promise_that_the_author_says_kept_is_listed_as_such(promise):
    story = promise.reply.addressee.experience
    asked = ListWish(promise="tenue")
    assert listed(asked).items == []
    actions.answer_promise(author=story.author, promise=promise.pk, change=actions.Change.YES)
    assert listed(asked).items == [story]


def test_without_an_address_the_question_waits_on_the_page(promise):
    author = promise.reply.addressee.experience.author
    author.email = ""
    author.save()
    assert ask_about_due_promises() == 1
    assert letters() == []
    assert Event.objects.get().kind == Event.Kind.ASKED


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.REMOVED])
def test_a_story_that_is_gone_is_not_asked_about(promise, state):
    experience = promise.reply.addressee.experience
    experience.state = state
    experience.save()
    assert ask_about_due_promises() == 0


def test_a_story_taken_over_from_elsewhere_has_nobody_to_ask():
    PromiseFactory(due_on=timezone.localdate() - timedelta(days=1))
    assert ask_about_due_promises() == 0


def test_asking_twice_at_once_asks_once(promise):
    assert ask_about(promise) is not None
    assert ask_about(Promise.objects.get()) is None


@pytest.mark.parametrize(
    ("due", "asked"),
    [
        (datetime(2026, 1, 15, 6, 10, tzinfo=UTC), 1),
        (datetime(2026, 1, 15, 5, 10, tzinfo=UTC), 0),
        (datetime(2026, 7, 15, 5, 10, tzinfo=UTC), 1),
        (datetime(2026, 7, 15, 6, 10, tzinfo=UTC), 0),
    ],
)
def test_the_job_runs_at_seven_in_summer_and_in_winter(promise, due, asked):
    tasks.ask_about_promises(int(due.timestamp()))
    assert len(letters()) == asked
