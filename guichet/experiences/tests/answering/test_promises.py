"""A promise: what, where, by when, shown by what; limits; « c'est fait »."""

from __future__ import annotations

from datetime import date, timedelta

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


def correct(client, story, reply, **typed):
    """Post the form of the correction as it stands, but for what is `typed`."""
    url = reverse("rewrite_answer", args=[story.pk, reply.pk])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    if isinstance(sent["promise_due_on"], date):
        sent["promise_due_on"] = sent["promise_due_on"].isoformat()
    answer = client.post(url, {**sent, **typed})
    if answer.status_code == 200 and answer.context["review"]:
        sent["anyway"] = answer.context["review"].seal
        answer = client.post(url, {**sent, **typed})
    return answer


def test_a_promise_is_corrected_with_its_answer_and_the_public_reads_the_new_one(
    as_agent, client, story, agent, head
):
    reply = publish(story, agent, wish())
    day = timezone.localdate() + timedelta(days=60)
    what = "Un troisième guichet ouvert le soir"
    correct(
        as_agent,
        story,
        reply,
        promise_what=what,
        promise_due_on=day.isoformat(),
        promise_where=head.code,
    )
    kept = Promise.objects.get()
    assert (kept.what, kept.due_on, kept.where) == (what, day, head)
    page = text_of(client.get(story.experience.get_absolute_url()))
    assert what in page
    assert WHAT not in page
    event = AuditEvent.objects.get(action="reply.rewritten")
    assert event.before["where"] == story.structure.code
    assert (event.after["where"], event.after["due_on"]) == (head.code, day.isoformat())
    assert what not in str(event.after), "the audit outlives what it is about"


def test_a_promise_dropped_is_listed_no_more(as_agent, story, agent):
    reply = publish(story, agent, wish())
    asked = ListWish(promise="faite")
    assert listed(asked).items == [story.experience]
    correct(as_agent, story, reply, promise_what="", promise_due_on="")
    assert not Promise.objects.exists()
    assert listed(asked).items == []
    assert AuditEvent.objects.get(action="reply.rewritten").after == {"promise": "ôtée"}


def test_a_promise_added_by_a_correction_is_listed(as_agent, story, agent):
    reply = publish(story, agent, None)
    day = timezone.localdate() + timedelta(days=60)
    correct(as_agent, story, reply, promise_what=WHAT, promise_due_on=day.isoformat())
    assert Promise.objects.get().reply == reply
    assert listed(ListWish(promise="faite")).items == [story.experience]


def test_a_promise_left_as_it_is_stays_even_when_its_day_has_come(as_agent, story, agent):
    reply = publish(story, agent, wish())
    Promise.objects.update(due_on=timezone.localdate())
    answer = correct(as_agent, story, reply, text=f"{TEXT} Il ouvre à huit heures.")
    assert answer.status_code == 302
    assert Promise.objects.get().what == WHAT
    refused = correct(as_agent, story, reply, promise_what="Un troisième guichet le soir")
    assert "doit être à venir" in text_of(refused)
    assert Promise.objects.get().what == WHAT


def test_a_promise_said_done_is_corrected_no_more(as_agent, story, agent):
    reply = publish(story, agent, wish())
    actions.keep_promise(promise=reply.promise, by=agent, words="Le second guichet est ouvert.")
    refused = correct(as_agent, story, reply, promise_what="", promise_due_on="")
    assert "déjà dite tenue" in text_of(refused)
    assert Promise.objects.exists()


def test_a_new_promise_is_read_again_before_all_read_it(as_agent, story, agent):
    reply = publish(story, agent, wish())
    url = reverse("rewrite_answer", args=[story.pk, reply.pk])
    form = as_agent.get(url).context["form"]
    sent = {
        "text": TEXT,
        "signature": SIGNATURE,
        "seen": form.initial["seen"],
        "promise_what": "Rappeler cette personne au 06 39 98 12 34",
        "promise_due_on": form.initial["promise_due_on"].isoformat(),
        "promise_where": story.structure.code,
    }
    assert "« 06 39 98 12 34 »" in text_of(as_agent.post(url, sent))
    assert Promise.objects.get().what == WHAT


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
