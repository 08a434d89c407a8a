"""Journeys in a real browser: passkeys, pages at phone and desk width, without JavaScript."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from playwright.sync_api import Page, expect

from guichet.accounts.models import SignIn
from guichet.accounts.tests.application import application_code
from guichet.accounts.tests.factories import UserFactory
from guichet.ui.tests.browser import assert_accessible

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_server):
    cache.clear()
    return live_server.url


@pytest.fixture
def person(live_server):
    return UserFactory(email="claire.martin@caf.example", full_name="Claire Martin")


def with_virtual_authenticator(page: Page, *, verified: bool = True) -> Page:
    """A passkey holder such as a telephone's, whose owner shows their finger, or does not."""
    developer_tools = page.context.new_cdp_session(page)
    developer_tools.send("WebAuthn.enable")
    developer_tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": verified,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def sign_in_by_code(page: Page, site: str, user, code_of, following: str = "") -> None:
    page.goto(f"{site}/agents/connexion/?next={following or '/agents/compte/'}")
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_role("button", name="Recevoir un code").click()
    asked = page.get_by_label("Code reçu par courriel")
    asked.wait_for()
    asked.fill(code_of(user.email))
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url(lambda address: "/connexion/code/" not in address)


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/agents/compte/")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()


def add_passkey(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/agents/compte/connexion/cles/ajouter/")
    page.get_by_label("Nom de la clé").fill(name)
    page.get_by_role("button", name="Créer la clé d'accès").click()
    expect(page.get_by_role("heading", name="Mes codes de secours")).to_be_visible()


def test_a_passkey_is_added_then_signs_in_alone(site, person, page_at, code_of, mailoutbox):
    page = with_virtual_authenticator(page_at(360))
    sign_in_by_code(page, site, person, code_of)
    add_passkey(page, site, "téléphone")
    assert "clé d'accès ajoutée" in mailoutbox[-1].subject
    page.goto(f"{site}/agents/compte/")
    expect(page.get_by_text("Clé d'accès « téléphone »")).to_be_visible()
    sign_out(page, site)

    page.goto(f"{site}/agents/connexion/?next=/agents/compte/")
    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()

    expect(page.get_by_text("(cette session)")).to_be_visible()
    assert SignIn.objects.filter(user=person).first().means == SignIn.Means.PASSKEY


def test_a_passkey_confirms_a_code(site, person, page_at, code_of):
    page = with_virtual_authenticator(page_at(1280))
    sign_in_by_code(page, site, person, code_of)
    add_passkey(page, site, "ordinateur")
    sign_out(page, site)

    sign_in_by_code(page, site, person, code_of)
    expect(page.get_by_role("heading", name="Confirmez que c'est bien vous")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Utiliser ma clé d'accès").click()

    expect(page.get_by_text("(cette session)")).to_be_visible()
    assert SignIn.objects.filter(user=person).first().means == SignIn.Means.SECURITY_KEY


def test_a_passkey_is_renamed_then_removed_after_a_recent_proof(site, person, page_at, code_of):
    page = with_virtual_authenticator(page_at(360))
    sign_in_by_code(page, site, person, code_of)
    add_passkey(page, site, "téléphone")
    sign_out(page, site)
    page.goto(f"{site}/agents/connexion/?next=/agents/compte/connexion/cles/")
    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()
    page.get_by_role("link", name="Renommer « téléphone »").click()
    page.get_by_role("button", name="Utiliser ma clé d'accès").click()
    page.get_by_label("Nom de la clé").fill("ancien téléphone")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Mes clés d'accès")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Retirer « ancien téléphone »").click()
    page.get_by_role("button", name="Retirer la clé").click()

    expect(page.get_by_text("Aucune clé d'accès", exact=True)).to_be_visible()


def test_a_refused_passkey_is_explained_on_the_page(site, person, page_at):
    page = with_virtual_authenticator(page_at(360), verified=False)
    page.goto(f"{site}/agents/connexion/")

    page.get_by_role("button", name="Se connecter avec une clé d'accès").click()

    expect(page.locator("#passkey-problem")).to_contain_text("recommencez, ou utilisez un code")


def test_everything_but_passkeys_works_without_javascript(site, person, page_at, code_of):
    page = page_at(360, javascript=False)
    sign_in_by_code(page, site, person, code_of)
    expect(page.get_by_role("heading", name="Mon compte")).to_be_visible()

    page.get_by_role("button", name="Fermer mes autres sessions").click()
    expect(page.get_by_text("Vos autres sessions sont fermées.")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("Vous êtes déconnecté.")).to_be_visible()
    page.goto(f"{site}/agents/connexion/")
    expect(page.get_by_text("Les clés d'accès demandent un navigateur récent")).to_be_visible()
    expect(page.get_by_role("button", name="Se connecter avec une clé d'accès")).to_be_hidden()


def test_the_pages_of_signing_in_are_accessible(site, person, page_at, code_of):
    page = page_at(360)
    page.goto(f"{site}/agents/connexion/")
    assert_accessible(page)
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_text("Écrivez votre adresse électronique.").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Adresse électronique").fill(person.email)
    page.get_by_role("button", name="Recevoir un code").click()
    expect(page.get_by_role("heading", name="Saisissez le code")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code reçu par courriel").fill("abc")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_text("Ce code n'est pas le bon").first).to_be_visible()
    assert_accessible(page)
    page.goto(f"{site}/agents/connexion/compte-ferme/")
    assert_accessible(page)


def test_the_pages_of_ones_own_account_are_accessible(site, person, page_at, code_of):
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    page = page_at(360)
    sign_in_by_code(page, site, person, code_of)
    page.get_by_label("Code de votre application").fill(application_code(SECRET))
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", name="Mon compte")).to_be_visible()
    assert_accessible(page)
    page.goto(f"{site}/agents/compte/connexion/codes/")
    expect(page.get_by_role("heading", name="Confirmez que c'est bien vous")).to_be_visible()
    assert_accessible(page)
    cache.clear()
    page.get_by_label("Code de votre application").fill(application_code(SECRET))
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", name="Mes codes de secours")).to_be_visible()
    for address in (
        "compte/connexion/codes/",
        "compte/connexion/codes/renouveler/",
        "compte/connexion/",
        "compte/connexion/cles/",
        "compte/connexion/cles/ajouter/",
        "compte/connexion/application/retirer/",
        "deconnexion/",
    ):
        page.goto(f"{site}/agents/{address}")
        expect(page).to_have_url(f"{site}/agents/{address}")
        assert_accessible(page)


def test_the_page_of_the_application_is_accessible(site, person, page_at, code_of):
    page = page_at(360)
    sign_in_by_code(page, site, person, code_of, "/agents/compte/connexion/application/")
    expect(page.get_by_role("img", name=re.compile("Carré à lire"))).to_be_visible()

    assert_accessible(page)
