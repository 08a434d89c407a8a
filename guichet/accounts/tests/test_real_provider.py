"""ProConnect's part played by a certified OpenID provider (npm `oidc-provider`), over HTTP."""

from __future__ import annotations

import re

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from guichet.accounts.models import ProviderIdentity, SignIn
from guichet.accounts.tests.factories import UserFactory
from guichet.accounts.tests.fake_provider import query_of
from guichet.accounts.tests.oidc_provider import real_provider

LEAVE = "/agents/connexion/proconnect/"
RETURN = "/agents/connexion/proconnect/retour/"
LOGGED_OUT = "/agents/deconnexion/proconnect/retour/"
LEVEL = "https://proconnect.gouv.fr/assurance/consistency-checked-2fa"
EMAIL = "claire.martin@caf.example"

pytestmark = pytest.mark.ci_only


def configure(settings, issuer: str) -> None:
    settings.PROCONNECT_ISSUER = issuer
    settings.PROCONNECT_CLIENT_ID = "guichet"
    settings.PROCONNECT_CLIENT_SECRET = "a-secret-shared-with-the-peer-only"


@pytest.fixture(scope="module")
def issuer():
    with real_provider(f"http://testserver{RETURN}", f"http://testserver{LOGGED_OUT}") as address:
        yield address


@pytest.fixture
def provider(db, settings, issuer):
    configure(settings, issuer)
    return issuer


def sign_in_there(client: Client, **person: str) -> str:
    """Leave our site, sign in at the provider as a browser would; the address it sends back to."""
    browser = requests.Session()
    page = browser.get(client.get(LEAVE)["Location"], timeout=10)
    answer = browser.post(page.url, data=person, allow_redirects=False, timeout=10)
    while not (place := answer.headers["Location"]).startswith("http://testserver/"):
        answer = browser.get(
            requests.compat.urljoin(answer.url, place), allow_redirects=False, timeout=10
        )
    return place


def come_back(client: Client, **person: str):
    address = sign_in_there(client, **person)
    return client.get(RETURN, query_of(address))


def test_the_signed_userinfo_of_a_certified_provider_signs_in(client, provider):
    user = UserFactory(email=EMAIL, full_name="")

    response = come_back(client, sub="claire", email=EMAIL)

    assert response["Location"] == "/agents/"
    assert client.get("/agents/compte/").status_code == 200
    assert ProviderIdentity.objects.get(user=user).subject == "claire"
    user.refresh_from_db()
    assert user.full_name == "Claire Martin"


def test_the_provider_really_signs_its_userinfo(client, provider, monkeypatch):
    UserFactory(email=EMAIL)
    kinds = []
    honest = requests.get

    def watched(url, **kwargs):
        response = honest(url, **kwargs)
        kinds.append(response.headers["Content-Type"])
        return response

    address = sign_in_there(client, sub="claire", email=EMAIL)
    monkeypatch.setattr(requests, "get", watched)
    client.get(RETURN, query_of(address))

    assert any(kind.startswith("application/jwt") for kind in kinds)


def test_somebody_not_invited_stays_out(client, provider):
    response = come_back(client, sub="inconnu", email="inconnu@caf.example")

    assert response.status_code == 403
    assert "inconnu@caf.example" in response.content.decode()


def test_another_identity_with_the_same_address_stays_out(client, provider):
    UserFactory(email=EMAIL)
    come_back(Client(), sub="claire", email=EMAIL)

    response = come_back(client, sub="homonyme", email=EMAIL)

    assert response.status_code == 403
    assert "autre identité" in response.content.decode()


def test_a_level_of_assurance_is_reached_or_refused(client, provider, settings):
    UserFactory(email=EMAIL)
    settings.PROCONNECT_ACR = [LEVEL]

    assert come_back(client, sub="claire", email=EMAIL, acr=LEVEL)["Location"] == "/agents/"

    visitor = Client()
    settings.PROCONNECT_ACR = []
    address = sign_in_there(visitor, sub="claire", email=EMAIL)
    settings.PROCONNECT_ACR = [LEVEL]
    assert visitor.get(RETURN, query_of(address)).status_code == 400


def test_a_code_of_the_provider_serves_once(client, provider):
    UserFactory(email=EMAIL)
    address = sign_in_there(client, sub="claire", email=EMAIL)
    assert client.get(RETURN, query_of(address)).status_code == 302
    thief = Client()
    state = query_of(thief.get(LEAVE)["Location"])["state"]

    response = thief.get(RETURN, {**query_of(address), "state": state})

    assert response.status_code == 502
    assert SignIn.objects.count() == 1


def test_pkce_is_accepted_by_a_certified_provider(client, provider, settings):
    UserFactory(email=EMAIL)
    settings.PROCONNECT_PKCE = True

    assert come_back(client, sub="claire", email=EMAIL)["Location"] == "/agents/"


@pytest.mark.browser
def test_a_person_signs_in_and_out_in_a_browser(live_server, page_at, settings):
    cache.clear()
    user = UserFactory(email=EMAIL)
    site = live_server.url
    with real_provider(f"{site}{RETURN}", f"{site}{LOGGED_OUT}") as issuer:
        configure(settings, issuer)
        page = page_at(1280)
        page.goto(f"{site}/agents/compte/")
        page.get_by_role("link", name="S'identifier avec ProConnect").click()
        page.get_by_label("sub").fill("claire")
        page.get_by_label("email").fill(EMAIL)
        page.get_by_role("button", name="Continuer").click()
        expect(page).to_have_url(f"{site}/agents/compte/")
        expect(page.get_by_text("(cette session)")).to_be_visible()
        assert ProviderIdentity.objects.get().user == user

        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url(re.compile(rf"{issuer}/session/end"))
        page.locator("button[name=logout][value=yes]").click()
        expect(page.get_by_text("de ce site et de ProConnect")).to_be_visible()
        page.goto(f"{site}/agents/compte/")
        expect(page).to_have_url(re.compile(r"/agents/connexion/"))
