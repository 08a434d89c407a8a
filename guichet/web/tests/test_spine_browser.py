"""An agent signs in on a phone without JavaScript, corrects hours; the public page and the API say
so."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from guichet.directory.models import Role, StructureKind
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.ui.tests.browser import PHONE, assert_accessible

ALL_DAY = "24 h sur 24"


@pytest.fixture
def place(transactional_db):
    """Open on holidays too, were the test run on one."""
    cache.clear()
    structure = StructureFactory(code="caf-lille", name="CAF de Lille", source="dila2016")
    StructureKind.objects.update(open_on_holidays=True)
    return structure


@pytest.fixture
def agent(place):
    return someone(Role.MANAGER, place, email="claude@caf.example", full_name="Claude Mercier")


def sign_in(page, address, mailoutbox):
    page.get_by_label("Adresse électronique").fill(address)
    page.get_by_role("button", name="Recevoir un code").click()
    asked = page.get_by_label("Code reçu par courriel")
    asked.wait_for()
    asked.fill(re.search(r"^(\d{6})$", mailoutbox[-1].body, re.MULTILINE)[1])
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda address: "/connexion/" not in address)


@pytest.mark.browser
def test_an_agent_signs_in_corrects_hours_and_everybody_knows(
    live_server,
    page_at,
    place,
    agent,
    mailoutbox,
    client,
):
    told = client.get("/api/v1/structures/caf-lille").json()
    assert told["open_now"] is None
    visitor = page_at(PHONE, javascript=False)
    visitor.goto(f"{live_server.url}/services/caf-lille/")
    expect(visitor.get_by_text(ALL_DAY)).to_have_count(0)

    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}/agents/structures/caf-lille/")
    sign_in(page, agent.email, mailoutbox)
    expect(page.get_by_role("heading", level=1)).to_have_text("CAF de Lille")
    page.get_by_role("link", name="Corriger les horaires").click()
    page.get_by_label("Lundi").first.fill("24h/24")
    page.get_by_role("button", name="Recopier le lundi").first.click()
    page.get_by_label("Samedi").first.fill("24h/24")
    page.get_by_label("Dimanche").first.fill("9h-8h")
    page.get_by_role("button", name="Voir le résultat").click()
    page.get_by_text("ne vient pas après le début").first.wait_for()
    page.get_by_label("Dimanche").first.fill("24h/24")
    page.get_by_role("button", name="Voir le résultat").click()
    page.get_by_text("Rien n'est encore enregistré").wait_for()
    page.get_by_role("button", name="Enregistrer ces horaires").click()
    expect(page.get_by_text("la page publique est à jour")).to_be_visible()

    visitor.reload()
    assert visitor.get_by_text(ALL_DAY).count() >= 7
    assert "Claude Mercier" not in visitor.content()
    told = client.get("/api/v1/structures/caf-lille").json()
    assert told["open_now"] is True
    assert told["opening"].startswith("Ouvert")


@pytest.mark.browser
def test_the_pages_of_the_journey_are_accessible(live_server, page_at, place, agent, mailoutbox):
    page = page_at(PHONE)
    page.goto(f"{live_server.url}/agents/")
    sign_in(page, agent.email, mailoutbox)
    for path in ("", "structures/", "structures/caf-lille/", "structures/caf-lille/horaires/"):
        page.goto(f"{live_server.url}/agents/{path}")
        assert_accessible(page)
