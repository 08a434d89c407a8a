"""A sheet from the words to the counter: on a phone without JavaScript, by keyboard alone, on
paper."""

from __future__ import annotations

import re
from datetime import time, timedelta
from itertools import product

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guichet.directory.models import ExceptionalHours, OpeningInterval, Role
from guichet.directory.tests.factories import someone
from guichet.orientation.handovers.references import shown_reference
from guichet.orientation.models import Handover, Misrouting
from guichet.orientation.tests.factories import HandoverFactory
from guichet.orientation.tests.handovers.conftest import CAF, HOUSE, site
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = pytest.mark.browser

WORDS = "je veux demander le RSA"
SENTENCE = "une attestation signée et les trois derniers bulletins de salaire du foyer "


@pytest.fixture
def also_accessible(signed_in_at):
    """axe runs scripts: it looks at the same address where they are on."""

    def look(person, page):
        checked = signed_in_at(person, PHONE)
        checked.goto(page.url)
        assert_accessible(checked)

    return look


def test_on_a_phone_without_javascript_a_sheet_is_made_and_read(
    live_server, signed_in_at, page_at, also_accessible, house, caf, sender
):
    page = signed_in_at(sender, PHONE, javascript=False)
    page.goto(f"{live_server.url}{HOUSE}")
    page.get_by_role("link", name="Orienter quelqu'un").click()
    page.get_by_label("Que veut faire la personne ?").fill(WORDS)
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_label("CAF de Lille")).to_be_checked()
    also_accessible(sender, page)
    page.get_by_label("Précision pour l'accueil").fill("Tél. 06 39 98 01 23")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_role("alert").get_by_text("Enlevez un numéro de téléphone")).to_be_visible()
    page.get_by_label("Précision pour l'accueil").fill("Ne lit pas le français")
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_text("La fiche est prête")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("CAF de Lille")
    expect(page.get_by_role("button", name="Imprimer")).to_be_hidden()
    also_accessible(sender, page)
    page.get_by_role("link", name="Ouvrir la fiche de la personne").click()
    reference = page.locator(".ui-code__value").inner_text()

    visitor = page_at(PHONE, javascript=False)
    visitor.goto(f"{live_server.url}/orientation/fiche/")
    visitor.get_by_label("Référence de la fiche").fill(reference.lower().replace("-", " "))
    visitor.get_by_role("button", name="Voir la fiche").click()
    expect(visitor.get_by_text("Ne lit pas le français")).to_be_visible()
    expect(visitor.get_by_role("link", name="03 20 00 12 34")).to_be_visible()
    also_accessible(sender, visitor)


def test_on_a_phone_without_javascript_the_wrong_service_sends_on_at_once(
    live_server, signed_in_at, also_accessible, sheet, cpam, receiver
):
    page = signed_in_at(receiver, PHONE, javascript=False)
    page.goto(f"{live_server.url}/agents/orientation/fiches/")
    page.get_by_role("searchbox", name="J'ai une référence").fill("k7m4 q2xt")
    page.get_by_role("button", name="Voir la fiche").click()
    page.get_by_role("link", name="Ce n'était pas le bon service").click()
    also_accessible(receiver, page)
    page.get_by_label("Quel service aurait été le bon ?").select_option("cpam")
    page.get_by_role("button", name="Le signaler").click()
    following = page.get_by_role("link", name="Faire la fiche suivante")
    expect(following).to_be_visible()
    assert Misrouting.objects.get().sent_to_id == "caf"
    following.click()
    expect(page.get_by_label("CPAM de Lille")).to_be_checked()
    also_accessible(receiver, page)
    page.get_by_role("button", name="Créer la fiche").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CPAM de Lille")
    assert Handover.objects.count() == 2


class CountedKeyboard:
    """Presses keys and counts them."""

    def __init__(self, page):
        self._page, self.pressed = page, 0

    def press(self, key):
        self.pressed += 1
        self._page.keyboard.press(key)


def ask_in_words(page, live_server):
    """The words are typed where the focus stands already."""
    page.goto(f"{live_server.url}{HOUSE}orientation/")
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type(WORDS)
    return CountedKeyboard(page)


def test_by_keyboard_two_keys_after_the_words_make_the_sheet(
    live_server, signed_in_at, house, caf, sender
):
    page = signed_in_at(sender, DESK)
    keyboard = ask_in_words(page, live_server)
    keyboard.press("Enter")
    page.wait_for_url("**q=**")
    expect(page.locator("[value=caf-lille]")).to_be_focused()
    keyboard.press("Enter")
    page.wait_for_url("**/fiches/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("CAF de Lille")
    assert keyboard.pressed == 2


def test_by_keyboard_another_place_costs_one_key_and_brings_its_own_reason(
    live_server, signed_in_at, house, caf, sender
):
    site("ccas-lille", "ccas", name="CCAS de Lille")
    page = signed_in_at(sender, DESK)
    keyboard = ask_in_words(page, live_server)
    keyboard.press("Enter")
    page.wait_for_url("**q=**")
    expect(page.locator("[autofocus]")).to_be_focused()
    before = page.get_by_label("Pourquoi ce service").input_value()
    while page.evaluate("document.activeElement.value") != "ccas-lille":
        keyboard.press("ArrowDown")
        assert keyboard.pressed < 9
    reason = page.get_by_label("Pourquoi ce service").input_value()
    assert reason not in ("", before)
    keyboard.press("Enter")
    page.wait_for_url("**/fiches/**")
    sheet = Handover.objects.get()
    assert (sheet.receiver.code, sheet.why) == ("ccas-lille", reason)


def test_a_reason_that_somebody_wrote_does_not_follow_the_place(
    live_server, signed_in_at, house, caf, sender
):
    site("ccas-lille", "ccas", name="CCAS de Lille")
    page = signed_in_at(sender, DESK)
    page.goto(f"{live_server.url}{HOUSE}orientation/?q=rsa")
    page.get_by_label("Pourquoi ce service").fill("C'est plus près.")
    page.get_by_label("CCAS de Lille").check(force=True)
    expect(page.get_by_label("Pourquoi ce service")).to_have_value("C'est plus près.")


def test_every_page_of_the_sheets_is_accessible(
    live_server, signed_in_at, house, caf, cpam, sender, receiver, sheet, settings
):
    settings.SMS_URL = "http://127.0.0.1:9/"
    HandoverFactory(
        reference="22222222", sender=house, receiver=caf, outcome="misrouted", right_kind_id="cpam"
    )
    Misrouting.objects.create(
        month=timezone.localdate().replace(day=1),
        sent_by_id="france_services",
        sent_to_id="caf",
        departement="59",
        count=3,
    )
    page = signed_in_at(someone(Role.ADMINISTRATOR), PHONE)
    for path in (
        f"{HOUSE}orientation/",
        f"{HOUSE}orientation/?q=rsa",
        f"{HOUSE}orientation/?q=papiers",
        f"{HOUSE}orientation/?q=zzyzx&commune=",
        f"{HOUSE}fiches/K7M4-Q2XT/",
        f"{CAF}fiches/K7M4-Q2XT/",
        f"{CAF}fiches/2222-2222/",
        f"{CAF}fiches/K7M4-Q2XT/mauvais-service/",
        f"{CAF}fiches/",
        f"{HOUSE}fiches/?sens=envoyees&etat=reglees",
        "/agents/orientation/fiches/",
        "/agents/orientation/fiches/?reference=KKKK-KKKK",
        "/agents/orientation/erreurs-d-orientation/",
        "/orientation/fiche/",
        "/orientation/fiche/K7M4-Q2XT/",
        "/orientation/fiche/KKKK-KKKK/",
    ):
        page.goto(f"{live_server.url}{path}")
        assert_accessible(page)
    page.goto(f"{live_server.url}{HOUSE}orientation/?q=rsa")
    page.get_by_label("Précision pour l'accueil").fill("06 39 98 01 23")
    page.get_by_role("button", name="Créer la fiche").click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page)


def test_a_sheet_is_readable_in_the_dark(live_server, page_at, sheet):
    page = page_at(PHONE, "dark")
    page.goto(f"{live_server.url}/orientation/fiche/K7M4-Q2XT/")
    assert_accessible(page)


@pytest.fixture
def busy_place(house):
    """All that a place may say: a long name, two ways of being received, days that differ."""
    place = site(
        "longue",
        "caf",
        name="Caisse d'allocations familiales de la métropole européenne de Lille, accueil sur "
        "rendez-vous de Lille-Fives",
        address_lines=["Bâtiment des services publics, escalier B", "12 rue de la Longue-Allée"],
        accessibility="DEM",
        with_hours=True,
    )
    OpeningInterval.objects.bulk_create(
        OpeningInterval(
            structure=place,
            weekday=day,
            opens=time(13, 30),
            closes=time(17),
            kind="appointment",
            note="semaines paires",
        )
        for day in range(5)
    )
    for days in (2, 5, 8, 11, 14):
        day = timezone.localdate() + timedelta(days=days)
        ExceptionalHours.objects.create(
            structure=place, first_day=day, last_day=day, reason="Inventaire annuel"
        )
    return place


def test_whatever_it_says_a_sheet_is_printed_on_one_page(
    live_server, page_at, house, caf, busy_place
):
    page = page_at(DESK)
    for receiver, documents, is_long in product((caf, busy_place), (0, 3, 8), (False, True)):
        sheet = HandoverFactory(
            sender=house,
            receiver=receiver,
            subject=(SENTENCE * 2)[:120] if is_long else "Demander le RSA",
            why=(SENTENCE * 4)[:250] if is_long else "La CAF instruit la demande.",
            note=(SENTENCE * 4)[:300] if is_long else "",
            documents=[(SENTENCE * 2)[: 120 if is_long else 60]] * documents,
        )
        page.goto(f"{live_server.url}/orientation/fiche/{shown_reference(sheet.reference)}/")
        assert pages_of(page) == 1, (receiver.code, documents, is_long)


def pages_of(page):
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4")))


def test_paper_carries_the_sheet_alone(live_server, signed_in_at, house, caf, sender, sheet):
    page = signed_in_at(sender, DESK)
    for path in (f"{HOUSE}fiches/K7M4-Q2XT/", "/orientation/fiche/K7M4-Q2XT/"):
        page.goto(f"{live_server.url}{path}")
        page.emulate_media(media="print")
        for kept in ("CAF de Lille", "03 20 00 12 34", "Semaine habituelle", "À apporter"):
            expect(page.get_by_text(kept).last).to_be_visible()
        for left in ("Envoyer par courriel", "Imprimer", "En attente", "Voir la page de ce lieu"):
            expect(page.get_by_text(left).first).to_be_hidden()
        expect(page.locator("header").first).to_be_hidden()
        assert page.locator(".ui-paper").bounding_box()["x"] < 60
        page.emulate_media(media="screen")
