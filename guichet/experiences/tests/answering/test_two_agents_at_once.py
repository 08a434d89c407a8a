"""Two agents who answer in the same second: one wins, the other sees why and loses nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from guichet.directory.tests.agents.conftest import text_of
from guichet.experiences.answering import actions
from guichet.experiences.models import Event, Reply, ReplyDraft
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT

pytestmark = pytest.mark.django_db(transaction=True)


def both(first, second):
    """Run two things at once, each on a connection of its own; their results, or their errors."""
    gate = Barrier(2)

    def run(act):
        gate.wait(timeout=60)
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, (first, second)))


def test_one_answer_is_published_and_the_other_is_told_who_was_first(story, agent, colleague):
    def publish(by, text):
        return actions.publish_reply(
            addressee=story, by=by, text=text, signature=SIGNATURE, version=0
        )

    results = both(
        lambda: publish(agent, f"{TEXT} Camille."), lambda: publish(colleague, f"{TEXT} Sacha.")
    )
    refused = [one for one in results if isinstance(one, actions.AlreadyAnswered)]
    assert len(refused) == 1
    kept = Reply.objects.get()
    assert str(kept.by) in str(refused[0])
    assert Event.objects.filter(kind=Event.Kind.REPLIED).count() == 1


def test_two_drafts_saved_at_once_through_the_pages_lose_no_text(story, agent, colleague):
    def saver(by, text):
        client = Client()
        client.force_login(by)
        form = {"text": text, "signature": SIGNATURE, "version": 0, "act": "draft"}
        return lambda: client.post(reverse("save_answer", args=[story.pk]), form)

    results = both(saver(agent, "Le texte de Camille."), saver(colleague, "Le texte de Sacha."))
    assert sorted(one.status_code for one in results) == [302, 409]
    kept = ReplyDraft.objects.get().text
    shown = text_of(next(one for one in results if one.status_code == 409))
    assert "a enregistré un autre texte entre-temps" in shown
    assert kept in shown
    assert "Le texte de Camille." in shown
    assert "Le texte de Sacha." in shown


def test_a_draft_saved_while_a_colleague_sends_the_former_text(story, agent, colleague):
    draft = actions.save_draft(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0)
    results = both(
        lambda: actions.publish_reply(
            addressee=story,
            by=agent,
            text=draft.text,
            signature=SIGNATURE,
            version=draft.version,
        ),
        lambda: actions.save_draft(
            addressee=story,
            by=colleague,
            text="Un autre texte.",
            signature=SIGNATURE,
            version=draft.version,
        ),
    )
    conflicts = [one for one in results if isinstance(one, actions.DraftConflict)]
    assert len(conflicts) == 1
    sent, waits = Reply.objects.exists(), ReplyDraft.objects.exists()
    assert (sent, waits) in {(True, False), (False, True)}
