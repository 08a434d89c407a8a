"""The public pages of stories in a real browser: no axe violation, nothing wider than a phone."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.models import SecondWord
from guichet.experiences.reading.figures import count_all
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.ui.tests.browser import DESK, PHONE, assert_accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(tell):
    """Of a story with an answer and all that may follow it."""
    place = StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))
    story = tell(place, description="Avec [nom].\n\nDeux heures debout.", same_count=2)
    PromiseFactory(reply=ReplyFactory(addressee=story.addressees.get(), was_useful=True))
    SecondWord.objects.create(experience=story, text="Merci.", published_at=timezone.now())
    count_all()
    return story.get_absolute_url()


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_pages_of_stories_are_accessible(live_server, page_at, address, width, scheme):
    page = page_at(width, scheme)
    for path in (
        "/experiences/",
        "/experiences/?q=introuvable&ou=Zzyzx&reponse=oui",
        address,
        "/experiences/services/caf-lille/",
        "/experiences/territoires/59/",
    ):
        page.goto(live_server.url + path)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_search_needs_no_script(live_server, page_at, address):
    page = page_at(PHONE, javascript=False)
    page.goto(f"{live_server.url}/experiences/")
    page.get_by_label("Mots du récit").fill("heures debout")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name="Deux heures d'attente").click()
    expect(page).to_have_url(live_server.url + address)
