"""« À faire »: the stories that wait for one's answer, the texts that wait for a moderator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.experiences.tests.factories import AddresseeFactory
from guichet.moderation.tests.factories import ModeratedTextFactory

pytestmark = pytest.mark.django_db
INBOX = "/agents/experiences/"


@pytest.fixture
def site():
    return StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))


@pytest.fixture
def stories(site):
    """Two wait at the site, one of them late; one is answered; another waits elsewhere."""
    yesterday = timezone.localdate() - timedelta(days=1)
    AddresseeFactory(structure=site)
    AddresseeFactory(structure=site, due_on=yesterday)
    AddresseeFactory(structure=site, first_reply_at=timezone.now())
    AddresseeFactory(due_on=yesterday)


def home_of(client, person):
    client.force_login(person)
    return client.get("/agents/")


def links_of(page):
    return page.content.decode().split('href="')


def leads_to(page, address):
    escaped = address.replace("&", "&amp;")
    return any(one.startswith(f'{escaped}"') for one in links_of(page))


def test_who_answers_reads_how_many_stories_wait_and_how_many_are_late(client, site, stories):
    page = home_of(client, someone(Role.RESPONDER, site))
    assert "2 récits sans réponse" in text_of(page)
    assert "1 récit dont l'échéance est passée" in text_of(page)
    assert leads_to(page, f"{INBOX}?liste=retard")
    assert "Textes à modérer" not in text_of(page)
    listed = text_of(client.get(INBOX))
    assert "À répondre (2)" in listed
    assert "En retard (1)" in listed


def test_a_lead_counts_the_stories_of_the_network(client, site, stories):
    AddresseeFactory(structure=StructureFactory(network=site.network))
    page = home_of(client, someone(Role.LEAD, site.network))
    assert "3 récits sans réponse" in text_of(page)


def test_a_calm_day_has_no_card_of_late_answers(client, site):
    page = home_of(client, someone(Role.RESPONDER, site))
    assert "Aucun récit n'attend de réponse" in text_of(page)
    assert "Réponses en retard" not in text_of(page)


def test_who_only_reads_has_nothing_to_answer(client, site, stories):
    page = home_of(client, someone(Role.READER, site))
    assert "Récits à répondre" not in text_of(page)


def test_a_moderator_reads_how_many_texts_wait_and_the_stories_that_nobody_else_answers(
    client, site, stories
):
    someone(Role.RESPONDER, site)
    now = timezone.now()
    ModeratedTextFactory()
    ModeratedTextFactory(received_at=now - timedelta(days=9), is_danger=True)
    ModeratedTextFactory(state="accepted")
    page = home_of(client, someone(Role.MODERATOR))
    assert "2 textes à lire, dont 1 en retard" in text_of(page)
    assert "1 danger signalé" in text_of(page)
    assert leads_to(page, "/agents/moderation/")
    assert "1 récit sans réponse" in text_of(page)
    late = f"{INBOX}?liste=sans-agent&echeance=retard"
    assert leads_to(page, late)
    assert "Sans agent sur place (1)" in text_of(client.get(late))


def test_an_empty_queue_is_said(client):
    page = home_of(client, someone(Role.MODERATOR))
    assert "Aucun texte à lire" in text_of(page)


def test_what_waits_costs_the_same_however_much_it_is(
    client, site, stories, django_assert_max_num_queries
):
    administrator = someone(Role.ADMINISTRATOR)
    ModeratedTextFactory()
    home_of(client, administrator)
    with django_assert_max_num_queries(11) as few:
        client.get("/agents/")
    for _ in range(6):
        AddresseeFactory(structure=StructureFactory(network=site.network))
        ModeratedTextFactory()
    with django_assert_max_num_queries(len(few)):
        client.get("/agents/")
