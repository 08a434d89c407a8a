"""`/donnees/` in a real browser: axe at both widths, keyboard, no JavaScript."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from guichet.publication.open_data import kept_files
from guichet.publication.tests.example_releases import publish_first, publish_second
from guichet.ui.tests.browser import PHONE, assert_accessible

pytestmark = pytest.mark.browser
OPEN_ALL = "document.querySelectorAll('main details').forEach(each => each.open = true)"
PAGES = ("/donnees/", "/donnees/millesimes/2026-04/")


@pytest.fixture
def two_releases(transactional_db, tmp_path, settings):
    settings.LAKE = tmp_path / "lake"
    publish_first()
    publish_second()
    kept_files.refresh_all()


def test_the_pages_are_accessible_and_work_without_scripts(two_releases, live_server, page_at):
    page = page_at(PHONE)
    for url in PAGES:
        page.goto(live_server.url + url)
        page.evaluate(OPEN_ALL)
        assert_accessible(page)
    page = page_at(PHONE, javascript=False)
    page.goto(live_server.url + "/donnees/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV compressé", exact=False).first.click()
    received = gzip.decompress(Path(waiting.value.path()).read_bytes())
    assert received.startswith(b"\xef\xbb\xbf")
