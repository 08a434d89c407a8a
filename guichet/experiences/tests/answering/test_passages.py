"""Passing a story on: at once inside a network, proposed to another, never a new clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.experiences.answering import actions
from guichet.experiences.models import Event, InternalNote, NotificationChoice, Passage
from guichet.experiences.reading.search import index
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT
from guichet.experiences.tests.factories import AddresseeFactory

REASON = "C'est votre service qui verse ces indemnités."


def pass_on(story, to, by):
    return actions.pass_on(addressee=story, target=to, by=by, reason=REASON)


def of_story(story, mailoutbox):
    return [mail for mail in mailoutbox if mail.to == [story.experience.author.email]]


def test_a_sibling_gets_the_story_at_once_on_the_same_day(story, sibling, agent, mailoutbox):
    due_on = story.due_on
    passage = pass_on(story, sibling, agent)
    story.refresh_from_db()
    assert passage.outcome == Passage.Outcome.ACCEPTED
    assert (story.structure, story.network) == (sibling, sibling.network)
    assert story.due_on == due_on
    assert story.first_structure != sibling
    assert [one.kind for one in Event.objects.all()] == [Event.Kind.PASSED_ON]
    assert len(of_story(story, mailoutbox)) == 1


def test_a_story_passed_on_is_found_under_its_new_service(story, sibling, agent, client):
    index(story.experience)
    pass_on(story, sibling, agent)
    assert story.experience.title in text_of(client.get("/experiences/?q=roubaix"))


def test_another_network_must_accept_and_its_agents_read_the_story_meanwhile(
    story, elsewhere, agent, neighbour, client, mailoutbox
):
    due_on = story.due_on
    actions.note(addressee=story, by=agent, text="Dit entre nous à Lille")
    passage = pass_on(story, elsewhere, agent)
    story.refresh_from_db()
    assert passage.outcome == Passage.Outcome.PROPOSED
    assert story.structure.code == "caf-lille"
    client.force_login(neighbour)
    page = text_of(client.get(reverse("answer_story", args=[story.pk])))
    assert "Accepter ce récit" in page
    assert REASON in page
    assert "Dit entre nous" not in page
    assert "Enregistrer le brouillon" not in page
    client.post(reverse("accept_passage", args=[story.pk]))
    story.refresh_from_db()
    assert (story.structure, story.due_on) == (elsewhere, due_on)
    assert story.network == elsewhere.network
    assert len(of_story(story, mailoutbox)) == 2


def test_another_network_sends_back_with_its_reason_and_the_author_is_told(
    story, elsewhere, agent, neighbour, client, mailoutbox
):
    pass_on(story, elsewhere, agent)
    mailoutbox.clear()
    client.force_login(neighbour)
    answer = client.post(reverse("send_back_passage", args=[story.pk]), {"reason": "Non"})
    assert "Dites pourquoi en quelques mots" in text_of(answer)
    assert 'value="Non"' in answer.content.decode()
    client.post(
        reverse("send_back_passage", args=[story.pk]),
        {"reason": "Nous ne versons pas cette prestation."},
    )
    story.refresh_from_db()
    assert story.structure.code == "caf-lille"
    assert len(of_story(story, mailoutbox)) == 1
    assert [mail.to for mail in mailoutbox if mail.to == [agent.email]]
    client.force_login(agent)
    page = text_of(client.get(reverse("answer_story", args=[story.pk])))
    assert "Proposé par « CAF de Lille » à « CPAM de Lille »" in page
    assert "« CPAM de Lille » l'a renvoyé. Nous ne versons pas cette prestation." in page


def test_a_passage_is_settled_once(story, elsewhere, agent, neighbour):
    passage = pass_on(story, elsewhere, agent)
    actions.accept_passage(passage=passage, by=neighbour)
    with pytest.raises(RuleViolation, match="déjà été réglée"):
        actions.send_back(passage=passage, by=neighbour, reason=REASON)


def test_a_proposal_may_be_cancelled_and_answering_keeps_the_story(story, elsewhere, agent):
    passage = pass_on(story, elsewhere, agent)
    actions.cancel_passage(passage=passage, by=agent)
    again = pass_on(story, elsewhere, agent)
    actions.publish_reply(addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0)
    again.refresh_from_db()
    assert again.outcome == Passage.Outcome.CANCELLED


def test_a_proposal_made_elsewhere_meanwhile_is_not_settled_by_who_saw_the_first(
    story, elsewhere, agent, neighbour
):
    actions.cancel_passage(passage=pass_on(story, elsewhere, agent), by=agent)
    third = StructureFactory(network=NetworkFactory(code="urssaf"))
    other = pass_on(story, third, agent)
    with pytest.raises(RuleViolation, match="déjà été réglée"):
        actions.accept_passage(passage=other, by=neighbour)
    with pytest.raises(RuleViolation, match="déjà été réglée"):
        actions.send_back(passage=other, by=neighbour, reason=REASON)
    other.refresh_from_db()
    assert other.outcome == Passage.Outcome.PROPOSED


def test_a_service_that_closed_since_accepts_no_story_and_sends_it_back(
    story, elsewhere, agent, neighbour
):
    passage = pass_on(story, elsewhere, agent)
    elsewhere.closed_on = timezone.localdate() - timedelta(days=1)
    elsewhere.save()
    passage = Passage.objects.get(pk=passage.pk)
    with pytest.raises(RuleViolation, match="a fermé depuis"):
        actions.accept_passage(passage=passage, by=neighbour)
    actions.send_back(passage=passage, by=neighbour, reason=REASON)
    story.refresh_from_db()
    assert story.structure.code == "caf-lille"


def test_one_proposal_at_a_time(story, elsewhere, agent):
    pass_on(story, elsewhere, agent)
    with pytest.raises(RuleViolation, match="déjà proposé"):
        pass_on(story, elsewhere, agent)


def test_where_it_makes_no_sense_it_is_refused_in_words(story, site, elsewhere, sibling, agent):
    with pytest.raises(RuleViolation, match="déjà chez ce service"):
        pass_on(story, site, agent)
    AddresseeFactory(experience=story.experience, rank=2, structure=sibling)
    with pytest.raises(RuleViolation, match="déjà adressé à « CAF de Roubaix »"):
        pass_on(story, sibling, agent)
    closed = StructureFactory(gone=True, network=site.network)
    with pytest.raises(RuleViolation, match="est fermé"):
        pass_on(story, closed, agent)


def test_an_answered_story_stays(answered, story, sibling, agent):
    with pytest.raises(RuleViolation, match="ne se transmet plus"):
        pass_on(story, sibling, agent)


def test_what_was_being_written_becomes_a_note_for_the_next_service(story, sibling, agent):
    actions.save_draft(addressee=story, by=agent, text="Un début.", signature="", version=0)
    pass_on(story, sibling, agent)
    kept = InternalNote.objects.get()
    assert kept.text == "Brouillon de réponse :\nUn début."
    assert (kept.by, kept.structure) == (agent, sibling)


def test_notes_and_drafts_stay_with_the_network_that_wrote_them(
    story, elsewhere, agent, neighbour, client
):
    actions.note(addressee=story, by=agent, text="Dit entre nous à Lille")
    actions.save_draft(addressee=story, by=agent, text="Un début.", signature="", version=0)
    passage = pass_on(story, elsewhere, agent)
    actions.accept_passage(passage=passage, by=neighbour)
    actions.note(addressee=story, by=neighbour, text="Dit à la CPAM")
    client.force_login(neighbour)
    page = text_of(client.get(reverse("answer_story", args=[story.pk])))
    assert "Dit à la CPAM" in page
    assert "Dit entre nous" not in page
    assert "Un début." not in page


def test_who_was_in_charge_is_so_no_more(story, sibling, agent, colleague):
    actions.assign(addressee=story, to=colleague, by=agent)
    pass_on(story, sibling, agent)
    story.refresh_from_db()
    assert story.assigned_to is None


def test_town_halls_of_no_network_propose_to_one_another(agent, story):
    town = StructureFactory(network=None)
    hall = StructureFactory(network=None)
    addressee = AddresseeFactory(structure=town)
    assert pass_on(addressee, hall, agent).outcome == Passage.Outcome.PROPOSED
    under = StructureFactory(network=None, parent=town)
    other = AddresseeFactory(structure=town)
    assert pass_on(other, under, agent).outcome == Passage.Outcome.ACCEPTED


def test_the_programme_gives_a_service_to_a_story_that_named_an_unknown_one(
    moderator, site, client
):
    lost = AddresseeFactory(
        structure=None, first_structure=None, network=None, name_entered="La caisse de Lille"
    )
    client.force_login(moderator)
    assert "La caisse de Lille" in text_of(client.get(reverse("answer_story", args=[lost.pk])))
    page = client.post(
        f"{reverse('pass_on_story', args=[lost.pk])}?q=lille",
        {"target": site.code, "reason": REASON},
    )
    assert page.status_code == 302
    lost.refresh_from_db()
    assert (lost.structure, lost.network) == (site, site.network)


def test_places_are_found_by_name_with_what_passing_on_means(
    as_agent, story, sibling, elsewhere, head
):
    url = reverse("pass_on_story", args=[story.pk])
    near = text_of(as_agent.get(url))
    assert "CAF de Roubaix" in near
    assert "CAF du Nord" in near
    assert "CPAM" not in near
    found = text_of(as_agent.get(f"{url}?q=cpam"))
    assert "CPAM de Lille" in found
    assert "Assurance maladie. Lille. Proposé" in found
    assert "Aucun service trouvé" in text_of(as_agent.get(f"{url}?q=zzzz"))


def test_what_was_typed_stays_when_it_is_refused(as_agent, story, sibling):
    url = reverse("pass_on_story", args=[story.pk])
    answer = as_agent.post(url, {"target": sibling.code, "reason": "Non"})
    page = answer.content.decode()
    assert "Dites pourquoi en quelques mots" in text_of(answer)
    assert 'value="Non"' in page
    assert f'value="{sibling.code}"' in page
    assert "checked" in page


def test_who_asked_for_it_is_mailed_at_once(story, sibling, agent, mailoutbox):
    there = someone(Role.RESPONDER, sibling, email="rou@caf.example")
    someone(Role.RESPONDER, sibling, email="lent@caf.example")
    NotificationChoice.objects.create(user=there, pace="at_once")
    pass_on(story, sibling, agent)
    told = [mail for mail in mailoutbox if mail.to == ["rou@caf.example"]]
    assert len(told) == 1
    assert f"/agents/experiences/{story.pk}/" in told[0].body
    assert REASON not in told[0].body
    assert not [mail for mail in mailoutbox if mail.to == ["lent@caf.example"]]
