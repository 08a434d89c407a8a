"""What was written in a form that could not be taken: session over, form expired, wrong address."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import signed_in_at  # noqa: F401
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.experiences.models import ReplyDraft
from guichet.experiences.tests.factories import AddresseeFactory
from guichet.ui.tests.browser import DESK, assert_accessible

pytestmark = pytest.mark.django_db
TEXT = "Vous avez attendu deux heures.\nUn second guichet ouvre lundi <b>matin</b>."
SHOWN = "Un second guichet ouvre lundi &lt;b&gt;matin&lt;/b&gt;."
SITE = "http://testserver"


@pytest.fixture
def story():
    return AddresseeFactory(structure=StructureFactory(), experience__title="Attente")


@pytest.fixture
def agent(story):
    return someone(Role.RESPONDER, story.structure, email="claire@caf.example")


def paths(story) -> tuple[str, str]:
    return reverse("answer_story", args=[story.pk]), reverse("save_answer", args=[story.pk])


def test_an_address_that_only_takes_a_form_leads_back_to_its_page(client, agent, story):
    page, sending = paths(story)
    client.force_login(agent)
    response = client.get(sending)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    html = response.content.decode()
    assert "Il n'y a rien à lire à cette adresse" in html
    assert f'href="{page}"' in html


def test_an_address_that_only_shows_a_page_leads_back_to_it(client):
    response = client.post("/urgences/")
    assert response.status_code == 405
    assert "Lire cette page" in response.content.decode()


def test_the_api_keeps_its_own_words(client):
    assert (
        client.delete("/api/v1/structures")
        .headers["Content-Type"]
        .startswith("application/problem+json")
    )


def test_a_text_sent_after_the_session_is_given_back_and_its_page_comes_next(client, story):
    page, sending = paths(story)
    response = client.post(
        sending, {"text": TEXT, "act": "draft"}, headers={"referer": SITE + page}
    )
    assert response.status_code == 403
    html = response.content.decode()
    assert SHOWN in html
    assert f"/agents/connexion/?next={page.replace('/', '%2F')}" in html
    assert "draft" not in html
    assert not ReplyDraft.objects.exists()


@pytest.mark.parametrize(("origin", "is_given_back"), [(SITE, True), ("https://x.example", False)])
def test_an_expired_form_gives_texts_back_to_our_own_pages_only(
    agent, story, origin, is_given_back
):
    page, sending = paths(story)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(agent)
    response = strict.post(sending, {"text": TEXT}, headers={"referer": origin + page})
    assert response.status_code == 403
    html = response.content.decode()
    assert "Ce formulaire a expiré" in html
    assert (SHOWN in html) is is_given_back
    assert (f'href="{page}"' in html) is is_given_back


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_draft_sent_after_the_session_is_found_again(
    live_server,
    signed_in_at,  # noqa: F811
    agent,
    story,
):
    page = signed_in_at(agent, DESK)
    here, _ = paths(story)
    page.goto(f"{live_server.url}{here}")
    session = next(one for one in page.context.cookies() if one["name"] == "sessionid")
    page.get_by_label("Votre réponse").fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    save = page.get_by_role("button", name="Enregistrer le brouillon")
    save.click()
    expect(page.get_by_label("Votre texte, à copier")).to_have_value(TEXT)
    assert_accessible(page)
    page.get_by_role("link", name="Se connecter", exact=True).first.click()
    expect(page.get_by_role("heading", name="Se connecter à l'espace des agents")).to_be_visible()
    page.context.add_cookies([session])
    page.goto(f"{live_server.url}{here}")
    expect(page.get_by_label("Votre réponse")).to_have_value(TEXT)
    expect(page.get_by_text("Votre texte a été retrouvé")).to_be_visible()
    assert_accessible(page)
    save.click()
    expect(page.get_by_text("Le brouillon est enregistré")).to_be_visible()
    expect(page.get_by_text("Votre texte a été retrouvé")).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0
