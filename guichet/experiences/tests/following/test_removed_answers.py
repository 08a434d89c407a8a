"""One answer is reported, then removed alone: by whom, what goes, who is told, what stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guichet.accounts import trapped_forms
from guichet.accounts.models import AuditEvent
from guichet.accounts.tests.factories import UserFactory
from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.experiences.answering.actions.replies import first_reply, may_be_rewritten
from guichet.experiences.answering.queries import last_signature
from guichet.experiences.following import actions
from guichet.experiences.following.actions.removing import erase_removed_words
from guichet.experiences.following.forms import ContentReportForm
from guichet.experiences.models import (
    Addressee,
    ContentReport,
    Event,
    Promise,
    RemovedWords,
    Reply,
)
from guichet.experiences.reading.figures import figures_of
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.reading.open_table import rows, stamp
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import AddresseeFactory, AuthorFactory, ReplyFactory
from guichet.experiences.tests.following.letters import letters, words_of
from guichet.experiences.tests.following.pages import address_of, strict, words_at
from guichet.moderation.models import RefusalReason

pytestmark = pytest.mark.django_db
SAID = "Monsieur Dupuis est un menteur."
GONE = "Réponse retirée par la modération le"
WHY = "Raison\u00a0: propos injurieux ou haineux."


@pytest.fixture
def reply():
    """An answer with a promise, judged by everybody, to the story of an author with an address."""
    author = AuthorFactory(email="auteur@exemple.fr")
    at = timezone.now() - timedelta(days=1)
    addressee = AddresseeFactory(experience=author.experience, first_reply_at=at)
    author.experience.first_reply_at = at
    author.experience.save()
    found = ReplyFactory(
        addressee=addressee,
        structure=addressee.structure,
        text=SAID,
        published_at=at,
        by=UserFactory(email="agent@exemple.fr"),
        was_useful=True,
        useful_count=3,
    )
    Promise.objects.create(reply=found, what="Ouvrir le samedi", due_on=timezone.localdate())
    return found


@pytest.fixture
def moderator():
    return someone(Role.MODERATOR)


def remove(reply, by, **changes) -> Reply:
    values = {"reason": RefusalReason.INSULT, "message": "Pas d'insulte.", **changes}
    return actions.remove_reply(reply=reply, by=by, **values)


def test_a_visitor_says_which_answer_is_the_matter(reply, monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))
    story = reply.addressee.experience
    address = f"/experiences/{story.pk}/signaler/"
    page = words_at(strict(), story.get_absolute_url())
    assert f'href="{address}?reponse={reply.pk}"' in page
    asked = words_at(strict(), f"{address}?reponse={reply.pk}")
    assert f'value="{reply.pk}"' in asked
    typed = {
        "about_reply": str(reply.pk),
        "topic": "insult",
        "message": "Il insulte.",
        "good_faith": "on",
        "seen": ContentReportForm(about=f"report-{story.pk}").token(),
    }
    assert strict().post(address, {**typed, "about_reply": "999"}).status_code == 200
    assert strict().post(address, typed).status_code == 303
    assert ContentReport.objects.get().reply == reply


def test_a_moderator_removes_the_answer_and_leaves_the_story(reply, moderator):
    story = reply.addressee.experience
    mine, others = (
        actions.report_content(experience=story, topic="insult", message="Non.", reply=one)
        for one in (reply, None)
    )
    client = Client()
    client.force_login(moderator)
    address = reverse("settle_content_report", args=[mine.pk])
    assert SAID in words_at(client, address)
    values = {"outcome": f"answer_removed-{reply.pk}", "reason": "", "words": "Pas d'insulte."}
    assert "Choisissez pourquoi" in client.post(address, values).content.decode()
    assert client.post(address, {**values, "reason": "insult"}).status_code == 302
    mine.refresh_from_db()
    others.refresh_from_db()
    assert mine.outcome.startswith("Réponse retirée")
    assert others.settled_at is None
    page = words_at(Client(), story.get_absolute_url())
    assert SAID not in page
    assert GONE in page
    assert WHY in page
    assert "Ouvrir le samedi" not in page
    assert SAID in words_at(client, address), "moderators may answer an agent who disagrees"
    kept = AuditEvent.objects.get(action="reply.removed")
    assert kept.actor == moderator
    assert SAID not in str(kept.after)


def test_its_promise_is_listed_no_more(reply, moderator):
    index(reply.addressee.experience)
    asked = ListWish(promise="faite")
    assert listed(asked).items == [reply.addressee.experience]
    remove(reply, moderator)
    assert listed(asked).items == []


def test_the_agent_and_the_author_are_told_why(reply, moderator):
    remove(reply, moderator)
    told = {letter["To"]: words_of(letter) for letter in letters()}
    assert set(told) == {"agent@exemple.fr", "auteur@exemple.fr"}
    assert "propos injurieux ou haineux" in told["agent@exemple.fr"]
    assert "Pas d'insulte." in told["agent@exemple.fr"]
    assert "de nouveau attendue" in told["agent@exemple.fr"]
    assert not any(SAID in words for words in told.values())
    page = words_at(strict(), address_of(reply.addressee.experience.author))
    assert WHY in page
    assert SAID not in page
    assert "vous est-elle utile" not in page


def test_the_agent_is_not_told_the_name_of_a_service_as_the_author_typed_it(reply, moderator):
    Addressee.objects.update(structure=None, network=None, name_entered="Guichet de Mme Tatillon")
    remove(Reply.objects.get(), moderator)
    (told,) = [words_of(letter) for letter in letters() if letter["To"] == "agent@exemple.fr"]
    assert "pour un service hors annuaire." in told
    assert "Tatillon" not in told


def test_those_who_answer_for_the_service_are_told_when_the_agent_left(reply, moderator):
    reply.by.is_active = False
    reply.by.save()
    colleague = someone(Role.RESPONDER, reply.structure)
    remove(reply, moderator)
    assert colleague.email in [letter["To"] for letter in letters()]
    assert "agent@exemple.fr" not in [letter["To"] for letter in letters()]


def test_figures_are_as_if_it_had_not_been_given(reply, moderator):
    scope = Scope(structure=reply.structure)
    before = figures_of(scope)
    assert (before.answered, before.judged, before.useful) == (1, 1, 1)
    due = reply.addressee.due_on
    remove(reply, moderator)
    after = figures_of(Scope(structure=reply.structure))
    assert (after.addressed, after.answered, after.judged, after.useful) == (1, 0, 0, 0)
    assert after.median_days is None
    assert not Promise.objects.exists()
    addressee = reply.addressee
    addressee.refresh_from_db()
    assert (addressee.first_reply_at, addressee.due_on) == (None, due)
    assert addressee.experience.first_reply_at is None
    assert first_reply(addressee) is None, "the service may answer again"


def test_another_answer_keeps_the_story_answered(reply, moderator):
    later = ReplyFactory(addressee=reply.addressee, structure=reply.structure)
    remove(reply, moderator)
    reply.addressee.refresh_from_db()
    assert reply.addressee.first_reply_at == later.published_at


def test_files_and_the_api_hold_the_reason_in_its_place(reply, moderator, client):
    before = stamp()
    remove(reply, moderator)
    assert stamp() != before
    (row,) = rows()
    assert SAID not in map(str, row)
    assert any(WHY in str(cell) for cell in row)
    story = client.get(f"/api/v1/experiences/{reply.addressee.experience_id}").json()
    (shown,) = story["services"][0]["replies"]
    assert WHY in shown["text"]
    assert shown["removed_on"] == timezone.localdate().isoformat()
    assert shown["promise"] is None


def test_who_signed_it_is_named_nowhere_any_more(reply, moderator, client):
    Reply.objects.update(signature="Mme Untel, 06 12 34 56 78")
    remove(reply, moderator)
    story = reply.addressee.experience
    for page in (address_of(story.author), f"/api/v1/experiences/{story.pk}"):
        assert "Untel" not in client.get(page).content.decode()
    assert "Untel" in RemovedWords.objects.get().text
    assert last_signature(reply.by) == ""


def test_nothing_more_is_said_of_it(reply, moderator):
    author = reply.addressee.experience.author
    removed = remove(reply, moderator)
    assert not may_be_rewritten(removed)
    with pytest.raises(RuleViolation):
        actions.judge_reply(author=author, reply=reply.pk, was_useful=False)
    assert strict().post(f"/experiences/reponses/{reply.pk}/utile/").status_code == 404
    with pytest.raises(RuleViolation, match="déjà retirée"):
        remove(reply, moderator)
    assert Event.objects.filter(kind=Event.Kind.REPLY_GONE).count() == 1


def test_its_words_are_erased_after_ninety_days_and_with_the_story(reply, moderator):
    remove(reply, moderator)
    assert erase_removed_words() == 0
    RemovedWords.objects.update(erase_on=timezone.localdate())
    assert erase_removed_words() == 1


def test_its_words_go_with_a_withdrawn_story(reply, moderator):
    remove(reply, moderator)
    actions.withdraw(reply.addressee.experience.author)
    assert not RemovedWords.objects.exists()
