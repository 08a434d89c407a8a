"""Display and posters in a real browser: axe at both widths, then a lead without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from guichet.directory.models import Network, Role, Structure
from guichet.directory.tests.factories import someone
from guichet.publication.actions.poster_archives import make_posters
from guichet.publication.models import DisplayConfirmation, PosterArchive
from guichet.publication.tests.factories import example_release
from guichet.ui.tests.browser import PHONE, assert_accessible

pytestmark = pytest.mark.browser
DISPLAY = "/agents/structures/S01/affichage/"
POSTERS = "/agents/reseaux/REL/affiches/"


@pytest.fixture
def lead(transactional_db, tmp_path, settings):
    settings.LAKE = tmp_path / "lake"
    example_release()
    return someone(Role.LEAD, Network.objects.get(code="REL"))


def test_the_pages_are_accessible(lead, live_server, signed_in_at):
    site = Structure.objects.get(code="S01")
    DisplayConfirmation.objects.create(structure=site, displayed_on="2026-11-02", by=lead)
    network = site.network
    PosterArchive.objects.create(network=network, release_name="2026-04", total=12, done=5)
    page = signed_in_at(lead, PHONE)
    for url in (DISPLAY, POSTERS):
        page.goto(live_server.url + url)
        assert_accessible(page)


def test_without_javascript_a_lead_gets_the_posters_and_confirms_a_display(
    lead, live_server, signed_in_at
):
    page = signed_in_at(lead, PHONE, javascript=False)
    page.goto(live_server.url + POSTERS)
    page.get_by_text("A3", exact=True).click()
    page.get_by_role("button", name="Préparer toutes les affiches").click()
    look_again = page.get_by_role("link", name="Actualiser cette liste")
    expect(look_again).to_be_visible()
    make_posters(PosterArchive.objects.get())
    look_again.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Télécharger", exact=False).click()
    assert Path(waiting.value.path()).read_bytes().startswith(b"PK")
    page.goto(live_server.url + DISPLAY)
    page.get_by_role("button", name="Confirmer l'affichage").click()
    expect(page.get_by_text("Les résultats sont affichés", exact=True)).to_be_visible()
