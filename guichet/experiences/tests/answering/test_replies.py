"""The public answer: published once, told to the author, rewritten for half an hour, completed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.experiences.answering import actions
from guichet.experiences.answering.actions.replies import stamp_of
from guichet.experiences.answering.templates import save_template
from guichet.experiences.models import AnswerTemplate, Event, Reply, ReplyDraft, State
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT


def publish(story, by, text=TEXT, version=0, **more):
    return actions.publish_reply(
        addressee=story, by=by, text=text, signature=SIGNATURE, version=version, **more
    )


def test_an_answer_is_published_dated_and_told_to_the_author(story, agent, mailoutbox):
    reply = publish(story, agent)
    story.refresh_from_db()
    story.experience.refresh_from_db()
    assert story.first_reply_at == reply.published_at
    assert story.experience.first_reply_at == reply.published_at
    event = Event.objects.get(kind=Event.Kind.REPLIED)
    assert event.detail == {"reply": reply.pk}
    assert event.told_at is not None
    assert [mail.to for mail in mailoutbox] == [["personne@exemple.fr"]]
    kept = AuditEvent.objects.get(action="reply.published")
    assert (kept.actor, str(kept.scope)) == (agent, story.structure.scope)
    assert kept.after is None, "the audit outlives an answer that moderation removes"


def test_the_first_of_several_services_dates_the_first_answer(story, agent, elsewhere, neighbour):
    other = type(story).objects.create(
        experience=story.experience, rank=2, structure=elsewhere, network=elsewhere.network
    )
    first = publish(other, neighbour)
    publish(story, agent)
    story.experience.refresh_from_db()
    assert story.experience.first_reply_at == first.published_at


def test_a_second_answer_is_refused_with_the_name_of_who_was_first(answered, story, colleague):
    with pytest.raises(actions.AlreadyAnswered, match="Camille Roux a publié une réponse"):
        publish(story, colleague)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "40 caractères au moins"),
        ("Merci.", "40 caractères au moins"),
        ("x" * 8_001, "8\u202f000 caractères au plus : votre texte en a 8\u202f001"),
        (TEXT + " Rappelez le [numéro] avant [date].", r"à remplir : \[numéro\], \[date\]"),
    ],
)
def test_what_cannot_go_out_is_refused_in_words(story, agent, text, said):
    with pytest.raises(RuleViolation, match=said):
        publish(story, agent, text=text)
    assert not Reply.objects.exists()


def test_an_answer_without_a_function_is_refused(story, agent):
    with pytest.raises(RuleViolation, match="Signez par une fonction"):
        actions.publish_reply(addressee=story, by=agent, text=TEXT, signature=" ", version=0)


def test_a_template_as_it_stands_is_refused_but_changed_it_goes(story, agent, manager, network):
    words = "Nous vous remercions de votre témoignage et transmettons au service concerné."
    save_template(template=AnswerTemplate(), by=manager, title="Merci", text=words, network=network)
    with pytest.raises(RuleViolation, match="modèle tel quel"):
        publish(story, agent, text=f"  {words.upper()}\n")
    with pytest.raises(RuleViolation, match=r"2.mots sont de vous.*6 mots de vous au moins"):
        publish(story, agent, text=f"Bonjour madame. {words}")
    assert publish(story, agent, text=f"{words} Le guichet ouvre désormais à 8 heures.")


def test_a_story_withdrawn_meanwhile_gets_no_answer(story, agent):
    story.experience.state = State.WITHDRAWN
    story.experience.save()
    with pytest.raises(RuleViolation, match="n'est plus publié"):
        publish(story, agent)


def test_marks_that_turn_the_reading_round_are_taken_out(story, agent):
    reply = publish(story, agent, text=f"{TEXT}\u202e\x00\r\n\r\n\r\n\r\nBien à vous.")
    assert reply.text == f"{TEXT}\n\nBien à vous."


def test_an_answer_is_corrected_within_thirty_minutes_only(answered, agent):
    text = f"{TEXT} Il ouvre à 8 heures."
    seen = stamp_of(answered)
    kept = actions.rewrite_reply(
        reply=answered, by=agent, text=text, signature="Le directeur", seen=seen, promise=None
    )
    assert (kept.text, kept.signature) == (text, "Le directeur")
    assert kept.rewritten_at is not None
    Reply.objects.update(published_at=timezone.now() - timedelta(minutes=31))
    with pytest.raises(RuleViolation, match="complément"):
        actions.rewrite_reply(
            reply=kept, by=agent, text=TEXT, signature=SIGNATURE, seen=stamp_of(kept), promise=None
        )


def test_a_correction_does_not_undo_a_colleagues(answered, agent, colleague):
    seen = stamp_of(answered)
    actions.rewrite_reply(
        reply=answered, by=agent, text=f"{TEXT} Bien.", signature=SIGNATURE, seen=seen, promise=None
    )
    with pytest.raises(RuleViolation, match="entre-temps"):
        actions.rewrite_reply(
            reply=answered, by=colleague, text=TEXT, signature=SIGNATURE, seen=seen, promise=None
        )


def test_an_addition_is_dated_and_leaves_the_answer_alone(answered, story, agent, mailoutbox):
    mailoutbox.clear()
    added = actions.add_to_reply(
        addressee=story, by=agent, text=f"{TEXT} C'est fait.", signature=SIGNATURE, version=0
    )
    assert added.addition_to == answered
    answered.refresh_from_db()
    assert answered.text == TEXT
    story.refresh_from_db()
    assert story.first_reply_at == answered.published_at
    assert Event.objects.filter(kind=Event.Kind.ADDED).count() == 1
    assert len(mailoutbox) == 1


def test_nothing_is_added_to_an_answer_that_does_not_exist(story, agent):
    with pytest.raises(RuleViolation, match="pas encore de réponse"):
        actions.add_to_reply(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0)


def test_the_draft_is_gone_once_sent(story, agent):
    draft = actions.save_draft(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0)
    publish(story, agent, version=draft.version)
    assert not ReplyDraft.objects.exists()


def test_another_text_than_the_one_read_again_is_not_sent(story, agent, colleague):
    first = actions.save_draft(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0)
    actions.save_draft(
        addressee=story, by=colleague, text="Autre", signature="", version=first.version
    )
    with pytest.raises(actions.DraftConflict, match="Sacha Lenoir a enregistré un autre texte"):
        publish(story, agent, version=first.version)
    assert not Reply.objects.exists()


def test_a_draft_of_an_older_version_is_refused_and_shows_the_other(story, agent, colleague):
    first = actions.save_draft(addressee=story, by=agent, text="Un", signature="", version=0)
    with pytest.raises(actions.DraftConflict) as refused:
        actions.save_draft(addressee=story, by=colleague, text="Deux", signature="", version=0)
    assert refused.value.draft == first
    assert ReplyDraft.objects.get().text == "Un"
