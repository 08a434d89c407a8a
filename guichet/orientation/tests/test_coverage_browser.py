"""The pages of coverage in a real browser: axe at both widths, without JavaScript, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from guichet.directory.tests.factories import KindFactory
from guichet.orientation.coverage.measures import measure_coverage
from guichet.orientation.tests.coverage_country import FRANCE_SERVICES, house, make_country
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible, browser, page_at  # noqa: F401

pytestmark = pytest.mark.browser

ADDRESS = "/orientation/couverture/"


@pytest.fixture
def measured(transactional_db, no_territories):
    make_country()
    house("nowhere", "01001", None)
    house("office", "29155", 46.05, kind=KindFactory(code="caf"))
    for kind, minutes in ((FRANCE_SERVICES, 30), (FRANCE_SERVICES, 20), ("caf", 30)):
        measure_coverage(kind, minutes)


def test_every_page_is_accessible(live_server, measured, page_at):  # noqa: F811
    page = page_at(PHONE)
    for path in ("", "?tri=nom", "39/", "29/", "01/", "984/", "?type=mairie", "39/?type=mairie"):
        page.goto(f"{live_server.url}{ADDRESS}{path}")
        assert_accessible(page)


def test_from_the_nation_to_the_communes_left_out_without_javascript(
    live_server,
    measured,
    page_at,  # noqa: F811
):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}{ADDRESS}")
    page.get_by_label("Type de lieu", exact=True).select_option("caf")
    page.get_by_role("button", name="Voir").click()
    page.wait_for_url("**/couverture/?type=caf")
    page.get_by_role("link", name="Jura (39)").click()
    page.wait_for_url("**/couverture/39/?type=caf")
    expect(page.get_by_role("row", name="Loin 300")).to_be_visible()


def test_the_files_are_downloaded(live_server, measured, page_at):  # noqa: F811
    page = page_at(DESK)
    page.goto(f"{live_server.url}{ADDRESS}?minutes=20")
    with page.expect_download() as download:
        page.get_by_role("link", name="Communes à l'écart").click()
    assert "20-minutes" in download.value.suggested_filename
    assert download.value.suggested_filename.endswith("-communes.csv")
