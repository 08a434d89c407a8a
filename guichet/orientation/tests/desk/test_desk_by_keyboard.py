"""The desk in a real browser: by keyboard alone, without JavaScript, and as axe reads it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from guichet.orientation.models import DeskCall
from guichet.orientation.tests.desk.conftest import DESK as PATH
from guichet.orientation.tests.factories import DeskCallFactory
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = pytest.mark.browser


class Keyboard:
    """Words are typed where the keyboard is; other keys are counted."""

    def __init__(self, page):
        self.page = page
        self.presses = 0

    def words(self, text):
        expect(self.page.locator("[autofocus]")).to_be_focused()
        self.page.keyboard.type(text)

    def press(self, key):
        self.presses += 1
        with self.page.expect_navigation():
            self.page.keyboard.press(key)


@pytest.fixture
def at_the_desk(live_server, signed_in_at, services, adviser):
    """A function: a page where the adviser is before the first screen."""

    def open_desk(width=DESK, **options):
        page = signed_in_at(adviser, width, **options)
        page.goto(f"{live_server.url}{PATH}")
        return page

    return open_desk


def heading(page):
    return page.locator("h1").inner_text()


# Once the scripts of the page have run, before it is drawn.
TYPED_AT_ONCE = """document.addEventListener("DOMContentLoaded", function () {
    ["r", "t", "h", "s"].forEach(function (key) {
        document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    });
});"""


def test_commune_need_and_answer_in_three_keys_then_one_to_note_the_call(at_the_desk, doubt):
    page = at_the_desk()
    keys = Keyboard(page)
    keys.words("lille")
    keys.press("Enter")
    keys.words("mon frouzbi")
    keys.press("Enter")
    expect(page.get_by_role("link", name="2 – Perdre un frouzbi")).to_be_visible()
    keys.press("2")
    assert keys.presses <= 3
    assert heading(page) == "Perdre un frouzbi"
    expect(page.get_by_text("À lire à voix haute")).to_be_visible()
    keys.press("t")
    assert heading(page) == "Standard téléphonique"
    expect(page.locator("[name=ou]")).to_be_focused()
    call = DeskCall.objects.get()
    assert (call.outcome, call.commune_id) == ("transferred", "59350")
    assert (call.need, call.kind_id) == (doubt[1], "mairie")


def test_a_sure_answer_and_its_note_take_three_keys(at_the_desk, services):
    page = at_the_desk()
    keys = Keyboard(page)
    keys.words("lille")
    keys.press("Enter")
    keys.words("demander le RSA")
    keys.press("Enter")
    expect(page.get_by_role("link", name="03 53 01 00 01")).to_be_visible()
    keys.press("r")
    assert keys.presses == 3
    assert DeskCall.objects.get().structure == services["caf"]
    keys.words("wavrin")
    keys.press("Enter")
    expect(page.get_by_text("Wavrin (Nord)")).to_be_visible()


def test_a_figure_picks_a_commune_and_a_service(at_the_desk):
    page = at_the_desk()
    keys = Keyboard(page)
    keys.words("saint-denis")
    keys.press("Enter")
    keys.press("2")
    expect(page.get_by_text("Saint-Denis (Aude)")).to_be_visible()
    keys.words("demander le RSA")
    keys.press("Enter")
    second = page.locator("#choix li a").nth(1).inner_text()
    keys.press("Numpad2")
    expect(page.locator("#choix li a[aria-current]")).to_have_text(second)


def test_figures_are_read_by_their_place_on_a_french_keyboard(at_the_desk):
    page = at_the_desk()
    page.goto(f"{page.url}?commune=59350&besoin=demander-rsa")
    second = page.locator("#choix li a").nth(1).inner_text()
    with page.expect_navigation():
        page.evaluate(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', "
            "{key: 'é', code: 'Digit2', bubbles: true}))"
        )
    expect(page.locator("#choix li a[aria-current]")).to_have_text(second)


def test_letters_never_act_while_somebody_is_typing(at_the_desk):
    page = at_the_desk()
    page.goto(f"{page.url}?commune=59350")
    field = page.get_by_role("textbox", name="Ce que veut la personne")
    expect(field).to_be_focused()
    page.keyboard.type("rthsc123")
    expect(field).to_have_value("rthsc123")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    page.keyboard.press("b")
    expect(field).to_be_focused()
    expect(field).to_have_value("rthsc123")
    assert not DeskCall.objects.exists()
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("s")
    assert DeskCall.objects.get().outcome == "not_found"


def test_letters_typed_before_the_page_is_drawn_never_act(at_the_desk):
    page = at_the_desk()
    page.add_init_script(TYPED_AT_ONCE)
    page.goto(f"{page.url}?commune=59350")
    expect(page.get_by_role("textbox", name="Ce que veut la personne")).to_be_focused()
    expect(page.get_by_role("heading", level=1)).to_have_text("Que veut la personne ?")
    assert not DeskCall.objects.exists()


def test_c_starts_again_by_the_commune(at_the_desk):
    page = at_the_desk()
    page.goto(f"{page.url}?commune=59350&besoin=demander-rsa")
    with page.expect_navigation():
        page.keyboard.press("c")
    expect(page.locator("[name=ou]")).to_be_focused()


def test_shortcuts_that_are_turned_off_do_nothing(at_the_desk):
    page = at_the_desk()
    with page.expect_navigation():
        page.get_by_role("button", name="Désactiver les raccourcis").click()
    page.goto(f"{page.url}?commune=59350&besoin=demander-rsa")
    before = page.url
    for key in "rths12c":
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(page).to_have_url(before)
    assert not DeskCall.objects.exists()
    page.get_by_text("Raccourcis du clavier").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Activer les raccourcis").click()
    page.goto(before)
    with page.expect_navigation():
        page.keyboard.press("h")
    assert DeskCall.objects.get().outcome == "out_of_scope"


def test_a_call_is_answered_noted_and_undone_without_javascript(at_the_desk):
    page = at_the_desk(javascript=False)
    keys = Keyboard(page)
    expect(page.get_by_text("Raccourcis du clavier")).to_be_hidden()
    keys.words("lille")
    keys.press("Enter")
    keys.words("demander le RSA")
    keys.press("Enter")
    expect(page.get_by_role("link", name="03 53 01 00 01")).to_be_visible()
    expect(page.locator("[autofocus]")).to_be_focused()
    assert tab_to(page, "Noter l'appel") < 5
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#noter$"))
    assert tab_to(page, "R – Renseignée") < 5
    keys.press("Enter")
    expect(page.get_by_text("Appel noté : renseignée.")).to_be_visible()
    assert DeskCall.objects.get().need.code == "demander-rsa"
    tab_to(page, "Annuler ce dernier appel")
    keys.press("Enter")
    expect(page.get_by_text("L'appel n'est plus noté.")).to_be_visible()
    assert not DeskCall.objects.exists()


def tab_to(page, name):
    """Presses Tab until the focus is on `name`; how many times."""
    for count in range(1, 60):
        page.keyboard.press("Tab")
        if page.locator(":focus").inner_text() == name:
            return count
    raise AssertionError(f"la touche Tab ne mène pas à « {name} »")


def test_every_screen_is_accessible(live_server, at_the_desk, adviser, lead, doubt, signed_in_at):
    DeskCallFactory(adviser=adviser)
    page = at_the_desk(PHONE)
    assert_accessible(page)
    for asked in (
        "ou=saint-denis",
        "ou=zzyzx",
        "commune=59350",
        "commune=59350&q=demander+le+RSA",
        "commune=59350&q=mon+frouzbi",
        "commune=59350&q=zblorgson",
        "commune=59350&q=mon+forfait+sfr+ne+marche+plus",
        "commune=59350&q=mon+mari+me+frappe",
    ):
        page.goto(f"{live_server.url}{PATH}?{asked}")
        assert_accessible(page)
    page = signed_in_at(lead, DESK)
    page.goto(f"{live_server.url}{PATH}bilan/")
    assert_accessible(page)
