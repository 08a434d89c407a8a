"""An answer corrected after its author was mailed: told once, when it can be corrected no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.experiences.answering import actions
from guichet.experiences.answering.actions.promises import wish_of
from guichet.experiences.answering.actions.replies import stamp_of
from guichet.experiences.answering.corrections import tell_of_corrections
from guichet.experiences.following.actions.removing import remove_reply
from guichet.experiences.models import Event, Reply
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT
from guichet.experiences.tests.answering.test_promises import WHAT, publish, wish
from guichet.experiences.tests.following.pages import address_of, words_at
from guichet.moderation.models import RefusalReason
from guichet.ui.components.content import written_time


def corrected(reply, by, text=TEXT, **promise):
    """With the promise that it holds, unless another is given."""
    reply = Reply.objects.get(pk=reply.pk)
    return actions.rewrite_reply(
        reply=reply,
        by=by,
        text=text,
        signature=SIGNATURE,
        seen=stamp_of(reply),
        promise=promise.get("promise", wish_of(reply)),
    )


def half_an_hour_later():
    Reply.objects.update(published_at=timezone.now() - timedelta(minutes=31))


def test_several_corrections_are_told_once_and_after_the_last(answered, agent, mailoutbox):
    mailoutbox.clear()
    corrected(answered, agent, f"{TEXT} Il ouvre à 8 heures.")
    corrected(answered, agent, f"{TEXT} Il ouvre à 9 heures.")
    assert tell_of_corrections() == 0
    assert mailoutbox == []
    half_an_hour_later()
    assert tell_of_corrections() == 1
    assert tell_of_corrections() == 0
    (letter,) = mailoutbox
    assert letter.to == ["personne@exemple.fr"]
    assert letter.subject.endswith("un service a corrigé sa réponse")
    assert "promet" not in letter.body
    assert "9 heures" not in letter.body, "a mail outlives a story taken back"


def test_an_answer_left_as_it_was_tells_nothing(answered, mailoutbox):
    mailoutbox.clear()
    half_an_hour_later()
    assert tell_of_corrections() == 0
    assert mailoutbox == []


def test_a_correction_that_changes_nothing_is_refused_and_not_told(answered, agent):
    with pytest.raises(RuleViolation, match="Rien n'est changé"):
        corrected(answered, agent)
    answered.refresh_from_db()
    assert answered.rewritten_at is None
    assert not Event.objects.filter(kind=Event.Kind.REWRITTEN).exists()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (wish(), None, "Il ne promet plus de changement."),
        (None, wish(), "Il promet maintenant un changement."),
        (wish(), wish(days=60), "Ce qu'il promet a changé aussi."),
    ],
)
def test_the_mail_says_what_became_of_the_promise(story, agent, mailoutbox, before, after, said):
    corrected(publish(story, agent, before), agent, promise=after)
    half_an_hour_later()
    mailoutbox.clear()
    tell_of_corrections()
    assert said in mailoutbox[0].body


def test_a_promise_dropped_then_made_again_as_it_was_is_not_said_dropped(story, agent, mailoutbox):
    reply = publish(story, agent, wish())
    corrected(reply, agent, promise=None)
    corrected(reply, agent, promise=replace(wish(), what=WHAT))
    half_an_hour_later()
    mailoutbox.clear()
    tell_of_corrections()
    assert "ne promet plus" not in mailoutbox[0].body


def test_the_author_reads_that_the_promise_was_withdrawn(story, agent, client):
    reply = publish(story, agent, wish())
    author = story.experience.author
    assert "Un service promet un changement (" in words_at(client, address_of(author))
    corrected(reply, agent, promise=None)
    said = words_at(client, address_of(author))
    assert "Un service promet un changement, promesse retirée depuis" in said
    assert "Un service promet un changement (" not in said
    assert "Un service retire sa promesse" in said
    assert "Un service corrige sa réponse" in said
    reply.refresh_from_db()
    assert f", corrigée à {written_time(reply.rewritten_at)}" in said
    assert Event.objects.get(kind=Event.Kind.UNPROMISED).at >= reply.published_at


def test_an_addition_corrected_is_told_too(answered, story, agent, mailoutbox):
    added = actions.add_to_reply(
        addressee=story, by=agent, text=f"{TEXT} C'est fait.", signature=SIGNATURE, version=0
    )
    mailoutbox.clear()
    corrected(added, agent, f"{TEXT} C'est fait depuis lundi.")
    half_an_hour_later()
    assert tell_of_corrections() == 1


def test_an_answer_removed_meanwhile_is_told_as_removed_only(
    answered, story, agent, moderator, mailoutbox
):
    corrected(answered, agent, f"{TEXT} Il ouvre à 8 heures.")
    remove_reply(reply=answered, by=moderator, reason=RefusalReason.INSULT, message="Insulte.")
    half_an_hour_later()
    mailoutbox.clear()
    assert tell_of_corrections() == 0
    assert mailoutbox == []


def test_who_stopped_the_news_is_not_told(answered, story, agent, mailoutbox):
    author = story.experience.author
    author.wants_news = False
    author.save()
    corrected(answered, agent, f"{TEXT} Il ouvre à 8 heures.")
    half_an_hour_later()
    mailoutbox.clear()
    assert tell_of_corrections() == 0
    assert mailoutbox == []
