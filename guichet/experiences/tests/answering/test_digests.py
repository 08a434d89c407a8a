"""One mail a day: new, due soon, late, proposed, promised; and the lead when it lasts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from guichet.experiences.answering import actions
from guichet.experiences.answering.digests import send_digests
from guichet.experiences.answering.notices import tell_of_second_word, tell_of_story
from guichet.experiences.models import (
    Absence,
    Addressee,
    AnsweringTarget,
    Experience,
    NotificationChoice,
    SecondWord,
)
from guichet.experiences.tests.factories import AddresseeFactory, PromiseFactory

WEDNESDAY, MONDAY = date(2026, 11, 25), date(2026, 11, 30)


def published(story, on, due_on):
    at = timezone.make_aware(datetime.combine(on, time(10)))
    Experience.objects.filter(pk=story.experience_id).update(published_at=at)
    Addressee.objects.filter(pk=story.pk).update(due_on=due_on)


def told(mailoutbox, person):
    return [mail.body for mail in mailoutbox if mail.to == [person.email]]


def test_yesterdays_story_is_told_once_in_one_mail(story, agent, colleague, mailoutbox):
    published(story, WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=14))
    assert send_digests(WEDNESDAY) == 2
    (body,) = told(mailoutbox, agent)
    assert "Nouveaux récits :" in body
    assert f"/agents/experiences/{story.pk}/" in body
    assert story.experience.title not in body
    assert send_digests(WEDNESDAY) == 0
    assert send_digests(WEDNESDAY + timedelta(days=1)) == 0


def test_a_weekend_loses_no_story(story, agent, mailoutbox):
    NotificationChoice.objects.create(user=agent, told_on=date(2026, 11, 27))
    published(story, date(2026, 11, 28), MONDAY + timedelta(days=14))
    assert send_digests(MONDAY) == 1


def test_who_chose_at_once_is_told_at_once_and_not_again(story, agent, colleague, mailoutbox):
    NotificationChoice.objects.create(user=agent, pace="at_once")
    published(story, WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=14))
    assert tell_of_story(Addressee.objects.get(pk=story.pk)) == 1
    assert len(told(mailoutbox, agent)) == 1
    send_digests(WEDNESDAY)
    assert len(told(mailoutbox, agent)) == 1
    assert len(told(mailoutbox, colleague)) == 1


def test_who_chose_never_gets_no_new_story(story, agent, mailoutbox):
    NotificationChoice.objects.create(user=agent, pace="never", overdue=False)
    published(story, WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=14))
    tell_of_story(Addressee.objects.get(pk=story.pk))
    assert send_digests(WEDNESDAY) == 0
    assert mailoutbox == []


def test_the_reminder_comes_once_as_long_before_as_the_network_chose(
    story, agent, network, mailoutbox, monkeypatch
):
    AnsweringTarget.objects.create(network=network, days=10, reminder_days=5)
    published(story, date(2026, 11, 10), WEDNESDAY + timedelta(days=5))
    assert send_digests(WEDNESDAY - timedelta(days=1)) == 0
    morning = timezone.make_aware(datetime.combine(WEDNESDAY, time(6, 30)))
    monkeypatch.setattr(timezone, "now", lambda: morning)
    assert send_digests(WEDNESDAY) == 1
    assert "À répondre bientôt :" in told(mailoutbox, agent)[0]
    assert send_digests(WEDNESDAY + timedelta(days=1)) == 0


def test_a_late_story_is_told_the_next_day_then_on_mondays(story, agent, mailoutbox):
    published(story, date(2026, 11, 1), WEDNESDAY - timedelta(days=1))
    sent = [send_digests(WEDNESDAY + timedelta(days=day)) for day in range(7)]
    assert sent == [1, 0, 0, 0, 0, 1, 0]
    assert "En retard :" in told(mailoutbox, agent)[0]


def test_the_lead_is_told_beyond_seven_days(story, agent, lead, mailoutbox):
    published(story, date(2026, 11, 1), WEDNESDAY - timedelta(days=7))
    send_digests(WEDNESDAY)
    assert told(mailoutbox, lead) == []
    send_digests(WEDNESDAY + timedelta(days=1))
    assert "En retard de plus de sept jours dans votre réseau" in told(mailoutbox, lead)[0]


def test_who_is_in_charge_is_told_alone_and_the_substitute_when_away(
    story, agent, colleague, manager, mailoutbox
):
    actions.assign(addressee=story, to=agent, by=agent)
    published(story, date(2026, 11, 1), WEDNESDAY - timedelta(days=1))
    Absence.objects.create(user=agent, first_day=WEDNESDAY, last_day=WEDNESDAY, substitute=manager)
    assert send_digests(WEDNESDAY) == 1
    assert told(mailoutbox, manager)
    assert not told(mailoutbox, colleague)


def test_a_proposal_and_a_promise_are_in_the_same_mail(
    story, site, agent, elsewhere, neighbour, mailoutbox
):
    actions.pass_on(addressee=story, target=elsewhere, by=agent, reason="C'est à eux de répondre.")
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    PromiseFactory(
        reply__addressee__structure=elsewhere,
        reply__addressee__first_reply_at=timezone.now(),
        due_on=tomorrow + timedelta(days=7),
    )
    mailoutbox.clear()
    send_digests(tomorrow)
    (body,) = told(mailoutbox, neighbour)
    assert "Proposés par un autre réseau :" in body
    assert "Promesses à tenir :" in body


def test_an_answered_or_withdrawn_story_is_in_no_mail(answered, story, agent, mailoutbox):
    published(story, date(2026, 11, 1), WEDNESDAY - timedelta(days=1))
    assert send_digests(WEDNESDAY) == 0


def test_a_run_that_died_is_run_again_for_the_others(story, agent, colleague, mailoutbox):
    published(story, date(2026, 11, 1), WEDNESDAY + timedelta(days=3))
    NotificationChoice.objects.create(user=agent, told_on=WEDNESDAY)
    Addressee.objects.filter(pk=story.pk).update(
        reminded_at=timezone.make_aware(datetime.combine(WEDNESDAY, time(6)))
    )
    assert send_digests(WEDNESDAY) == 1
    assert told(mailoutbox, colleague)


def completed(story, on):
    at = timezone.make_aware(datetime.combine(on, time(10)))
    SecondWord.objects.update_or_create(
        experience=story.experience, defaults={"text": "Merci, c'est réglé.", "published_at": at}
    )
    return Addressee.objects.get(pk=story.pk)


def test_what_an_author_adds_is_told_the_next_day_to_who_follows_the_story(
    answered, story, agent, colleague, mailoutbox
):
    tuesday = WEDNESDAY - timedelta(days=1)
    published(story, WEDNESDAY - timedelta(days=30), WEDNESDAY - timedelta(days=15))
    Addressee.objects.filter(pk=story.pk).update(assigned_to=agent)
    assert tell_of_second_word(completed(story, tuesday)) == 0
    assert send_digests(tuesday) == 0
    assert send_digests(WEDNESDAY) == 1
    (body,) = told(mailoutbox, agent)
    assert "Complétés par leur auteur :" in body
    assert f"/agents/experiences/{story.pk}/" in body
    assert "c'est réglé" not in body
    assert send_digests(WEDNESDAY + timedelta(days=1)) == 0


def test_what_an_author_adds_is_told_at_once_to_who_chose_so(
    answered, story, agent, colleague, mailoutbox
):
    NotificationChoice.objects.create(user=agent, pace="at_once")
    NotificationChoice.objects.create(user=colleague, pace="never")
    published(story, WEDNESDAY - timedelta(days=30), WEDNESDAY - timedelta(days=15))
    assert tell_of_second_word(completed(story, WEDNESDAY - timedelta(days=1))) == 1
    (body,) = told(mailoutbox, agent)
    assert "a ajouté un complément" in body
    assert f"/agents/experiences/{story.pk}/" in body
    assert "c'est réglé" not in body
    assert send_digests(WEDNESDAY) == 0


def test_the_substitute_is_told_at_once_of_what_an_author_adds(
    answered, story, agent, colleague, mailoutbox
):
    today = timezone.localdate()
    Addressee.objects.filter(pk=story.pk).update(assigned_to=agent)
    Absence.objects.create(user=agent, substitute=colleague, first_day=today, last_day=today)
    for person in (agent, colleague):
        NotificationChoice.objects.create(user=person, pace="at_once")
    assert tell_of_second_word(completed(story, today)) == 1
    assert len(told(mailoutbox, colleague)) == 1


def test_no_mail_keeps_a_name_that_an_author_typed(moderator, mailoutbox):
    """Its row would outlive the story that its author takes back."""
    NotificationChoice.objects.create(user=moderator, pace="at_once")
    typed = AddresseeFactory(structure=None, network=None, name_entered="Guichet de Mme Tatillon")
    assert tell_of_story(typed) == tell_of_second_word(typed) == 1
    for mail in mailoutbox:
        assert "un service hors annuaire" in mail.subject
        assert "un service hors annuaire" in mail.body
        assert "Tatillon" not in mail.subject + mail.body
    NotificationChoice.objects.update(pace="daily")
    published(typed, WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=14))
    send_digests(WEDNESDAY)
    (*_, digest) = told(mailoutbox, moderator)
    assert f"- un service hors annuaire (récit {typed.experience_id})" in digest
    assert "Tatillon" not in digest
