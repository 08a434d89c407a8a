"""A danger is told at once to all moderators, and decided by two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.moderation.models import Alert, ModeratedText, TextState, Witness
from guichet.moderation.queue.actions import (
    Part,
    accept,
    dismiss_danger,
    note_outcome,
    orient,
    raise_alert,
    read_text,
    refuse,
    remove,
    reopen,
    settle_alert,
    submit,
)
from guichet.moderation.queue.actions.alerting import alert_of_danger, tell_of_held_back
from guichet.moderation.queue.actions.reminding import remind_of_late_texts
from guichet.moderation.queue.explanations import oriented_words
from guichet.moderation.queue.filters import QueueFilters
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.queue.queries import next_to_read, queue_line
from guichet.moderation.queue.text_page import full_text, text_page
from guichet.moderation.tests.queue.conftest import SOURCE, arrived

pytestmark = pytest.mark.django_db


@pytest.fixture
def danger(told, machine, ana, bo):
    machine.found = Findings(risk=95, flags=("danger",), danger_words=("en finir",))
    return arrived("Je veux en finir.")


def test_all_moderators_are_mailed_at_once_without_the_text(danger):
    assert danger.is_danger
    assert sorted(one.to[0] for one in mail.outbox) == ["ana@etat.example", "bo@etat.example"]
    body = mail.outbox[0].body
    assert "La lecture automatique signale" in body
    assert "deux personnes l'indiquent" in body
    assert f"/agents/moderation/{danger.pk}/" in body
    assert "en finir" not in body
    for number in ("15", "17", "114", "3114", "3919", "119"):
        assert f"- {number} :" in body


def test_administrators_are_mailed_when_nobody_moderates(told, machine):
    someone(Role.PUBLISHER, email="publie@etat.example")
    someone(Role.ADMINISTRATOR, email="administre@etat.example")
    machine.found = Findings(danger_words=("en finir",))
    arrived("Je veux en finir.")
    assert [one.to for one in mail.outbox] == [["administre@etat.example"]]


def test_a_danger_that_a_person_saw_is_not_shown_as_a_low_risk(told, ana, machine):
    text = arrived("Il vaut mieux que je parte.")
    assert queue_line(text).risk == "risque faible"
    raise_alert(text=text, by=ana, words="que je parte")
    text.refresh_from_db()
    line = queue_line(text)
    assert (line.is_danger, line.risk, line.risk_kind) == (True, "risque élevé", "error")
    page = text_page(full_text(text.pk), ana)
    assert (page.risk, page.is_low_risk) == ("risque élevé", False)


def test_a_danger_is_due_within_the_hour(danger):
    assert danger.due_at <= timezone.now() + timedelta(hours=1)


def test_a_moderator_raises_the_alert_that_the_machine_missed(waiting, ana, bo):
    raise_alert(text=waiting, by=ana, words="menace un agent")
    waiting.refresh_from_db()
    assert waiting.is_danger
    assert len(mail.outbox) == 2
    assert "Ana Roux signale" in mail.outbox[0].body
    assert "deux personnes l'indiquent" in mail.outbox[0].body
    with pytest.raises(RuleViolation, match="déjà signalé"):
        raise_alert(text=waiting, by=bo)


@pytest.mark.parametrize("verb", ["accept", "refuse"])
def test_a_danger_takes_two_people(danger, ana, bo, told, verb):
    def decide(by):
        if verb == "accept":
            return accept(text=danger, by=by)
        return refuse(text=danger, by=by, reason="unintelligible")

    assert not decide(ana).is_final
    danger.refresh_from_db()
    assert (danger.state, told.decisions) == (TextState.SECOND_LOOK, [])
    with pytest.raises(RuleViolation, match="une autre personne doit la confirmer"):
        decide(ana)
    assert decide(bo).is_final
    assert [said for said, _, _ in told.decisions] == [verb]
    alert = Alert.objects.get()
    assert alert.settled_by == bo


def test_two_people_who_disagree_do_not_decide(danger, ana, bo, told):
    accept(text=danger, by=ana)
    assert not refuse(text=danger, by=bo, reason="insult").is_final
    assert told.decisions == []
    assert refuse(text=danger, by=ana, reason="insult").is_final


def test_a_proposal_does_not_outlive_the_decision_taken_again(danger, ana, bo):
    accept(text=danger, by=ana)
    accept(text=danger, by=bo)
    reopen(text=danger, by=ana, note="À revoir")
    assert not accept(text=danger, by=bo).is_final


def test_two_who_orient_to_two_services_do_not_decide(danger, ana, bo, told):
    orient(text=danger, by=ana, service="3114, prévention du suicide", key="numero-3114")
    assert not orient(text=danger, by=bo, service="CAF du Nord", key="12").is_final
    assert told.decisions == []
    final = orient(text=danger, by=bo, service=" 3114, Prevention du suicide")
    assert (final.is_final, told.last) == (True, final)


def test_two_who_refuse_for_two_reasons_do_not_decide(danger, ana, bo, told):
    refuse(text=danger, by=ana, reason="insult")
    assert not refuse(text=danger, by=bo, reason="advertising").is_final
    assert told.decisions == []
    assert refuse(text=danger, by=ana, reason="advertising").is_final


def test_who_spoke_first_is_offered_the_text_again_once_another_disagrees(danger, ana, bo):
    refuse(text=danger, by=ana, reason="insult")
    assert next_to_read(QueueFilters(), ana) is None
    refuse(text=danger, by=bo, reason="advertising")
    assert next_to_read(QueueFilters(), ana) == danger
    assert next_to_read(QueueFilters(), bo) is None


def test_an_author_in_danger_is_not_told_of_a_file_by_default(danger, ana):
    message = orient(text=danger, by=ana, service="3114").message
    assert message == oriented_words(is_danger=True)
    assert "dossier" not in message


def test_two_people_say_that_nobody_is_in_danger_then_one_decides(danger, ana, bo, told):
    assert not dismiss_danger(text=danger, by=ana).is_final
    danger.refresh_from_db()
    assert danger.is_danger
    assert dismiss_danger(text=danger, by=bo).is_final
    danger.refresh_from_db()
    assert (danger.is_danger, danger.state) == (False, TextState.WAITING)
    assert danger.due_at == danger.received_at + timedelta(days=2)
    assert told.decisions == []
    assert Alert.objects.get().settled_by == bo
    assert accept(text=danger, by=ana).is_final
    with pytest.raises(RuleViolation):
        dismiss_danger(text=danger, by=ana)


@pytest.mark.parametrize("witness", Witness)
def test_two_people_dismiss_a_danger_whoever_saw_it(waiting, ana, bo, witness):
    alert_of_danger(waiting, "menace", seen_by=witness)
    assert not dismiss_danger(text=waiting, by=ana).is_final
    waiting.refresh_from_db()
    assert waiting.is_danger
    assert dismiss_danger(text=waiting, by=bo).is_final


def test_signs_that_do_not_alert_take_one_person(told, machine, ana):
    machine.found = Findings(risk=70, flags=("danger possible, à regarder",))
    text = arrived("Je suis à bout.")
    assert not text.is_danger
    assert accept(text=text, by=ana).is_final


def test_the_machine_leaves_the_alert_of_a_person_as_it_is(told, machine, ana):
    machine.found = Findings(danger_words=("en finir",))
    text = arrived("Je veux en finir.", read=False)
    raise_alert(text=text, by=ana, words="un adieu")
    read_text(text)
    alert = Alert.objects.get()
    assert (alert.witness, alert.words) == ("Ana Roux", "un adieu")
    assert len(mail.outbox) == 1


def test_what_was_done_is_noted_and_kept_when_the_alert_ends(danger, ana, bo):
    alert = Alert.objects.get()
    with pytest.raises(RuleViolation, match="Écrivez ce qui a été fait"):
        note_outcome(alert=alert, by=ana, outcome=" ")
    note_outcome(alert=alert, by=ana, outcome="15 appelé à 14 h 05")
    accept(text=danger, by=ana)
    accept(text=danger, by=bo)
    alert.refresh_from_db()
    assert (alert.outcome, alert.settled_by) == ("15 appelé à 14 h 05", bo)


def test_the_alert_of_a_published_text_is_closed_by_another_person(waiting, ana, bo):
    accept(text=waiting, by=ana)
    raise_alert(text=waiting, by=ana)
    remove(text=waiting, by=ana, reason="named_agent")
    alert = Alert.objects.get()
    with pytest.raises(RuleViolation, match="Une autre personne"):
        settle_alert(alert=alert, by=ana, outcome="17 appelé")
    settle_alert(alert=alert, by=bo, outcome="17 appelé")
    with pytest.raises(RuleViolation, match="déjà close"):
        settle_alert(alert=alert, by=bo, outcome="17 appelé")


def test_the_alert_of_a_text_that_waits_ends_with_its_decision_only(danger, ana):
    with pytest.raises(RuleViolation, match="attend une décision"):
        settle_alert(alert=Alert.objects.get(), by=ana, outcome="15 appelé")


def test_an_alert_is_raised_anew_once_settled(danger, ana, bo):
    dismiss_danger(text=danger, by=ana)
    dismiss_danger(text=danger, by=bo)
    mail.outbox.clear()
    raise_alert(text=danger, by=bo, words="à relire")
    assert len(mail.outbox) == 2
    assert Alert.objects.get().settled_at is None


def test_a_flood_of_dangers_heads_the_queue_without_burying_the_first_mails(told, machine, ana):
    machine.found = Findings(danger_words=("en finir",))
    for number in range(8):
        part = Part("description", "Récit", f"Je veux en finir {number}")
        text = submit(source=SOURCE, reference=f"{number}", parts=[part], is_burst=True)
        read_text(text)
    assert Alert.objects.count() == 8
    assert len(mail.outbox) == 5
    arrived("Je veux en finir", reference="seul")
    assert len(mail.outbox) == 6
    assert tell_of_held_back() == 3
    assert "3\xa0autres dangers possibles" in mail.outbox[6].subject
    assert (tell_of_held_back(), len(mail.outbox)) == (0, 7)


def test_whoever_sends_dangers_one_mail_tells_of_those_beyond_some_an_hour(
    told, machine, ana, bo, settings
):
    settings.MODERATION_ALERT_MAILS = 2
    machine.found = Findings(danger_words=("en finir",))
    for number in range(4):
        arrived("Je veux en finir", reference=f"{number}")
    assert len(mail.outbox) == 2 * 2
    raise_alert(text=arrived("Bonjour", read=False), by=ana)
    assert len(mail.outbox) == 2 * 3
    assert tell_of_held_back() == 2
    assert [one.to[0] for one in mail.outbox[6:]] == ["ana@etat.example", "bo@etat.example"]
    body = mail.outbox[6].body
    assert "2 textes de plus disent un danger possible" in body
    assert "/agents/moderation/?danger=oui" in body
    assert "en finir" not in body
    Alert.objects.update(raised_at=timezone.now() - timedelta(hours=2))
    arrived("Je veux en finir", reference="plus tard")
    assert len(mail.outbox) == 2 * 5


def test_dangers_that_nobody_could_be_told_of_wait_for_somebody(told, machine):
    machine.found = Findings(danger_words=("en finir",))
    arrived("Je veux en finir")
    assert tell_of_held_back() == 1
    someone(Role.MODERATOR, email="tard@etat.example")
    assert tell_of_held_back() == 1
    assert [one.to for one in mail.outbox] == [["tard@etat.example"]]
    assert "1 texte de plus dit un danger" in mail.outbox[0].body
    assert tell_of_held_back() == 0


def test_moderators_are_told_once_a_day_of_texts_that_are_late(danger, ana, bo):
    mail.outbox.clear()
    assert remind_of_late_texts() == 0
    assert mail.outbox == []
    ModeratedText.objects.update(
        received_at=timezone.now() - timedelta(hours=5), due_at=timezone.now() - timedelta(hours=4)
    )
    assert remind_of_late_texts() == 1
    assert [one.to for one in mail.outbox] == [["ana@etat.example"], ["bo@etat.example"]]
    body = mail.outbox[0].body
    assert "1 texte attend la modération" in body
    assert "il y a 5\xa0heures" in body
    assert "/agents/moderation/?retard=oui" in body
