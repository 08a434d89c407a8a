"""Assignment, notes, absences: who takes care of a story inside its service."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import Membership, Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import MembershipFactory, someone
from guichet.experiences.answering import absences, actions
from guichet.experiences.answering.absences import (
    agents_of,
    end_absence,
    enter_absence,
    hand_over_all,
)
from guichet.experiences.answering.retention import RULES
from guichet.experiences.models import Absence, InternalNote, NotificationChoice, ReplyDraft
from guichet.experiences.tests.factories import AddresseeFactory

TODAY = timezone.localdate


def absent(user, substitute=None, first=0, last=5):
    return enter_absence(
        user=user,
        first_day=TODAY() + timedelta(days=first),
        last_day=TODAY() + timedelta(days=last),
        substitute=substitute,
    )


def test_a_story_is_given_to_a_colleague_who_is_told(as_agent, story, colleague, mailoutbox):
    url = reverse("assign_story", args=[story.pk])
    page = as_agent.post(url, {"person": colleague.pk}, follow=True)
    assert "confié à Sacha Lenoir" in text_of(page)
    story.refresh_from_db()
    assert story.assigned_to == colleague
    assert [mail.to for mail in mailoutbox] == [["sacha@caf.example"]]
    kept = AuditEvent.objects.get(action="story.assigned")
    assert kept.after == {"assigned_to_id": colleague.pk}


def test_the_audit_never_keeps_the_name_that_an_author_typed(moderator):
    lost = AddresseeFactory(
        structure=None, first_structure=None, network=None, name_entered="Chez Mme Petit"
    )
    actions.assign(addressee=lost, to=moderator, by=moderator)
    absent(moderator)
    labels = AuditEvent.objects.filter(action="story.assigned")
    assert [one.subject_label for one in labels] == [
        f"un service hors annuaire (récit {lost.experience_id})"
    ] * 2


def test_taking_a_story_oneself_mails_nobody(story, agent, mailoutbox):
    actions.assign(addressee=story, to=agent, by=agent)
    assert mailoutbox == []


def test_who_wants_no_mail_gets_none(story, agent, colleague, mailoutbox):
    NotificationChoice.objects.create(user=colleague, pace="never")
    actions.assign(addressee=story, to=colleague, by=agent)
    assert mailoutbox == []


def test_nobody_gets_a_story_that_they_could_not_answer(as_agent, story, neighbour):
    url = reverse("assign_story", args=[story.pk])
    page = as_agent.post(url, {"person": neighbour.pk}, follow=True)
    assert "ne peut pas répondre ici" in text_of(page)
    with pytest.raises(RuleViolation, match="ne peut pas répondre pour « CAF de Lille »"):
        actions.assign(addressee=story, to=neighbour, by=neighbour)
    story.refresh_from_db()
    assert story.assigned_to is None


def test_a_story_goes_back_to_everybody(as_agent, story, colleague, agent):
    actions.assign(addressee=story, to=colleague, by=agent)
    as_agent.post(reverse("assign_story", args=[story.pk]), {"person": ""})
    story.refresh_from_db()
    assert story.assigned_to is None


def test_who_is_away_gets_no_story_and_the_substitute_is_named(story, agent, colleague, manager):
    absent(colleague, substitute=manager)
    with pytest.raises(RuleViolation, match="Claude Mercier remplace cette personne"):
        actions.assign(addressee=story, to=colleague, by=agent)


def test_an_absence_that_begins_today_hands_the_stories_over(story, agent, colleague):
    actions.assign(addressee=story, to=agent, by=agent)
    absent(agent, substitute=colleague)
    story.refresh_from_db()
    assert story.assigned_to == colleague


def test_an_absence_to_come_hands_over_on_its_first_day_only(story, agent, colleague):
    actions.assign(addressee=story, to=agent, by=agent)
    absence = absent(agent, substitute=colleague, first=3)
    assert hand_over_all(TODAY()) == 0
    assert hand_over_all(absence.first_day) == 1
    story.refresh_from_db()
    assert story.assigned_to == colleague


def test_a_substitute_who_may_not_answer_there_leaves_it_to_everybody(story, agent, neighbour):
    actions.assign(addressee=story, to=agent, by=agent)
    absent(agent, substitute=neighbour)
    story.refresh_from_db()
    assert story.assigned_to is None


def test_who_lost_the_role_loses_the_stories_in_the_night(story, agent, colleague):
    actions.assign(addressee=story, to=colleague, by=agent)
    Membership.objects.filter(user=colleague).update(ended_at=timezone.now())
    assert hand_over_all(TODAY()) == 1
    story.refresh_from_db()
    assert story.assigned_to is None


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (3, 1, "vient avant le premier"),
        (-9, -2, "déjà terminée"),
        (0, 400, "un an au plus"),
    ],
)
def test_days_that_make_no_sense_are_refused(agent, first, last, said):
    with pytest.raises(RuleViolation, match=said):
        absent(agent, first=first, last=last)


def test_one_absence_at_a_time_and_an_ended_one_leaves_room(agent):
    first = absent(agent)
    with pytest.raises(RuleViolation, match="déjà noté"):
        absent(agent, first=2, last=8)
    end_absence(absence=first, by=agent)
    assert absent(agent, first=2, last=8)


def test_the_page_of_choices_keeps_pace_and_absence(as_agent, agent, colleague, neighbour):
    url = reverse("my_story_notices")
    as_agent.post(url, {"pace": "at_once", "overdue": "on"})
    assert NotificationChoice.objects.get(user=agent).pace == "at_once"
    page = as_agent.get(url).content.decode()
    assert "Sacha Lenoir" in page
    assert "Nour Haddad" not in page
    day = TODAY().isoformat()
    sent = {"first_day": day, "last_day": day, "substitute": colleague.pk}
    as_agent.post(reverse("add_absence"), sent)
    absence = Absence.objects.get(user=agent)
    assert absence.substitute == colleague
    assert "remplacé par Sacha Lenoir" in text_of(as_agent.get(url))
    as_agent.post(reverse("end_absence", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.ended_at is not None


def test_a_refused_absence_comes_back_as_typed(as_agent):
    sent = {"first_day": "2031-05-09", "last_day": "2031-05-01", "substitute": ""}
    answer = as_agent.post(reverse("add_absence"), sent)
    assert "vient avant le premier" in text_of(answer)
    assert 'value="2031-05-09"' in answer.content.decode()


def test_anothers_absence_is_not_found(as_agent, colleague):
    other = absent(colleague)
    assert as_agent.post(reverse("end_absence", args=[other.pk])).status_code == 404


def test_a_manager_notes_and_ends_the_absence_of_an_agent_who_is_ill(
    client, manager, agent, colleague, story
):
    actions.assign(addressee=story, to=agent, by=manager)
    client.force_login(manager)
    page = client.get(reverse("my_story_notices"))
    assert "Qui est absent" in text_of(page)
    day = TODAY().isoformat()
    sent = {"person": agent.pk, "first_day": day, "last_day": day, "substitute": colleague.pk}
    client.post(reverse("add_absence"), sent)
    absence = Absence.objects.get(user=agent)
    story.refresh_from_db()
    assert story.assigned_to == colleague
    event = AuditEvent.objects.get(action="absence.entered")
    assert (event.actor, event.after["absent"]) == (manager, "Camille Roux")
    assert "Camille Roux, du" in text_of(client.get(reverse("my_story_notices")))
    client.post(reverse("end_absence", args=[absence.pk]))
    absence.refresh_from_db()
    assert absence.ended_at is not None


def test_nobody_notes_the_absence_of_who_works_elsewhere_too(
    client, manager, agent, colleague, neighbour, elsewhere, site, network
):
    MembershipFactory(user=agent, role=Role.RESPONDER, structure=elsewhere)
    leading = someone(Role.LEAD, network, email="tete@caf.example")
    MembershipFactory(user=leading, role=Role.RESPONDER, structure=site)
    assert list(agents_of(manager)) == [colleague]
    assert list(agents_of(colleague)) == []
    client.force_login(manager)
    day = TODAY().isoformat()
    for person in (agent, neighbour):
        sent = {"person": person.pk, "first_day": day, "last_day": day, "substitute": ""}
        client.post(reverse("add_absence"), sent)
        with pytest.raises(RuleViolation, match="qui gère sa structure"):
            enter_absence(
                user=person, first_day=TODAY(), last_day=TODAY(), substitute=None, by=manager
            )
    assert not Absence.objects.exists()


def test_who_is_not_in_a_long_list_is_searched_and_then_chosen(
    client, manager, agent, colleague, site, monkeypatch
):
    monkeypatch.setattr(absences, "MOST_SHOWN", 1)
    url, day = reverse("my_story_notices"), TODAY().isoformat()
    client.force_login(manager)
    page = text_of(client.get(url))
    assert "Chercher qui est absent" in page
    assert "Liste réduite (1 sur 2)" in page
    for person in (agent, colleague):
        sought = f"{url}?absent={person.full_name.split()[1].upper()}"
        form = client.get(sought).context["absence"]
        assert form["person"].initial == str(person.pk)
        sent = {"person": person.pk, "first_day": day, "last_day": day, "substitute": ""}
        client.post(reverse("add_absence"), sent)
        assert Absence.objects.filter(user=person).exists()
    nobody = text_of(client.get(f"{url}?absent=Zzyzx"))
    assert "Personne ne répond à" in nobody


def test_a_short_list_needs_no_search(as_agent, colleague):
    page = as_agent.get(reverse("my_story_notices"))
    assert page.context["search"] is None


def test_notes_stay_between_agents(as_agent, story, client):
    url = reverse("note_story", args=[story.pk])
    page = as_agent.post(url, {"note": "Vu avec l'accueil."}, follow=True)
    assert "Vu avec l'accueil." in text_of(page)
    assert InternalNote.objects.get().text == "Vu avec l'accueil."
    client.logout()
    public = client.get(story.experience.get_absolute_url())
    assert public.status_code == 200
    assert "Vu avec" not in public.content.decode()


def test_an_empty_or_endless_note_is_refused_and_kept_on_the_page(as_agent, story):
    url = reverse("note_story", args=[story.pk])
    assert "Remplissez ce champ" in text_of(as_agent.post(url, {"note": " "}))
    answer = as_agent.post(url, {"note": "n" * 2_001})
    assert "n" * 2_001 in answer.content.decode()
    assert not InternalNote.objects.exists()


def test_notes_drafts_and_absences_are_erased_a_year_later(story, agent):
    actions.note(addressee=story, by=agent, text="Vu.")
    actions.save_draft(addressee=story, by=agent, text="Un", signature="", version=0)
    absence = absent(agent)
    for rule in RULES:
        assert rule.erase() == 0
    old = timezone.now() - timedelta(days=366)
    InternalNote.objects.update(at=old)
    ReplyDraft.objects.update(at=old)
    Absence.objects.filter(pk=absence.pk).update(first_day=old.date(), last_day=old.date())
    assert [rule.erase() for rule in RULES] == [2, 1]
