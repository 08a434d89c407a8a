"""Results in a real browser: found by town, read, compared, copied; accessible and light."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from guichet.directory.models import Structure
from guichet.publication.tests.factories import example_release
from guichet.publication.tests.reading_pages import forget_kept
from guichet.territories.models import Commune
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/resultats/",
    "/resultats/?ou=Lille",
    "/resultats/S01/",
    "/resultats/S04/",
    "/resultats/S13/",
    "/resultats/reseaux/REL/?indicateur=decroche",
    "/resultats/territoires/59/",
)


@pytest.fixture
def release(db, settings, tmp_path):
    settings.LAKE = tmp_path
    forget_kept()
    found = example_release(is_demonstration=True)
    Commune.objects.filter(pk="59350").update(latitude=50.63, longitude=3.05)
    Structure.objects.filter(code="S01").update(
        latitude=50.63, longitude=3.05, position_source="source", town="Lille"
    )
    return found


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_pages_are_accessible(live_server, page_at, release, width, scheme):
    page = page_at(width, scheme)
    for path in PAGES:
        page.goto(f"{live_server.url}{path}")
        for summary in page.locator(".ui-more > summary").all():
            summary.click()
        assert_accessible(page)


def test_a_visitor_finds_a_place_reads_its_figure_and_goes_on_to_the_network(
    live_server, page_at, release
):
    page = page_at(PHONE)
    page.goto(f"{live_server.url}/resultats/")
    page.get_by_label("Où ?").fill("Lille")
    page.get_by_role("button", name="Chercher", exact=True).last.click()
    page.get_by_role("link", name="Guichet fictif de Lille").click()
    expect(page.get_by_text("262 usagers satisfaits sur 326 interrogés").first).to_be_visible()
    page.get_by_text("Tous les chiffres, la méthode, le calcul").first.click()
    expect(page.get_by_text("Recalculer ce chiffre").first).to_be_visible()
    page.get_by_role("link", name="Tout le réseau").click()
    page.get_by_role("link", name="Par comparaison").click()
    first = page.get_by_role("table", name="1er trimestre").locator("tbody tr").first
    expect(first).to_contain_text("Clermont-Ferrand")


def test_the_whole_journey_works_without_javascript(live_server, page_at, release):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}/resultats/?ou=Lille")
    page.get_by_role("link", name="Guichet fictif de Lille").click()
    page.get_by_text("Tous les chiffres, la méthode, le calcul").first.click()
    expect(page.get_by_text("python3 verify.py").first).to_be_visible()


def test_paper_has_the_calculation_opened_and_whole_addresses(live_server, page_at, release):
    """As a browser prints it, from a page where nothing was opened."""
    page = page_at(DESK)
    page.goto(f"{live_server.url}/resultats/S01/", wait_until="domcontentloaded")
    expect(page.get_by_text("Recalculer ce chiffre").first).to_be_hidden()
    link = page.locator(".ui-more a[href^='/donnees/']").first.get_attribute("href")
    printed = "".join(words_on_paper(page).split())
    assert "Recalculercechiffre" in printed
    assert "python3verify.py" in printed
    assert f"({live_server.url}{link})" in printed
    assert f"({link})" not in printed


def test_paper_without_javascript_has_the_calculation_and_the_addresses_as_written(
    live_server, page_at, release
):
    page = page_at(DESK, javascript=False)
    page.goto(f"{live_server.url}/resultats/S01/", wait_until="domcontentloaded")
    link = page.locator(".ui-more a[href^='/donnees/']").first.get_attribute("href")
    printed = "".join(words_on_paper(page).split())
    assert "Recalculercechiffre" in printed
    assert f"({link})" in printed


def words_on_paper(page) -> str:
    pages = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    return "\n".join(one.extract_text() for one in pages)


def test_charts_are_seen_and_the_end_of_a_scale_stands_under_its_end(live_server, page_at, release):
    page = page_at(DESK)
    page.goto(f"{live_server.url}/resultats/S01/")
    line = page.locator(".ui-dots__track").first.bounding_box()
    ends = page.locator(".ui-dots__ends").first.bounding_box()
    assert line["x"] + line["width"] == pytest.approx(ends["x"] + ends["width"], abs=1)
    chart = page.locator("img.ui-chart").first
    chart.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth > 0", arg=chart.element_handle())


def test_another_site_shows_the_card(live_server, page_at, release):
    page = page_at(DESK)
    page.goto(f"{live_server.url}/resultats/S01/carte/")
    assert_accessible(page)
    expect(page.get_by_text("80,4")).to_be_visible()


@pytest.mark.parametrize("code", ["S01", "S04", "S09", "S13"])
def test_the_frame_to_paste_holds_the_whole_card(live_server, page_at, release, code):
    page = page_at(DESK)
    page.goto(f"{live_server.url}/resultats/{code}/")
    told = page.locator("#code-carte").input_value()
    width, height = (int(re.search(rf'{name}="(\d+)"', told)[1]) for name in ("width", "height"))
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{live_server.url}/resultats/{code}/carte/")
    assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_a_first_visit_weighs_little(live_server, page_at, release):
    """Beyond the design system's own files, under 150 kB."""
    page = page_at(PHONE)
    sizes = []

    def weigh(response):
        if "/static/dsfr/" not in response.url and response.status == 200:
            sizes.append(len(response.body()))

    page.on("response", weigh)
    page.goto(f"{live_server.url}/resultats/S01/", wait_until="networkidle")
    assert 0 < sum(sizes) < 150_000
