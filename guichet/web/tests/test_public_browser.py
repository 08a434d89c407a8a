"""The public pages in a real browser: axe at both widths, keyboard, no JavaScript, position,
paper, weight."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guichet.directory.models import ExceptionalHours, StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import StructureFactory
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = pytest.mark.browser

FIRST_VISIT_BYTES = 150_000
PHONE_NUMBER = {
    "number": "+33320000000",
    "display": "03 20 00 00 00",
    "label": "",
    "cost": "free",
}
PAGES = [
    "/",
    "/services/",
    "/services/?quoi=mairie&ou=lille",
    "/services/?ou=lille&ouvert=oui",
    "/services/?quoi=maison+des+familles",
    "/services/?quoi=caf&ou=zzzzzz",
    "/services/ouverte/",
    "/services/inconnue/",
    "/services/close/",
    "/services/ouverte/signaler/",
    "/urgences/",
    "/plan-du-site/",
    "/mentions-legales/",
    "/donnees-personnelles/",
    "/accessibilite/",
    "/aide/",
    "/api/v1/docs",
    "/nulle-part/",
]


@pytest.fixture
def places(transactional_db):
    """Around Lille: a town hall with everything, one of which nothing is known, one closed."""
    load_reference()
    nord = DepartementFactory(code="59", name="Nord", region=RegionFactory(code="32", name="HdF"))
    lille = CommuneFactory(
        insee_code="59350", name="Lille", departement=nord, latitude=50.63, longitude=3.06
    )
    CommuneFactory(insee_code="59351", name="Lille-sur-Essai", departement=nord)
    kind = StructureKind.objects.get(code="mairie")
    known = StructureFactory(
        code="ouverte",
        name="Mairie de Lille",
        kind=kind,
        commune=lille,
        with_hours=True,
        latitude=50.63,
        longitude=3.06,
        accessibility="ACC",
        phones=[
            {"number": "+33320000000", "display": "03 20 00 00 00", "label": "", "cost": "free"}
        ],
        emails=["mairie@lille.example"],
        websites=[{"label": "", "url": "https://mairie.example/"}],
        appointment_url="https://rdv.example/",
        information="Sonnez à l'interphone.",
        is_fictional=True,
    )
    day = timezone.localdate() + timedelta(days=2)
    ExceptionalHours.objects.create(structure=known, first_day=day, last_day=day, reason="Pont")
    StructureFactory(code="inconnue", kind=kind, commune=lille, old=True, name="Mairie annexe")
    StructureFactory(code="close", kind=kind, commune=lille, gone=True, name="Ancienne mairie")
    StructureFactory(
        code="m", kind=StructureKind.objects.get(code="md"), name="Maison des familles"
    )


def test_every_public_page_is_accessible(live_server, page_at, places):
    page = page_at(PHONE)
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        assert_accessible(page)


def test_the_main_pages_are_accessible_in_the_dark(live_server, page_at, places):
    page = page_at(DESK, "dark")
    for path in ("/", "/services/?quoi=mairie&ou=lille", "/services/ouverte/", "/api/v1/docs"):
        page.goto(f"{live_server.url}{path}")
        assert_accessible(page)


def test_without_javascript_the_whole_journey_works(live_server, page_at, places):
    page = page_at(PHONE, javascript=False)
    page.goto(live_server.url)
    expect(page.get_by_role("button", name="Autour de moi")).to_be_hidden()
    page.get_by_label("Quel service ?").fill("mairie")
    page.get_by_label("Où ?").fill("lille")
    page.get_by_role("button", name="Chercher", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mairie près de Lille")
    page.get_by_role("link", name="Accessible en fauteuil").click()
    expect(page.get_by_role("link", name="Mairie annexe")).to_have_count(0)
    page.get_by_role("link", name="Mairie de Lille").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mairie de Lille")
    page.get_by_text("Sonnez à l'interphone.").wait_for()
    page.get_by_role("link", name="Signaler une erreur").click()
    page.wait_for_url("**signaler**")


def test_the_journey_goes_by_keyboard_alone(live_server, page_at, places):
    page = page_at(DESK)
    page.goto(live_server.url)
    press_until(page, "Quel service ?")
    page.keyboard.type("mairie")
    page.keyboard.press("Tab")
    page.keyboard.type("lille")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/**")
    press_until(page, "Mairie de Lille")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/ouverte/")
    press_until(page, "Appeler le 03 20 00 00 00")


def press_until(page, name):
    """Tab to what a screen reader would announce so."""
    said = r"""() => {
        const here = document.activeElement;
        const label = here.labels && here.labels[0];
        const said = (label ? label.firstChild.textContent : here.textContent) || "";
        return said.replace(/\s+/g, " ").trim();
    }"""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(said) == name:
            return
    raise AssertionError(f"« {name} » n'est pas atteint au clavier")


def test_the_browser_s_position_is_asked_on_a_click_and_sent_rounded(live_server, page_at, places):
    page = page_at(PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 50.631234, "longitude": 3.061234})
    page.goto(live_server.url)
    page.get_by_label("Quel service ?").fill("mairie")
    page.get_by_role("button", name="Autour de moi").click()
    page.wait_for_url("**/services/**")
    assert "lat=50.631&lon=3.061" in page.url
    expect(page.get_by_role("heading", level=1)).to_have_text("Mairie près de vous")


def test_a_refused_position_is_explained_and_nothing_is_lost(live_server, page_at, places):
    page = page_at(PHONE)
    page.goto(f"{live_server.url}/services/?quoi=mairie&ou=lille")
    page.get_by_role("button", name="Autour de moi").click()
    page.get_by_text("Écrivez plutôt votre ville").wait_for()
    expect(page.get_by_label("Où ?")).to_have_value("lille")


def test_paper_keeps_the_facts_of_a_place(live_server, page_at, places):
    page = page_at(DESK)
    page.goto(f"{live_server.url}/services/ouverte/")
    page.emulate_media(media="print")
    for kept in ("1 place du Marché", "Les sept prochains jours", "03 20 00 00 00"):
        expect(page.get_by_text(kept).last).to_be_visible()
    expect(page.locator("footer")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/services/?quoi=mairie&ou=lille", "/services/ouverte/"])
def test_a_first_visit_weighs_little_beside_the_design_system(live_server, page_at, places, path):
    ours: dict[str, int] = {}

    def weigh(response):
        if "/dsfr/" not in response.url:
            ours[response.url] = len(response.body())

    page = page_at(PHONE)
    page.on("response", weigh)
    page.goto(f"{live_server.url}{path}", wait_until="networkidle")
    assert len(ours) >= 4
    assert sum(ours.values()) < FIRST_VISIT_BYTES, ours
