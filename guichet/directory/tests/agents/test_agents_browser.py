"""Every page of the agents' work on structures: accessible on a phone and on a desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guichet.directory.actions.closures import DifferingDays, announce_days
from guichet.directory.actions.corrections import confirm_structure, correct_structure
from guichet.directory.tests.factories import ErrorReportFactory
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

PAGES = (
    "/agents/",
    "/agents/structures/",
    "/agents/structures/caf-lille/",
    "/agents/structures/caf-lille/corriger/adresse/",
    "/agents/structures/caf-lille/corriger/joindre/",
    "/agents/structures/caf-lille/corriger/distance/",
    "/agents/structures/caf-lille/corriger/presentation/",
    "/agents/structures/caf-lille/horaires/",
    "/agents/structures/caf-lille/jours/",
    "/agents/structures/caf-lille/membres/",
    "/agents/signalements/",
    "/agents/programme/",
    "/agents/programme/creer/",
    "/agents/programme/structures/caf-lille/rattacher/",
    "/agents/programme/structures/caf-lille/fusionner/",
    "/agents/programme/structures/caf-lille/scinder/",
    "/agents/programme/structures/caf-lille/fermer/",
    "/services/caf-lille/signaler/",
)
WIDE_PAGES = (
    "/agents/structures/caf-lille/",
    "/agents/structures/caf-lille/corriger/joindre/",
    "/agents/programme/",
)


@pytest.fixture
def busy_site(site, sibling, manager):
    """A structure to which everything has happened."""
    ErrorReportFactory(structure=site)
    correct_structure(structure=site, by=manager, town="Lomme", latitude=50.7)
    confirm_structure(structure=site, by=manager)
    tomorrow = timezone.localdate() + timedelta(days=1)
    days = DifferingDays(tomorrow, tomorrow, reason="Travaux")
    announce_days(structures=[site], days=days, by=manager)
    return site


@pytest.mark.browser
def test_every_page_is_accessible_and_fits_a_phone(
    live_server, signed_in_at, busy_site, administrator
):
    page = signed_in_at(administrator, PHONE)
    report = busy_site.error_reports.get()
    for path in (*PAGES, f"/agents/structures/caf-lille/signalements/{report.pk}/"):
        page.goto(f"{live_server.url}{path}")
        assert_accessible(page)


@pytest.mark.browser
@pytest.mark.parametrize("path", WIDE_PAGES)
def test_pages_that_change_at_desk_width_stay_accessible(
    live_server, signed_in_at, busy_site, administrator, path
):
    page = signed_in_at(administrator, DESK)
    page.goto(f"{live_server.url}{path}")
    assert_accessible(page)


@pytest.mark.browser
def test_a_wrong_form_leads_to_the_line_to_mend(live_server, signed_in_at, site, manager):
    page = signed_in_at(manager, PHONE)
    page.goto(f"{live_server.url}/agents/structures/caf-lille/horaires/")
    page.get_by_label("Mardi").first.fill("9h-8h")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="Mardi").click()
    expect(page.locator("#id_walk_in_1")).to_be_focused()


@pytest.mark.browser
def test_days_are_announced_and_withdrawn_without_javascript(
    live_server, signed_in_at, site, manager
):
    page = signed_in_at(manager, PHONE, javascript=False)
    page.goto(f"{live_server.url}/agents/structures/caf-lille/")
    menu = page.get_by_role("navigation", name="Espace des agents")
    expect(menu.get_by_role("link")).to_have_count(1)
    menu.get_by_role("link", name="Espace des agents").click()
    expect(menu.get_by_role("link", name="Se déconnecter")).to_be_visible()
    page.get_by_role("link", name="Annoncer une fermeture").click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Premier jour").fill(tomorrow.isoformat())
    page.get_by_label("Motif").fill("Travaux")
    page.get_by_role("button", name="Annoncer").click()
    expect(page.get_by_text("Fermé – Travaux")).to_be_visible()
    page.get_by_text("Retirer", exact=True).click()
    page.get_by_role("button", name="Confirmer : Retirer").click()
    expect(page.get_by_text("Aucun jour particulier")).to_be_visible()
