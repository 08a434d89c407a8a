"""The publisher's way in a real browser: prepare, publish, follow, read the edition."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from guichet.publication.actions.releases import publish_asked
from guichet.publication.models import Release
from guichet.publication.tests.factories import ReleaseFactory
from guichet.publication.tests.small_releases import prepare, publish, send
from guichet.publication.views import releases
from guichet.ui.tests.browser import PHONE, assert_accessible, assert_no_table_scrolls

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


def test_a_publisher_prepares_publishes_and_reads_an_edition(
    live_server, publisher, signed_in_at, monkeypatch
):
    # So that nothing moves while axe reads.
    monkeypatch.setattr(releases, "REFRESH_SECONDS", "600")
    prepare()
    publish("2026-T1")
    send(20, ("S09", "2026-03", 500, 640), ("S09", "2026-04", 500, 640))
    ReleaseFactory(
        name="2026-03", state="failed", published_at=None, failure="Le disque est plein."
    )
    page = signed_in_at(publisher, PHONE)
    page.goto(f"{live_server.url}/agents/editions/")
    assert_accessible(page)
    assert_no_table_scrolls(page)
    page.get_by_role("link", name="Préparer une édition").click()
    page.get_by_label("Dernier jour couvert").fill("2026-04-30")
    page.get_by_role("button", name="Voir jusqu'à ce jour").click()
    page.wait_for_url("**/?through=2026-04-30", wait_until="load")
    assert_accessible(page)
    assert_no_table_scrolls(page)
    page.get_by_label("Nom de l'édition").fill("2026-04")
    page.get_by_label("Note").fill("Mars de Clermont-Ferrand corrigé.")
    page.get_by_role("button", name="Publier cette édition").click()
    page.wait_for_url("**/agents/editions/2026-04/", wait_until="load")
    expect(page.get_by_text("En attente")).to_be_visible()
    assert_accessible(page)
    publish_asked(Release.objects.get(name="2026-04").pk)
    page.get_by_role("link", name="Actualiser").click()
    page.get_by_text("le public la lit").wait_for()
    assert_accessible(page)
    expect(page.get_by_text("Mars de Clermont-Ferrand corrigé.")).to_be_visible()
