"""Each page of sharing in a browser: on a phone without JavaScript, and with axe at both widths."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from guichet.accounts import trapped_forms
from guichet.experiences.models import Experience
from guichet.experiences.tests.following.letters import links_in, the_letter
from guichet.experiences.tests.sharing.person import AUTHOR, STORY
from guichet.ui.tests.browser import PHONE, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HOME = "/experiences/partager/"


@pytest.fixture
def site(live_server, settings, caf, monkeypatch):
    """A site whose forms trust a fast reader."""
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))
    settings.PUBLIC_URL = live_server.url
    return live_server.url


def tick(page, label, within=None):
    """Press the words beside a box, as people do."""
    (within or page).locator("label", has_text=label).first.click()


def continue_from(page):
    page.get_by_role("button", name="Continuer", exact=True).click()


def arrive(page, title):
    """Wait for the page of this title: pressing does not."""
    page.locator("h1", has_text=title).wait_for()


def share(page, site, looked_at, **author):
    """From the first page to the last button; each page is `looked_at` on the way."""
    page.goto(f"{site}{HOME}")
    arrive(page, "Racontez ce qui")
    looked_at("accueil")
    page.get_by_label("Nom du service").first.fill("CAF")
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("button", name="Choisir").first.wait_for()
    looked_at("resultats")
    page.get_by_role("button", name="Choisir").first.click()
    arrive(page, "Quel service ?")
    tick(page, "Sur place")
    looked_at("services")
    continue_from(page)
    arrive(page, "Votre récit")
    looked_at("recit-vide")
    page.get_by_label("Que s'est-il passé ?").fill(STORY["description"])
    page.get_by_label("Qu'est-ce qui vous aurait aidé ?").fill(STORY["wished"])
    continue_from(page)
    arrive(page, "Votre ressenti")
    tick(page, "Négatif : ça s'est mal passé")
    tick(page, "Positif", page.get_by_role("group", name="Relation"))
    looked_at("ressenti")
    continue_from(page)
    arrive(page, "Qui raconte ?")
    tick(page, "Pour moi-même")
    page.get_by_label("Un pseudonyme").fill(AUTHOR["pseudonym"])
    if author["email"]:
        tick(page, "Par courriel")
        page.get_by_label("Votre adresse électronique").fill(author["email"])
    else:
        tick(page, "Avec un code de suivi")
    looked_at("vous")
    continue_from(page)
    arrive(page, "Relire et envoyer")
    looked_at("relecture")
    page.get_by_role("button", name="Envoyer mon récit").click()


def test_a_phone_without_javascript_shares_and_confirms(site, page_at):
    page = page_at(PHONE, javascript=False)
    share(page, site, lambda name: None, email="claude@exemple.fr")
    arrive(page, "ouvrez votre courriel")
    page.goto(links_in(the_letter())[0])
    page.get_by_role("button", name="Confirmer et envoyer mon récit").click()
    arrive(page, "votre récit est parti")
    assert Experience.objects.get().author.email == "claude@exemple.fr"


def test_every_page_is_accessible_and_a_code_is_shown_to_who_has_no_mail(site, page_at):
    page = page_at(PHONE)
    share(page, site, lambda name: assert_accessible(page), email="")
    arrive(page, "votre récit est parti")
    code = page.locator(".ui-code__value").inner_text()
    assert len(code.replace("-", "")) == 12
    assert_accessible(page)


def test_towns_and_services_are_proposed_while_one_types(site, page_at):
    page = page_at(PHONE)
    page.goto(f"{site}{HOME}")
    page.get_by_label("Ville").first.press_sequentially("Lil")
    expect(page.locator("datalist option").first).to_have_attribute("value", "Lille (59)")
    page.get_by_label("Ville").first.fill("")
    page.get_by_label("Nom du service").first.press_sequentially("agence")
    expect(page.locator("#propose")).to_have_text("1 service proposé ci-dessous.")
    expect(page.get_by_role("button", name="Choisir")).to_be_visible()
    assert_accessible(page)


def test_personal_data_is_pointed_out_while_writing(site, page_at):
    page = page_at(PHONE)
    page.goto(f"{site}{HOME}?service=caf-lille")
    page.get_by_role("button", name="Commencer mon récit").click()
    continue_from(page)
    arrive(page, "Votre récit")
    page.get_by_label("Que s'est-il passé ?").fill("Rappelez-moi au 06 39 98 12 34.")
    warning = page.locator("#a-verifier").get_by_text("06 39 98 12 34")
    warning.wait_for()
    assert_accessible(page)
    page.get_by_label("Que s'est-il passé ?").fill("Rappelez-moi.")
    warning.wait_for(state="detached")
