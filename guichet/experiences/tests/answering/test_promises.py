"""A promise: what, where, by when, shown by what; limits; « c'est fait »."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.tests.agents.conftest import text_of
from guichet.experiences.answering import actions
from guichet.experiences.answering.actions import PromiseWish
from guichet.experiences.models import Event, Promise, Reply
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT
from guichet.indicators.tests.factories import IndicatorFactory, VersionFactory

WHAT = "Un second guichet ouvert le matin"


def wish(days=30, what=WHAT, **more):
    due_on = None if days is None else timezone.localdate() + timedelta(days=days)
    return PromiseWish(what=what, due_on=due_on, **more)


def publish(story, by, promise):
    return actions.publish_reply(
        addressee=story, by=by, text=TEXT, signature=SIGNATURE, promise=promise, version=0
    )


def test_a_promise_is_kept_with_its_place_and_indicator_and_told_with_the_answer(
    story, agent, site, mailoutbox
):
    indicator = IndicatorFactory(code="attente")
    reply = publish(story, agent, wish(indicator=indicator))
    kept = reply.promise
    assert (kept.what, kept.where, kept.indicator) == (WHAT, site, indicator)
    event = Event.objects.get(kind=Event.Kind.PROMISED)
    assert event.detail == {"reply": reply.pk, "promise": kept.pk}
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        (wish(what="Bientôt"), "en une phrase ce qui va changer"),
        (wish(days=None), "Une promesse a une date"),
        (wish(days=0), "doit être à venir"),
        (wish(days=-1), "doit être à venir"),
        (wish(days=733), "deux ans au plus"),
        (wish(what="x" * 301), "300 caractères au plus"),
    ],
)
def test_a_promise_that_says_nothing_stops_the_whole_answer(story, agent, promise, said):
    with pytest.raises(RuleViolation, match=said):
        publish(story, agent, promise)
    assert not Reply.objects.exists()


def test_everybody_reads_the_promise_on_the_storys_page(story, agent, client):
    VersionFactory(indicator=IndicatorFactory(code="attente"), public_title="Attente au guichet")
    publish(story, agent, wish())
    page = text_of(client.get(story.experience.get_absolute_url()))
    assert WHAT in page


def test_a_story_is_listed_among_those_that_were_promised_something(story, agent):
    asked = ListWish(promise="faite")
    assert listed(asked).items == []
    publish(story, agent, wish())
    assert listed(asked).items == [story.experience]
    assert listed(ListWish(promise="tenue")).items == []


def test_the_preview_shows_a_promise_as_the_public_page_will(as_agent, story):
    day = timezone.localdate() + timedelta(days=30)
    as_agent.post(
        reverse("save_answer", args=[story.pk]),
        {
            "text": TEXT,
            "signature": SIGNATURE,
            "version": 0,
            "act": "review",
            "promise_what": WHAT,
            "promise_due_on": day.isoformat(),
            "promise_where": story.structure.code,
        },
    )
    page = text_of(as_agent.get(reverse("review_answer", args=[story.pk])))
    assert f"Promesse\xa0: {WHAT}".replace("\xa0", " ") in page.replace("\xa0", " ")
    as_agent.post(reverse("publish_answer", args=[story.pk]), {"version": 1, "anyway": "1"})
    assert Promise.objects.get().due_on == day


def test_half_a_promise_is_refused_at_the_reading_and_nothing_is_lost(as_agent, story):
    sent = {"text": TEXT, "signature": SIGNATURE, "version": 0, "act": "review"}
    as_agent.post(reverse("save_answer", args=[story.pk]), {**sent, "promise_what": WHAT})
    page = text_of(as_agent.get(reverse("review_answer", args=[story.pk])))
    assert "Une promesse a une date" in page
    form = as_agent.get(reverse("answer_story", args=[story.pk])).content.decode()
    assert f'value="{WHAT}"' in form


def test_the_service_says_that_it_is_done_and_the_author_is_told(
    as_agent, story, agent, mailoutbox
):
    promise = publish(story, agent, wish()).promise
    mailoutbox.clear()
    url = reverse("keep_promise", args=[story.pk, promise.pk])
    assert WHAT in text_of(as_agent.get(url))
    refused = as_agent.post(url, {"words": "Fait"})
    assert "en une phrase ce qui a été fait" in text_of(refused)
    as_agent.post(url, {"words": "Le second guichet est ouvert depuis le 3 mars."})
    promise.refresh_from_db()
    assert promise.done_on == timezone.localdate()
    assert Event.objects.filter(kind=Event.Kind.DONE).count() == 1
    assert [mail.to for mail in mailoutbox] == [["personne@exemple.fr"]]
    assert AuditEvent.objects.filter(action="promise.done", actor=agent).exists()
    with pytest.raises(RuleViolation, match="déjà dite tenue"):
        actions.keep_promise(promise=promise, by=agent, words="Une seconde fois, vraiment.")


def test_what_was_done_is_read_again_before_all_read_it(as_agent, story, agent):
    promise = publish(story, agent, wish()).promise
    url = reverse("keep_promise", args=[story.pk, promise.pk])
    words = "Mme Dubreuil, au 06 12 34 56 78, tient le second guichet."
    page = text_of(as_agent.post(url, {"words": words}))
    promise.refresh_from_db()
    assert promise.done_on is None
    assert "Des données personnelles" in page
    assert "« 06 12 34 56 78 »" in page
    assert f'value="{words}"' in page
    as_agent.post(url, {"words": words, "anyway": "1"})
    promise.refresh_from_db()
    assert promise.done_words == words


def test_anothers_promise_is_not_found_under_ones_own_story(as_agent, story, elsewhere, agent):
    from guichet.experiences.tests.factories import PromiseFactory

    other = PromiseFactory(reply__addressee__structure=elsewhere)
    url = reverse("keep_promise", args=[story.pk, other.pk])
    assert as_agent.post(url, {"words": "Le second guichet est ouvert."}).status_code == 404
