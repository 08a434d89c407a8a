"""The moderators' pages in a real browser: axe, both widths, keys, selection, no JavaScript."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from guichet.moderation.kinds import Kind
from guichet.moderation.models import ModeratedText, TextState
from guichet.moderation.queue.actions import accept, refuse
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.redaction import Mark, Origin
from guichet.moderation.tests.queue.conftest import arrived
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
QUEUE = "/agents/moderation/"
STORY = (
    "Bonjour, je suis venue trois fois à l'accueil pour ma demande de logement. 👩‍👧\n"
    "Mme Rose Petit m'a dit de rappeler le 06 12 34 56 78, personne ne décroche."
)


@pytest.fixture
def full_queue(told, machine, ana, bo):
    """A decided text, its near-duplicate, a danger, one in another language."""
    machine.found = Findings(language="fr", signature=tuple(range(64)), bands=(1, 2))
    decided = arrived("Trois fois à l'accueil", STORY, reference="1")
    refuse(text=decided, by=bo, reason="personal_data")
    machine.found = Findings(
        marks=(Mark("description", 79, 93, Kind.NAME, Origin.MODEL),),
        language="fr",
        risk=45,
        flags=("nomme une personne", "numéro de téléphone"),
        signature=tuple(range(64)),
        bands=(1, 2),
    )
    arrived("Toujours personne au téléphone", STORY, reference="2")
    machine.found = Findings(language="fr", risk=95, flags=("danger",), danger_words=("en finir",))
    arrived("Je n'en peux plus", "On me refuse tout, je veux en finir.", reference="3")
    machine.found = Findings(language="ar", risk=10)
    arrived("شكرا", "شكرا جزيلا على المساعدة", reference="4")


def pictured(page, name):
    """Keeps a picture where `GUICHET_PICTURES` says, to be looked at."""
    if folder := os.environ.get("GUICHET_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def press_button(page, name, nth=0):
    with page.expect_navigation():
        page.get_by_role("button", name=name).nth(nth).click()


def test_every_page_is_accessible_at_both_widths(
    live_server,
    signed_in_at,
    ana,
    full_queue,
):
    page = signed_in_at(ana, PHONE)
    page.goto(f"{live_server.url}{QUEUE}")
    assert_accessible(page)
    pictured(page, "file")
    text = ModeratedText.objects.get(reference="2")
    page.goto(f"{live_server.url}{QUEUE}{text.pk}/")
    assert_accessible(page)
    pictured(page, "ferme")
    press_button(page, "Ouvrir l'original")
    assert_accessible(page)
    pictured(page, "texte")
    for name in ("refuser", "refuser/?motif=insult", "orienter", "danger"):
        address = name if "?" in name else f"{name}/"
        page.goto(f"{live_server.url}{QUEUE}{text.pk}/{address}")
        assert_accessible(page)
        pictured(page, name.replace("/?motif=", "-"))
    danger = ModeratedText.objects.get(reference="3")
    page.goto(f"{live_server.url}{QUEUE}{danger.pk}/")
    press_button(page, "Ouvrir l'original")
    assert_accessible(page)
    pictured(page, "texte-danger")
    for name in ("decisions", "alertes"):
        page.goto(f"{live_server.url}{QUEUE}{name}/")
        assert_accessible(page)
        pictured(page, name)
    decided = ModeratedText.objects.get(reference="1")
    page.goto(f"{live_server.url}{QUEUE}{decided.pk}/reprendre/")
    assert_accessible(page)
    pictured(page, "reprendre")


def test_several_texts_are_read_and_decided_on_one_page(
    live_server,
    signed_in_at,
    ana,
    full_queue,
):
    page = signed_in_at(ana, DESK)
    page.goto(f"{live_server.url}{QUEUE}")
    for box in page.get_by_role("checkbox").all():
        box.check(force=True)
    press_button(page, "Lire ensemble les textes cochés")
    assert_accessible(page)
    pictured(page, "lot-1280")
    press_button(page, "Publier")
    states = dict(ModeratedText.objects.values_list("reference", "state"))
    assert states == {
        "1": TextState.REFUSED,
        "2": TextState.WAITING,
        "3": TextState.WAITING,
        "4": TextState.ACCEPTED,
    }


def test_a_text_is_found_opened_and_published_by_keyboard(
    live_server,
    signed_in_at,
    ana,
    full_queue,
):
    page = signed_in_at(ana, DESK)
    page.goto(f"{live_server.url}{QUEUE}")
    for key in ("j", "j", "j", "k", "j"):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    text = ModeratedText.objects.get(reference="4")
    assert page.url.endswith(f"{QUEUE}{text.pk}/")
    page.keyboard.press("a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    text.refresh_from_db()
    assert text.state == TextState.ACCEPTED
    page.keyboard.press("m")
    page.keyboard.type("refuse")
    expect(page.locator("#masquer-words")).to_have_value("refuse")
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("r")
    assert page.url.endswith("/refuser/")
    with page.expect_navigation():
        page.keyboard.press("f")
    page.keyboard.press("?")
    expect(page.get_by_text("Ces touches n'agissent jamais")).to_be_visible()


def test_keys_that_were_turned_off_do_nothing(
    live_server,
    signed_in_at,
    ana,
    full_queue,
):
    page = signed_in_at(ana, DESK)
    page.goto(f"{live_server.url}{QUEUE}")
    page.get_by_text("Raccourcis du clavier").click()
    press_button(page, "Désactiver les raccourcis")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.name || ''") != "lire"


def test_what_is_selected_is_masked_there_alone(
    live_server,
    signed_in_at,
    ana,
    full_queue,
):
    page = signed_in_at(ana, DESK)
    text = ModeratedText.objects.get(reference="2")
    page.goto(f"{live_server.url}{QUEUE}{text.pk}/")
    press_button(page, "Ouvrir l'original")
    page.evaluate(
        """() => {
            const part = document.querySelector('[data-part=description]');
            const last = part.lastChild;
            const range = document.createRange();
            range.setStart(last, last.data.indexOf('décroche'));
            range.setEnd(last, last.data.indexOf('décroche') + 8);
            document.getSelection().removeAllRanges();
            document.getSelection().addRange(range);
        }"""
    )
    page.locator("#selection").wait_for(state="visible")
    pictured(page, "selection-1280")
    press_button(page, "Masquer la sélection")
    decision = accept(text=text, by=ana)
    assert decision.text.published("description").endswith("personne ne [nom].")


def test_everything_is_done_without_javascript(
    live_server,
    signed_in_at,
    ana,
    full_queue,
):
    page = signed_in_at(ana, PHONE, javascript=False)
    page.goto(f"{live_server.url}{QUEUE}?q=logement")
    press_button(page, "Lire")
    page.fill("#masquer-words", "accueil")
    press_button(page, "Masquer ces mots")
    expect(page.get_by_text("Ces mots sont masqués")).to_be_visible()
    press_button(page, "Publier")
    text = ModeratedText.objects.get(reference="2")
    assert "trois fois à l'[nom]" in text.published("description")
    assert "[téléphone]" in text.published("description")
