"""Who answers: the nearest above, then the network's lead, then the programme."""

from __future__ import annotations

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.answering.actions import publish_reply
from guichet.experiences.responders import (
    all_responders,
    may_answer,
    responder_of,
    who_may_answer,
)
from guichet.experiences.tests.answering.conftest import SIGNATURE, TEXT


def test_the_site_itself_when_somebody_answers_there(site, agent, manager, lead):
    found = responder_of(site)
    assert (found.structure, found.people) == (site, (agent,))
    assert found.words == "Ce récit est suivi par «\u00a0CAF de Lille\u00a0»."


def test_the_nearest_above_when_nobody_answers_at_the_site(site, head, manager, lead):
    found = responder_of(site)
    assert (found.structure, found.people) == (head, (manager,))
    assert found.words == (
        "Ce récit est suivi par «\u00a0CAF du Nord\u00a0», dont dépend «\u00a0CAF de Lille\u00a0»."
    )


def test_a_reader_is_no_responder(site, head, manager):
    someone(Role.READER, site)
    assert responder_of(site).structure == head


def test_the_lead_when_nobody_answers_in_the_tree(site, network, lead):
    found = responder_of(site)
    assert (found.structure, found.network, found.people) == (None, network, (lead,))
    assert found.words == f"Ce récit est suivi par le réseau {network.name}."


def test_the_programme_when_there_is_no_lead(site, moderator):
    found = responder_of(site)
    assert found.is_programme
    assert found.people == (moderator,)


def test_a_service_that_is_not_in_the_directory_is_the_programmes(moderator):
    assert responder_of(None).people == (moderator,)
    assert may_answer(moderator, None)


def test_who_left_answers_no_more(site, head, manager, agent):
    agent.is_active = False
    agent.save()
    assert responder_of(site).structure == head


def test_a_moderator_answers_only_where_nobody_else_does(site, moderator):
    assert may_answer(moderator, site)
    someone(Role.RESPONDER, site)
    assert not may_answer(moderator, site)


def test_everybody_who_may_answer_is_proposed(site, agent, manager, lead, moderator, neighbour):
    assert set(who_may_answer(site)) == {agent, manager, lead}


def test_the_table_of_everybody_says_the_same_in_one_query(
    site, sibling, head, agent, manager, lead, moderator, elsewhere, django_assert_num_queries
):
    alone = StructureFactory(network=None)
    with django_assert_num_queries(1):
        table = all_responders()
    for structure in (site, sibling, head, elsewhere, alone):
        assert table.of(structure).words == responder_of(structure).words
        assert set(table.of(structure).people) == set(responder_of(structure).people)


def test_the_public_page_says_who_follows_a_story_until_it_is_answered(
    client, head, site, manager, story
):
    page = text_of(client.get(story.experience.get_absolute_url()))
    assert "Ce récit est suivi par « CAF du Nord », dont dépend « CAF de Lille »." in page
    publish_reply(addressee=story, by=manager, text=TEXT, signature=SIGNATURE, version=0)
    assert "est suivi par" not in text_of(client.get(story.experience.get_absolute_url()))
