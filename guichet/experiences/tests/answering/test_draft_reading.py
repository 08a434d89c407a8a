"""The worker looks for names in a draft that is read again; its agent waits for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.directory.tests.agents.conftest import text_of
from guichet.experiences.answering import actions
from guichet.experiences.answering.actions.promises import PromiseWish
from guichet.experiences.answering.draft_reading import read_draft
from guichet.experiences.models import Reply, ReplyDraft
from guichet.experiences.tests.answering.conftest import SIGNATURE
from guichet.experiences.tests.answering.test_reviewing import GOOD
from guichet.moderation.detection import detector
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

NAMED = (
    "Vous avez attendu deux heures et personne n'a su vous expliquer pourquoi. Une notice claire "
    "est affichée depuis lundi, et Oriel Vask ouvre un second guichet le matin."
)
NAME = "Oriel Vask"


@pytest.fixture
def names_found(monkeypatch):
    def found(text):
        start = text.find(NAME)
        return [Span(start, start + len(NAME), Kind.NAME, 0.9)] if start >= 0 else []

    monkeypatch.setattr(detector, "found", found)


@pytest.fixture
def draft(story, agent):
    return actions.save_draft(addressee=story, by=agent, text=NAMED, signature=SIGNATURE, version=0)


def review_page(client, story):
    return text_of(client.get(reverse("review_answer", args=[story.pk])))


def test_asking_to_read_again_asks_the_worker_for_names(
    as_agent, story, names_found, django_capture_on_commit_callbacks
):
    posted = {"text": NAMED, "signature": SIGNATURE, "version": 0, "act": "review"}
    with django_capture_on_commit_callbacks(execute=True):
        as_agent.post(reverse("save_answer", args=[story.pk]), posted)
    assert "Les noms propres sont cherchés" in review_page(as_agent, story)
    (job,) = ProcrastinateJob.objects.filter(task_name="read_reply_draft")
    read_draft(**job.args)
    page = review_page(as_agent, story)
    assert "sont cherchés" not in page
    assert f"« {NAME} » : nom de personne" in page


def test_an_answer_goes_out_whether_or_not_the_names_were_looked_for(as_agent, story, draft):
    as_agent.post(reverse("publish_answer", args=[story.pk]), {"version": draft.version})
    assert Reply.objects.get().quality["names_read"] is False


def test_the_names_found_are_kept_with_the_answer_as_kinds_alone(
    as_agent, story, draft, names_found
):
    read_draft(story.pk, draft.version)
    url = reverse("publish_answer", args=[story.pk])
    as_agent.post(url, {"version": draft.version})
    assert not Reply.objects.exists()
    as_agent.post(url, {"version": draft.version, "anyway": "1"})
    kept = Reply.objects.get().quality
    assert (kept["personal"], kept["names_read"]) == (["nom de personne"], True)
    assert NAME not in str(kept)


def test_names_are_looked_for_in_what_is_promised_too(as_agent, story, agent, names_found):
    promise = PromiseWish(what=f"{NAME} ouvre un second guichet", due_on=None)
    draft = actions.save_draft(
        addressee=story, by=agent, text=GOOD, signature=SIGNATURE, promise=promise, version=0
    )
    assert NAME not in review_page(as_agent, story).partition("Ce que le public lira")[0]
    read_draft(story.pk, draft.version)
    assert f"« {NAME} » : nom de personne" in review_page(as_agent, story)


def test_names_are_looked_for_in_the_signature_too(as_agent, story, agent, names_found):
    draft = actions.save_draft(
        addressee=story, by=agent, text=GOOD, signature=f"{NAME}, accueil", version=0
    )
    read_draft(story.pk, draft.version)
    page = review_page(as_agent, story)
    assert "La signature désigne une personne" in page
    assert f"« {NAME} » : nom de personne" in page


def test_how_the_author_is_called_is_no_remark(as_agent, story, draft, names_found):
    story.experience.pseudonym = "oriel vask"
    story.experience.save()
    read_draft(story.pk, draft.version)
    assert "Rien à signaler" in review_page(as_agent, story)


def test_a_draft_that_changed_meanwhile_is_read_in_its_new_version_alone(
    story, agent, draft, names_found
):
    newer = actions.save_draft(
        addressee=story, by=agent, text=f"Bonjour. {NAMED}", signature=SIGNATURE, version=1
    )
    read_draft(story.pk, draft.version)
    newer.refresh_from_db()
    assert newer.read_version == 0
    assert newer.spans == []


def test_what_is_found_in_a_draft_that_was_sent_is_not_said_of_the_next(
    story, agent, draft, monkeypatch
):
    def found_late(text):
        ReplyDraft.objects.all().delete()
        actions.save_draft(addressee=story, by=agent, text=GOOD, signature=SIGNATURE, version=0)
        return [Span(0, 5, Kind.NAME, 0.9)]

    monkeypatch.setattr(detector, "found", found_late)
    read_draft(story.pk, draft.version)
    begun = ReplyDraft.objects.get()
    assert (begun.version, begun.read_version, begun.spans) == (draft.version, 0, [])


def test_after_two_minutes_the_agent_is_told_to_look_for_names(as_agent, story, draft):
    ReplyDraft.objects.update(at=timezone.now() - timedelta(minutes=3))
    assert "Les noms propres n'ont pas été cherchés" in review_page(as_agent, story)
