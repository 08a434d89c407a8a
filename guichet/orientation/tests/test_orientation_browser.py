"""A person on an old phone, without JavaScript, finds her service; a screen reader reads it in
order."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from guichet.directory.models import StructureKind
from guichet.directory.tests.factories import StructureFactory, lille
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def services(transactional_db):
    for code, kind in (("caf-lille", "caf"), ("hall", "mairie"), ("house", "france_services")):
        StructureFactory(
            code=code,
            name=f"Lieu {code}",
            kind=StructureKind.objects.get(code=kind),
            commune=lille(),
            with_hours=True,
            phones=[
                {
                    "number": "+33320000000",
                    "display": "03 20 00 00 00",
                    "label": "",
                    "cost": "normal",
                }
            ],
        )


def assert_accessible_at(page, page_at):
    """Axe needs JavaScript: the same address, with it."""
    again = page_at(PHONE)
    again.goto(page.url)
    assert_accessible(again)


def ask(page, live_server, text, where="Lille"):
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Vous ne savez pas à qui vous adresser").click()
    page.get_by_label("Que voulez-vous faire").fill(text)
    page.get_by_label("Où habitez-vous").fill(where)
    page.get_by_role("button", name="Trouver").click()


def test_rsa_in_lille_from_the_home_page_on_a_phone(live_server, page_at, services):
    page = page_at(PHONE, javascript=False)
    ask(page, live_server, "je veux demander le RSA")
    page.get_by_role("heading", level=1, name="Demander le RSA").wait_for()
    assert page.get_by_role("link", name="03 20 00 00 00").first.get_attribute("href") == (
        "tel:+33320000000"
    )
    assert_accessible_at(page, page_at)
    page.get_by_text("Mutualité sociale agricole (MSA)").first.click()
    page.get_by_text("La MSA étudie la demande").wait_for()
    page.get_by_role("link", name="Lieu caf-lille").click()
    page.get_by_role("heading", level=1, name="Lieu caf-lille").wait_for()


def test_a_screen_reader_hears_the_answer_in_order(live_server, page_at, services):
    page = page_at(PHONE)
    ask(page, live_server, "mon mari me frappe")
    page.get_by_role("heading", level=1, name="Être protégé").wait_for()
    heard = page.locator("main").aria_snapshot()
    order = [
        'heading "Être protégé',
        "Appelez tout de suite",
        '"17, Police secours"',
        "À savoir",
        'heading "Commissariat de police"',
        "Pourquoi ce service",
        "France services",
        "Garder cette réponse",
        "Une autre question",
    ]
    places = [heard.index(words) for words in order]
    assert places == sorted(places)
    levels = page.locator("main h1, main h2, main h3").evaluate_all(
        "all => all.map(one => Number(one.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert_accessible(page)


def test_unsure_then_chosen_then_not_the_right_one(live_server, page_at, services):
    page = page_at(PHONE, javascript=False)
    ask(page, live_server, "problème avec mon employeur")
    page.get_by_text("Plusieurs réponses sont possibles").wait_for()
    assert_accessible_at(page, page_at)
    page.locator("main h2 a").first.click()
    page.get_by_role("button", name="Ce n'est pas le bon service").first.click()
    page.get_by_text("Merci, c'est noté").wait_for()
    assert_accessible_at(page, page_at)


@pytest.mark.parametrize("text", ["", "asdfgh", "mon forfait sfr ne marche plus"])
def test_every_other_answer_is_accessible(live_server, page_at, services, text):
    page = page_at(PHONE)
    page.goto(f"{live_server.url}/orientation/?q={text}&commune=Lille")
    assert_accessible(page)


def test_the_whole_journey_needs_no_mouse(live_server, page_at, services):
    page = page_at(DESK)
    page.goto(f"{live_server.url}/orientation/")
    page.get_by_label("Que voulez-vous faire").focus()
    page.keyboard.type("refaire ma carte d'identité")
    page.keyboard.press("Tab")
    page.keyboard.type("Lille")
    page.keyboard.press("Enter")
    page.get_by_text("Tous les lieux ne le font pas").wait_for()
    expect(page.get_by_role("button", name="Imprimer")).to_be_visible()
    assert_accessible(page)
