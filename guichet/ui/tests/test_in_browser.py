"""The gallery in a real browser: accessible in both schemes and widths, by keyboard, without
JavaScript, light on a first visit.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Response, expect

from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = pytest.mark.browser

WIDTHS = [PHONE, DESK]
PAGES = ["/", "/lieu/", "/resultats/", "/agents/", "/connexion/", "/refuse/", "/absent/"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_component_is_accessible(gallery_site, page_at, width, scheme):
    page = page_at(width, scheme)
    page.goto(gallery_site)
    assert page.evaluate("document.documentElement.getAttribute('data-fr-theme')") == scheme
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES[1:])
def test_pages_are_accessible_on_a_phone_with_the_menu_open(gallery_site, page_at, path):
    page = page_at(PHONE)
    page.goto(f"{gallery_site}{path}")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_have_count(1)
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("number", [1, 20])
def test_the_ends_of_a_list_of_pages_are_readable(gallery_site, page_at, number, scheme):
    page = page_at(DESK, scheme)
    page.goto(f"{gallery_site}/resultats/?page={number}")
    assert_accessible(page)


def test_the_first_stop_of_the_keyboard_is_the_skip_link_and_it_shows(gallery_site, page_at):
    page = page_at(DESK)
    page.goto(f"{gallery_site}/lieu/")
    page.keyboard.press("Tab")
    assert focused_text(page) == "Contenu"
    assert has_visible_outline(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused_text(page) == "Prendre rendez-vous"
    assert has_visible_outline(page)


def test_focus_is_visible_at_each_stop_of_the_keyboard(gallery_site, page_at):
    page = page_at(DESK)
    page.goto(f"{gallery_site}/resultats/")
    for _ in range(25):
        page.keyboard.press("Tab")
        assert has_visible_outline(page), focused_text(page)


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(gallery_site, page_at):
    page = page_at(PHONE)
    page.goto(f"{gallery_site}/lieu/")
    menu = page.get_by_role("navigation", name="Menu principal")
    burger = page.get_by_role("button", name="Menu")
    expect(menu).to_be_hidden()
    burger.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    expect(burger).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert focused_text(page) == "Menu"


def test_the_emergency_numbers_are_one_click_away_on_a_phone(gallery_site, page_at):
    for javascript in (True, False):
        page = page_at(PHONE, javascript=javascript)
        page.goto(f"{gallery_site}/lieu/")
        to_numbers = page.locator('header a[href="/urgences/"]:visible')
        expect(to_numbers).to_have_count(1)


def test_rows_of_fields_keep_their_distance_on_a_phone(gallery_site, page_at):
    page = page_at(PHONE)
    page.goto(f"{gallery_site}/champs/")
    fields = [box for one in page.locator(".ui-field").all() if (box := one.bounding_box())]
    tops = [field["y"] for field in fields]
    ends = [field["y"] + field["height"] for field in fields]
    gaps = [top - end for top, end in zip(tops[1:], ends, strict=False)]
    assert len(gaps) == 4
    assert min(gaps) >= 16


def test_the_skip_link_to_the_search_opens_what_hides_it(gallery_site, page_at):
    page = page_at(PHONE)
    page.goto(f"{gallery_site}/lieu/")
    page.locator('a[href="#recherche"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator("#recherche-q")).to_be_visible()


def test_without_javascript_everything_is_within_reach(gallery_site, page_at):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{gallery_site}/lieu/")
    heading = page.get_by_role("heading", level=1)
    assert heading.bounding_box()["y"] < page.viewport_size["height"] / 2
    page.goto(f"{gallery_site}/agents/")
    page.get_by_role("banner").get_by_role("link", name="Menu", exact=True).click()
    expect(page.get_by_role("navigation", name="Menu principal")).to_be_visible()
    expect(page.locator("#recherche-q")).to_be_visible()
    page.get_by_role("navigation", name="Espace des agents").get_by_role("link").click()
    expect(page.get_by_role("link", name="Équipe et rôles")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_have_count(0)
    page.goto(f"{gallery_site}/lieu/")
    expect(page.get_by_text("24, 25 et 31 décembre")).to_be_hidden()
    page.get_by_text("Trois fermetures").click()
    expect(page.get_by_text("24, 25 et 31 décembre")).to_be_visible()


def test_a_dangerous_button_asks_before_it_sends(gallery_site, page_at):
    page = page_at(DESK, javascript=False)
    page.goto(gallery_site)
    confirm = page.get_by_role("button", name="Confirmer : Fermer ce lieu")
    expect(confirm).to_be_hidden()
    page.get_by_text("Fermer ce lieu", exact=True).click()
    expect(confirm).to_be_visible()


def test_paper_shows_the_content_alone(gallery_site, page_at):
    page = page_at(DESK)
    page.goto(f"{gallery_site}/lieu/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for hidden in ("header.ui-header", "footer", ".ui-actions", ".ui-emergency"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_table_stacked_on_a_phone_keeps_its_rows_on_paper(gallery_site, page_at):
    page = page_at(PHONE)
    page.goto(gallery_site)
    table = page.locator(".ui-table").first
    table.evaluate("one => one.classList.add('ui-table--stacked')")
    row = table.locator("tbody tr").first
    drawn = "one => getComputedStyle(one).display"
    assert row.evaluate(drawn) == "block"
    page.emulate_media(media="print")
    assert row.evaluate(drawn) == "table-row"


def test_a_first_visit_weighs_little_beside_the_design_system(gallery_site, page_at):
    ours: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if "/dsfr/" not in response.url:
            ours[response.url] = len(response.body())

    page = page_at(PHONE)
    page.on("response", weigh)
    page.goto(f"{gallery_site}/lieu/", wait_until="networkidle")
    assert len(ours) >= 3
    assert sum(ours.values()) < 60_000, ours


def focused_text(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def has_visible_outline(page: Page) -> bool:
    """True when the focused element, or the part of it that stands for it, is outlined."""
    return bool(
        page.evaluate(
            """() => {
                const shown = (style) =>
                    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                const element = document.activeElement;
                return [null, "::before", "::after"].some(
                    (part) => shown(getComputedStyle(element, part)));
            }"""
        )
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('<html lang="fr"><title>a</title><main><h1>a</h1><img src="data:,"></main>', "image-alt"),
        (
            '<html lang="fr"><title>a</title><main><h1>a</h1><p style="width: 2000px">a</p></main>',
            "déborde",
        ),
    ],
)
def test_the_check_of_accessibility_can_fail(page_at, content, told):
    page = page_at(PHONE)
    page.set_content(f"<!doctype html>{content}")
    with pytest.raises(AssertionError, match=told):
        assert_accessible(page)
