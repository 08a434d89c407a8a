"""A danger that nobody settled in time is told again to moderators, then to administrators."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.moderation.health import DANGERS, dangers_are_settled
from guichet.moderation.models import Alert, Decision, ModeratedText, TextState
from guichet.moderation.queue.actions import (
    dismiss_danger,
    note_outcome,
    raise_alert,
    refuse,
    reopen,
)
from guichet.moderation.queue.actions.reminding import remind_of_late_dangers, remind_of_late_texts
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.tests.queue.conftest import arrived

pytestmark = pytest.mark.django_db
MODERATORS = ["ana@etat.example", "bo@etat.example"]


@pytest.fixture
def danger(told, machine, ana, bo):
    someone(Role.ADMINISTRATOR, email="administre@etat.example")
    machine.found = Findings(danger_words=("en finir",))
    return arrived("Je veux en finir, Rose Petit.")


@pytest.fixture
def told_after(danger):
    """`told_after(minutes)`: who is mailed when the danger was signalled so many minutes ago."""

    def people(minutes):
        mail.outbox.clear()
        Alert.objects.update(raised_at=timezone.now() - timedelta(minutes=minutes))
        remind_of_late_dangers()
        return [one.to[0] for one in mail.outbox]

    return people


def test_moderators_are_told_again_once_the_hour_is_past(told_after):
    assert told_after(59) == []
    assert told_after(61) == MODERATORS
    assert told_after(100) == []


def test_the_mails_hold_no_word_of_the_text_and_no_name(told_after):
    told_after(121)
    assert len(mail.outbox) == 3
    for one in mail.outbox:
        written = f"{one.subject} {one.body}"
        assert "/agents/moderation/alertes/" in written
        for word in ("en finir", "Rose", "Petit", "Ana", "Roux"):
            assert word not in written


def test_administrators_are_told_once_when_nobody_took_it_in_twice_the_time(told_after):
    told_after(61)
    assert told_after(119) == []
    assert told_after(121) == ["administre@etat.example"]
    assert told_after(300) == []


@pytest.mark.parametrize("act", ["open", "propose", "note"])
def test_administrators_are_not_told_of_what_a_moderator_took(told_after, danger, ana, act):
    if act == "open":
        open_text(text=danger, by=ana)
    elif act == "propose":
        refuse(text=danger, by=ana, reason="insult")
    else:
        note_outcome(alert=Alert.objects.get(), by=ana, outcome="15 appelé")
    assert told_after(121) == MODERATORS


def test_who_opened_it_and_left_it_does_not_keep_administrators_from_being_told(
    told_after, danger, ana
):
    open_text(text=danger, by=ana)
    ModeratedText.objects.update(taken_at=timezone.now() - timedelta(minutes=30))
    assert "administre@etat.example" in told_after(121)


def test_nothing_is_told_of_a_danger_that_two_people_settled(told_after, danger, ana, bo):
    dismiss_danger(text=danger, by=ana)
    dismiss_danger(text=danger, by=bo)
    assert told_after(121) == []


def test_a_danger_signalled_anew_has_its_own_hour(told_after, danger, ana, bo):
    told_after(121)
    dismiss_danger(text=danger, by=ana)
    dismiss_danger(text=danger, by=bo)
    raise_alert(text=danger, by=bo)
    assert told_after(61) == MODERATORS


def test_a_danger_whose_decision_is_taken_again_waits_as_on_its_first_day(
    told_after, danger, ana, bo
):
    told_after(121)
    for one in (ana, bo):
        refuse(text=danger, by=one, reason="insult")
    reopen(text=danger, by=bo, note="Pas le bon numéro")
    danger.refresh_from_db()
    assert danger.due_at - timezone.now() <= timedelta(hours=1)
    alert = Alert.objects.get()
    assert (alert.settled_at, alert.outcome, alert.raised_by) == (None, "", bo)
    assert told_after(59) == []
    assert told_after(61) == MODERATORS


def test_the_delay_is_that_of_the_installation(told_after, settings):
    settings.MODERATION_DANGER_MINUTES = 15
    assert told_after(16) == MODERATORS
    assert told_after(31) == ["administre@etat.example"]


def test_a_published_text_is_a_danger_that_waits_too_and_is_in_the_mail_of_the_day(
    told_after, danger
):
    ModeratedText.objects.update(state=TextState.ACCEPTED)
    assert told_after(61) == MODERATORS
    mail.outbox.clear()
    remind_of_late_texts()
    assert [one.to[0] for one in mail.outbox] == MODERATORS
    assert "1 alerte de danger n'est pas close" in mail.outbox[0].body


def test_it_is_tried_again_while_there_is_nobody_to_tell(told, machine):
    machine.found = Findings(danger_words=("en finir",))
    arrived("Je veux en finir.")
    Alert.objects.update(raised_at=timezone.now() - timedelta(minutes=61))
    remind_of_late_dangers()
    someone(Role.MODERATOR, email="tard@etat.example")
    remind_of_late_dangers()
    assert [one.to for one in mail.outbox] == [["tard@etat.example"]]


@pytest.fixture
def proposed_ago(danger, ana):
    """`proposed_ago(minutes)`: who is mailed when Ana's opinion, given an hour after the danger was
    signalled, is so many minutes old; moderators were told before."""
    refuse(text=danger, by=ana, reason="insult")
    Alert.objects.update(late_told_at=timezone.now())

    def people(minutes):
        mail.outbox.clear()
        said_at = timezone.now() - timedelta(minutes=minutes)
        Decision.objects.filter(by=ana).update(at=said_at)
        Alert.objects.update(raised_at=said_at - timedelta(minutes=60))
        remind_of_late_dangers()
        return [one.to[0] for one in mail.outbox]

    return people


def test_administrators_are_told_once_when_the_second_person_does_not_come(proposed_ago, danger):
    assert proposed_ago(119) == []
    assert proposed_ago(180) == ["administre@etat.example"]
    (told,) = mail.outbox
    assert "attend une autre personne" in told.subject
    assert f"Texte n°\u00a0{danger.pk}, signalé il y a 4\u00a0heures" in told.body
    assert "«\u00a0refuser\u00a0» est proposé, depuis 3\u00a0heures" in told.body
    assert f"/agents/moderation/{danger.pk}/" in told.body
    assert not [word for word in ("en finir", "Rose", "Ana", "Roux") if word in told.body]
    assert proposed_ago(600) == []


def test_two_who_disagree_are_told_of_as_such(proposed_ago, danger, bo):
    dismiss_danger(text=danger, by=bo)
    assert proposed_ago(121) == ["administre@etat.example"]
    assert "les avis diffèrent, depuis 2\u00a0heures" in mail.outbox[0].body


def test_nothing_is_told_while_the_second_person_reads_or_once_it_confirmed(
    proposed_ago, danger, bo
):
    open_text(text=danger, by=bo)
    assert proposed_ago(121) == []
    refuse(text=danger, by=bo, reason="insult")
    assert proposed_ago(300) == []


def test_what_was_done_is_noted_and_nobody_closes_the_alert(told_after, danger, ana):
    ModeratedText.objects.update(state=TextState.ACCEPTED)
    note_outcome(alert=Alert.objects.get(), by=ana, outcome="15 appelé")
    Alert.objects.update(late_told_at=timezone.now())
    assert told_after(300) == []
    Alert.objects.update(noted_at=timezone.now() - timedelta(minutes=121))
    assert told_after(300) == ["administre@etat.example"]
    assert "ce qui a été fait est noté, depuis 2\u00a0heures" in mail.outbox[0].body


def test_a_danger_nobody_took_then_half_settled_is_two_states_and_two_mails(
    told_after, proposed_ago
):
    assert proposed_ago(121) == ["administre@etat.example"]
    Decision.objects.all().delete()
    assert told_after(121) == ["administre@etat.example"]
    assert told_after(300) == []


def test_readyz_tells_of_what_administrators_are_told_without_failing(
    told_after, danger, ana, client
):
    assert dangers_are_settled() is None
    told_after(121)
    assert "deux fois le délai" in dangers_are_settled()
    refuse(text=danger, by=ana, reason="insult")
    assert dangers_are_settled() is None
    Decision.objects.update(at=timezone.now() - timedelta(minutes=121))
    Alert.objects.update(raised_at=timezone.now() - timedelta(minutes=200))
    assert "deux fois le délai" in client.get("/readyz").json()["checks"]["moderation_dangers"]
    assert DANGERS.is_notice


def test_the_page_of_alerts_says_who_is_awaited_and_since_when(danger, ana, bo, client):
    client.force_login(bo)
    address = reverse("moderation_alerts")
    Alert.objects.update(raised_at=timezone.now() - timedelta(minutes=300))
    assert "Attend que quelqu'un s'en occupe depuis 5\u00a0heures" in unescape(
        client.get(address).text
    )
    refuse(text=danger, by=ana, reason="insult")
    Decision.objects.update(at=timezone.now() - timedelta(minutes=121))
    page = client.get(address).text
    assert "Ana Roux propose\u00a0: refuser" in page
    assert "Attend une autre personne depuis 2\u00a0heures" in page
    refuse(text=danger, by=bo, reason="insult")
    assert "Attend une" not in client.get(address).text
