"""The team's pages in a real browser: without JavaScript, on a phone, as axe reads them."""

from __future__ import annotations

import pytest

from guichet.orientation.models import Event, MissedSearch, Need, Tally
from guichet.orientation.tests.factories import MissedSearchFactory, UnknownWordFactory
from guichet.orientation.tests.team.conftest import TEAM
from guichet.ui.tests.browser import PHONE, assert_accessible

pytestmark = pytest.mark.browser


def test_every_page_is_accessible(live_server, signed_in_at, moderator):
    search, word = MissedSearchFactory(text="rsa du voisin"), UnknownWordFactory()
    need = Need.objects.get(code="demander-rsa")
    for event in Event:
        Tally.objects.create(day=search.last_on, event=event, need=need, kind_id="caf", count=3)
    page = signed_in_at(moderator, PHONE)
    for path in (
        "?essai=demander+le+RSA",
        "recherches/",
        f"recherches/{search.pk}/ajouter/",
        "besoins/?q=rsa",
        f"besoins/creer/?recherche={search.pk}",
        "besoins/demander-rsa/?essai=rsa",
        "synonymes/",
        f"synonymes/ajouter/?mot={word.pk}",
    ):
        page.goto(f"{live_server.url}{TEAM}{path}")
        assert_accessible(page)


def test_missed_words_become_a_need_without_javascript(live_server, signed_in_at, moderator):
    MissedSearchFactory(text="mon frouzbi")
    page = signed_in_at(moderator, PHONE, javascript=False)
    page.goto(f"{live_server.url}{TEAM}recherches/")
    page.get_by_role("link", name="Créer un besoin avec ces mots").click()
    page.locator("[name=title]").fill("Demander un frouzbi")
    page.get_by_label("Type du service 1").fill("Mairie")
    page.get_by_label("Pourquoi ce service").first.fill("Elle le tamponne.")
    page.get_by_role("button", name="Créer le besoin").click()
    page.get_by_role("alert").get_by_text("Choisissez un thème.").wait_for()
    page.get_by_label("Thème").select_option("Argent, aides, dettes")
    page.get_by_role("button", name="Créer le besoin").click()
    page.get_by_text("est proposé.").wait_for()
    page.get_by_text("Essayer la recherche").click()
    page.get_by_label("Ce que répond la recherche").fill("frouzbi")
    page.get_by_role("button", name="Essayer").click()
    page.get_by_text("Réponse sûre").wait_for()
    assert MissedSearch.objects.get().settled_at is not None
