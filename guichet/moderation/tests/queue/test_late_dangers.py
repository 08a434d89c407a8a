"""A danger that nobody settled in time is told again to moderators, then to administrators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.moderation.models import Alert, ModeratedText, TextState
from guichet.moderation.queue.actions import dismiss_danger, note_outcome, raise_alert, refuse
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
