"""A text is decided once, by one person; its source is told in the same transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.moderation.models import ModeratedText, OriginalText, RefusalReason, TextState
from guichet.moderation.queue.actions import accept, orient, refuse, remove, reopen, withdraw
from guichet.moderation.queue.actions.taking import let_go, open_text
from guichet.moderation.queue.explanations import EXPLANATIONS
from guichet.moderation.sources import sources
from guichet.moderation.tests.queue.conftest import SOURCE, arrived

pytestmark = pytest.mark.django_db
MASKED = "J'ai appelé le [téléphone], personne ne répond."


def test_what_is_accepted_is_published_masked(waiting, ana, told):
    accept(text=waiting, by=ana)
    waiting.refresh_from_db()
    assert waiting.state == TextState.ACCEPTED
    assert waiting.published("description") == MASKED
    assert told.decisions == [("accept", "accepted", [MASKED])]
    (mark,) = waiting.original.marks
    assert (mark["start"], mark["end"], mark["state"]) == (15, 29, "accepted")


def test_a_rejected_mark_shows_the_words(waiting, ana):
    waiting.original.marks[0]["state"] = "rejected"
    waiting.original.save()
    decision = accept(text=waiting, by=ana)
    assert "06 12 34 56 78" in decision.text.published("description")


def test_the_original_is_kept_ninety_days_after_the_decision(waiting, ana):
    accept(text=waiting, by=ana)
    kept = OriginalText.objects.get()
    assert kept.erase_on == timezone.localdate() + timedelta(days=90)


@pytest.mark.parametrize("reason", RefusalReason.values)
def test_each_reason_explains_itself_and_how_to_amend(waiting, ana, told, reason):
    decision = refuse(text=waiting, by=ana, reason=reason)
    assert decision.message == EXPLANATIONS[RefusalReason(reason)]
    assert "reprendre votre texte avec le lien de suivi" in decision.message
    assert told.decisions == [("refuse", "refused", [""])]


def test_a_moderator_may_write_the_explanation_anew(waiting, ana):
    decision = refuse(text=waiting, by=ana, reason="insult", message="Sans ce mot, c'est oui.")
    assert decision.message == "Sans ce mot, c'est oui."


def test_an_individual_file_is_oriented_to_a_named_service(waiting, ana, told):
    decision = orient(text=waiting, by=ana, service="CAF du Nord, Lille", key="caf-lille")
    assert (decision.oriented_to, decision.oriented_key) == ("CAF du Nord, Lille", "caf-lille")
    assert told.decisions == [("orient", "oriented", [""])]
    with pytest.raises(RuleViolation, match="Choisissez le service"):
        orient(text=waiting, by=ana, service=" ")


def test_of_two_who_decide_one_wins_and_the_other_reads_why(waiting, ana, bo, told):
    accept(text=waiting, by=ana)
    with pytest.raises(RuleViolation, match=r"Ana Roux a déjà décidé .* : publier\. Votre"):
        refuse(text=waiting, by=bo, reason="insult")
    assert len(told.decisions) == 1


def test_who_opened_a_text_keeps_it_from_the_others(waiting, ana, bo):
    open_text(text=waiting, by=ana)
    with pytest.raises(RuleViolation, match="Ana Roux lit ce texte depuis"):
        accept(text=waiting, by=bo)
    with pytest.raises(RuleViolation, match="Ana Roux lit ce texte depuis"):
        open_text(text=waiting, by=bo)
    accept(text=waiting, by=ana)


def test_a_text_that_was_let_go_is_free(waiting, ana, bo):
    open_text(text=waiting, by=ana)
    let_go(text=waiting, by=bo)
    with pytest.raises(RuleViolation):
        accept(text=waiting, by=bo)
    let_go(text=waiting, by=ana)
    accept(text=waiting, by=bo)


def test_a_text_is_free_after_twenty_minutes(waiting, ana, bo):
    open_text(text=waiting, by=ana)
    ModeratedText.objects.update(taken_at=timezone.now() - timedelta(minutes=20))
    assert open_text(text=waiting, by=bo).taken_by == bo


def test_another_may_take_over_and_it_is_recorded(waiting, ana, bo):
    open_text(text=waiting, by=ana)
    open_text(text=waiting, by=ana)
    open_text(text=waiting, by=bo, takes_over=True)
    with pytest.raises(RuleViolation, match="Bo Petit lit"):
        accept(text=waiting, by=ana)
    actions = AuditEvent.objects.filter(subject_kind="moderatedtext").order_by("pk")
    assert [one.action for one in actions] == ["moderation.opened", "moderation.taken_over"]


def test_nothing_is_decided_before_the_machine_has_read(told, ana):
    text = arrived("Bonjour", read=False)
    with pytest.raises(RuleViolation, match="lecture automatique"):
        accept(text=text, by=ana)


def test_a_withdrawn_text_is_not_decided(waiting, ana, told):
    withdraw(source=SOURCE, reference="7")
    with pytest.raises(RuleViolation, match="retiré par son auteur"):
        accept(text=waiting, by=ana)


def test_a_source_that_fails_leaves_the_text_undecided(waiting, ana):
    def fail(text, decision):
        raise RuleViolation("Le lieu a fermé.")

    kept = next(one for one in sources if one.name == SOURCE)
    sources.register(type(kept)(SOURCE, "Récit", kept.context, fail))
    with pytest.raises(RuleViolation, match="fermé"):
        accept(text=waiting, by=ana)
    waiting.refresh_from_db()
    assert waiting.state == TextState.WAITING
    assert not waiting.decisions.exists()


def test_a_published_text_may_be_removed_with_a_word_to_its_author(waiting, ana, bo, told):
    with pytest.raises(RuleViolation, match="n'est pas publié"):
        remove(text=waiting, by=ana, reason="insult")
    accept(text=waiting, by=ana)
    decision = remove(text=waiting, by=bo, reason="named_agent")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.published("description")) == (TextState.REFUSED, "")
    assert decision.message in EXPLANATIONS[RefusalReason.NAMED_AGENT]
    assert "envoyer à nouveau" not in decision.message, "a text that was removed is not amended"
    assert told.decisions[-1] == ("remove", "refused", [""])


def test_a_decision_is_taken_again_with_its_reason(waiting, ana, bo, told):
    accept(text=waiting, by=ana)
    with pytest.raises(RuleViolation, match="Dites pourquoi"):
        reopen(text=waiting, by=bo, note=" ")
    reopen(text=waiting, by=bo, note="Un nom est resté")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.published("description")) == (TextState.WAITING, "")
    assert told.decisions[-1] == ("reopen", "waiting", [""])
    assert waiting.original.erase_on == timezone.localdate() + timedelta(days=365)
    refuse(text=waiting, by=bo, reason="personal_data")
    assert [one.verb for one in waiting.decisions.all()] == ["accept", "reopen", "refuse"]


def test_a_decision_without_its_original_is_not_taken_again(waiting, ana):
    accept(text=waiting, by=ana)
    waiting.original.delete()
    with pytest.raises(RuleViolation, match="effacé"):
        reopen(text=waiting, by=ana, note="Un nom est resté")


def test_the_decision_of_an_older_version_is_not_taken_again(waiting, ana):
    refuse(text=waiting, by=ana, reason="insult")
    arrived("Une version sans ce mot")
    with pytest.raises(RuleViolation, match="autre version"):
        reopen(text=waiting, by=ana, note="À revoir")


def test_a_text_that_waits_has_nothing_to_take_again(waiting, ana):
    with pytest.raises(RuleViolation, match="Aucune décision"):
        reopen(text=waiting, by=ana, note="À revoir")


def test_the_audit_says_what_was_decided_without_quoting(waiting, ana):
    refuse(text=waiting, by=ana, reason="insult", message="Le 06 12 34 56 78 est à retirer")
    event = AuditEvent.objects.get(action="moderation.refuse")
    assert event.after == {"decision": "refuser", "reason": "propos injurieux ou haineux"}
    assert event.subject_label == f"n°\u00a0{waiting.pk}"
