"""An agent enters the story of a person at the counter or on the telephone."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from guichet.accounts.models import AuditEvent
from guichet.core.extensions import actions_on
from guichet.directory.models import Role
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.models import Entry, Experience
from guichet.experiences.sharing import limits
from guichet.experiences.story_source import context_of
from guichet.experiences.tests.sharing.person import AUTHOR, FEELING, STORY, Person
from guichet.moderation.models import ModeratedText

ENTER = "/agents/experiences/saisir/"


@pytest.fixture
def agent(caf, slow_reader):
    """Answers for the CAF of Lille, at its counter."""
    client = Client()
    client.force_login(someone(Role.RESPONDER, caf))
    return Person(client)


def enters(agent, **author):
    agent.press(ENTER, at="caf-lille", entry="counter", about_here="on")
    agent.press(channels_0=["desk"])
    agent.press(**STORY)
    agent.press(**FEELING)
    return agent.press(**{**AUTHOR, "follow_by": "code", "email": "", **author})


def test_the_story_is_marked_and_says_from_where(agent, caf):
    enters(agent)
    page = agent.press(consent="on").content.decode()
    assert "à donner à la personne" in page
    experience = Experience.objects.get()
    assert experience.entry == Entry.COUNTER
    assert experience.entered_at == caf
    assert experience.entered_by is not None
    lines = dict(context_of(str(experience.pk)).lines)
    assert "saisie par un agent, à « CAF du Nord, agence de Lille »" in lines["Saisie"]
    assert AuditEvent.objects.filter(action="story.entered").count() == 1


def test_nothing_is_sent_without_the_persons_consent(agent):
    enters(agent)
    page = agent.press().content.decode()
    assert "Cochez cette case" in page
    assert not Experience.objects.exists()


def test_a_person_with_an_address_confirms_by_mail(agent):
    enters(agent, follow_by="mail", email="claude@exemple.fr")
    agent.press(consent="on")
    assert agent.at.endswith("/envoye/")
    assert not Experience.objects.exists()


def test_a_draft_of_an_agent_is_opened_by_nobody_else(agent, caf):
    enters(agent)
    assert Client().get(agent.at).status_code == 302
    other = Client()
    other.force_login(someone(Role.MANAGER, caf))
    assert other.get(agent.at).status_code == 404


def test_the_page_of_a_structure_leads_there(agent, caf):
    responder, reader = someone(Role.RESPONDER, caf), someone(Role.READER, caf)
    labels = [one.url for one in actions_on("agent_structure", caf, responder)]
    assert f"{ENTER}?structure=caf-lille" in labels
    assert f"{ENTER}?structure=caf-lille" not in [
        one.url for one in actions_on("agent_structure", caf, reader)
    ]
    page = agent.open(f"{ENTER}?structure=caf-lille").content.decode()
    assert '<option value="caf-lille" selected>' in page


def test_a_place_of_others_is_refused(agent):
    StructureFactory(code="ailleurs")
    page = agent.press(f"{ENTER}?structure=ailleurs", at="ailleurs", entry="counter")
    assert "Votre lieu" in page.content.decode()
    assert page.status_code == 200


def test_a_story_about_another_service_is_searched_in_the_next_step(agent):
    agent.press(ENTER, at="caf-lille", entry="telephone")
    page = agent.open(agent.at).content.decode()
    assert "De quel service parle la personne\u00a0?" in page


def test_a_day_of_many_stories_at_a_counter_is_no_burst(agent, monkeypatch):
    monkeypatch.setattr(limits, "STORIES", {"send_story": "1/h/ip"})
    for _ in range(3):
        enters(agent)
        agent.press(consent="on")
    assert not ModeratedText.objects.filter(is_burst=True).exists()


def test_the_steps_speak_of_the_person_never_to_them(agent):
    agent.press(ENTER, at="caf-lille", entry="counter", about_here="on")
    told = [unescape(agent.open(agent.at).content.decode())]
    for values in ({"channels_0": ["desk"]}, STORY, FEELING, {**AUTHOR, "follow_by": "mail"}):
        told.append(unescape(agent.press(**values).content.decode()))
    told.append(unescape(agent.press(consent="on").content.decode()))
    pages = "".join(page.partition("<main")[2].partition("</main")[0] for page in told)
    assert "La personne a vécu cela…" in pages
    assert "Pour elle-même" in pages
    for words in (
        "Pour moi-même",
        "j'ai été",
        "votre récit",
        "Votre récit",
        "mon récit",
        "Vous éc",
    ):
        assert words not in pages, words


def test_what_an_agent_forgot_is_said_of_the_person(agent):
    enters(agent)
    page = agent.press(agent.at.replace("relecture", "vous"), **{**AUTHOR, "email": ""})
    assert "si elle n'en a pas" in unescape(page.content.decode())


def test_from_the_code_the_agent_goes_on_with_the_next_person(agent, person):
    enters(agent)
    page = agent.press(consent="on").content.decode()
    assert f'href="{ENTER}?structure=caf-lille"' in page
    assert "J&#x27;ai noté mon code" not in page
    seen_by_another = unescape(person.client.get(agent.at).content.decode())
    assert ENTER not in seen_by_another
    assert "noté mon code" in seen_by_another


def test_an_address_that_names_nothing_opens_the_page(agent):
    assert agent.open(f"{ENTER}?structure=%00").status_code == 200
