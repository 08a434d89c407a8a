"""Authentication application, recovery codes, reset by an administrator."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from guichet.accounts import actions, queries
from guichet.accounts.models import AuditEvent, ProviderIdentity, SignIn
from guichet.accounts.tests.application import application_code
from guichet.accounts.tests.factories import UserFactory

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VERIFY = "/agents/connexion/verification/"
ACTIVATE = "/agents/compte/connexion/application/"


def code_now() -> str:
    return application_code(SECRET)


@pytest.fixture
def protected(owner):
    """An account with an application and recovery codes."""
    TOTP.activate(owner, SECRET)
    RecoveryCodes.activate(owner)
    return owner


def recovery_codes(user) -> list[str]:
    authenticator = Authenticator.objects.get(user=user, type="recovery_codes")
    return authenticator.wrap().get_unused_codes()


def test_the_reference_vector_of_the_standard_is_reproduced():
    # RFC 6238, appendix B: T = 59 s, SHA-1, 94287082 with 8 digits.
    assert format_hotp_value(hotp_value(SECRET, 59 // 30)) == "287082"


def test_an_application_is_added_told_and_kept_in_the_audit(
    client, owner, mailoutbox, django_capture_on_commit_callbacks
):
    client.force_login(owner)
    page = client.get(ACTIVATE)
    secret = page.context["form"].secret
    code = application_code(secret)

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(ACTIVATE, {"code": code})

    assert response["Location"] == "/agents/compte/connexion/codes/"
    assert {line.kind for line in queries.authenticators_of(owner)} == {
        "Application d'authentification",
        "Codes de secours",
    }
    added = AuditEvent.objects.filter(action="authenticator.added", actor=owner)
    assert added.count() == 2
    assert "application d'authentification ajoutée" in mailoutbox[-1].subject


def test_a_wrong_code_adds_nothing(client, owner):
    client.force_login(owner)
    client.get(ACTIVATE)

    page = client.post(ACTIVATE, {"code": "000000"})

    assert "pas le bon" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_the_code_of_the_mail_is_not_enough_for_a_protected_account(client, protected, sign_in):
    response = sign_in(client, protected)

    assert response["Location"] == VERIFY
    assert client.get("/agents/compte/").status_code == 302


def test_the_application_opens_a_protected_account(client, protected, sign_in):
    sign_in(client, protected)

    response = client.post(VERIFY, {"code": code_now()})

    assert response["Location"] == "/agents/"
    assert SignIn.objects.get().means == SignIn.Means.TOTP


def test_a_code_of_the_application_serves_once(protected, sign_in):
    code = code_now()
    first, second = Client(), Client()
    sign_in(first, protected)
    first.post(VERIFY, {"code": code})
    sign_in(second, protected)

    page = second.post(VERIFY, {"code": code})

    assert "pas le bon" in page.content.decode()
    assert SignIn.objects.count() == 1


def test_a_recovery_code_serves_once(protected, sign_in):
    code = recovery_codes(protected)[0]
    first, second = Client(), Client()
    sign_in(first, protected)
    sign_in(second, protected)

    assert first.post(VERIFY, {"code": code})["Location"] == "/agents/"
    assert "pas le bon" in second.post(VERIFY, {"code": code}).content.decode()
    assert SignIn.objects.get().means == SignIn.Means.RECOVERY


def test_guessing_the_code_of_the_application_is_limited(protected, sign_in):
    attacker = Client()
    sign_in(attacker, protected)
    for _ in range(5):
        attacker.post(VERIFY, {"code": "000000"})

    page = attacker.post(VERIFY, {"code": code_now()})

    assert "Trop d&#x27;essais" in page.content.decode()
    assert not SignIn.objects.exists()


def test_secrets_are_not_readable_in_the_database(protected):
    stored = [str(one.data) for one in Authenticator.objects.all()]

    assert SECRET not in "".join(stored)


def test_a_former_key_of_the_installation_still_reads(protected, sign_in, client, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the installation, long enough"
    sign_in(client, protected)

    assert client.post(VERIFY, {"code": code_now()})["Location"] == "/agents/"


def test_a_lost_key_of_the_installation_opens_nothing(protected, sign_in, client, settings):
    settings.SECRET_KEY = "another key of the installation, long enough"
    sign_in(client, protected)

    page = client.post(VERIFY, {"code": code_now()})

    assert "pas le bon" in page.content.decode()


def test_removing_the_application_asks_for_a_recent_proof(client, protected):
    client.force_login(protected)

    response = client.post("/agents/compte/connexion/application/retirer/")

    assert response["Location"].startswith("/agents/compte/connexion/confirmer/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_after_a_proof_the_application_is_removed_and_told(client, protected, mailoutbox):
    client.force_login(protected)
    client.post("/agents/compte/connexion/confirmer/", {"code": code_now()})

    client.post("/agents/compte/connexion/application/retirer/")

    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(action="authenticator.removed").count() == 2
    assert "retirée" in mailoutbox[-1].subject


def test_recovery_codes_are_renewed(
    client, protected, mailoutbox, django_capture_on_commit_callbacks
):
    before = recovery_codes(protected)
    client.force_login(protected)
    client.post("/agents/compte/connexion/confirmer/", {"code": code_now()})

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/agents/compte/connexion/codes/renouveler/")

    assert not set(before) & set(recovery_codes(protected))
    assert AuditEvent.objects.filter(action="recovery_codes.renewed").count() == 1
    page = client.get("/agents/compte/connexion/codes/").content.decode()
    assert recovery_codes(protected)[0] in page
    download = client.get("/agents/compte/connexion/codes/telecharger/")
    assert recovery_codes(protected) == download.content.decode().split()


def test_lost_authenticators_are_reset_by_an_administrator(
    protected, teammate, sign_in, mailoutbox
):
    visitor = Client()
    visitor.force_login(protected)
    ProviderIdentity.objects.create(user=protected, issuer="https://idp.example", subject="abc")

    actions.reset_authenticators(user=protected, by=teammate)

    assert not Authenticator.objects.exists()
    assert not ProviderIdentity.objects.exists()
    assert visitor.get("/agents/compte/").status_code == 302
    assert sign_in(Client(), protected)["Location"] == "/agents/"
    event = AuditEvent.objects.get(action="authenticators.reset")
    assert event.actor == teammate
    assert event.before["authenticators"] == [
        "Application d'authentification",
        "Codes de secours",
        "Identité ProConnect",
    ]
    assert "retirés de votre compte par Karim Benali" in mailoutbox[0].body


def test_the_authenticators_of_others_stay(protected, teammate):
    other = UserFactory()
    TOTP.activate(other, SECRET)

    actions.reset_authenticators(user=protected, by=teammate)

    assert Authenticator.objects.get().user == other


@pytest.mark.parametrize(
    "address",
    [
        "/agents/compte/",
        "/agents/compte/connexion/",
        "/agents/compte/connexion/application/",
        "/agents/compte/connexion/cles/",
        "/agents/compte/connexion/cles/ajouter/",
        "/agents/compte/connexion/codes/renouveler/",
        "/agents/deconnexion/",
    ],
)
def test_each_page_of_ones_own_account_is_drawn(client, owner, address):
    client.force_login(owner)

    page = client.get(address)

    assert page.status_code == 200
    assert page.content.decode().count("<h1>") == 1


def test_the_pages_of_a_protected_account_are_drawn(client, protected):
    client.force_login(protected)
    assert "Confirmez" in client.get("/agents/compte/connexion/confirmer/").content.decode()
    client.post("/agents/compte/connexion/confirmer/", {"code": code_now()})
    cache.clear()

    for address in ("", "codes/", "application/retirer/"):
        page = client.get(f"/agents/compte/connexion/{address}")
        assert page.status_code == 200, address
        assert page.content.decode().count("<h1>") == 1


OF_NO_DEVICE = {
    "number": "9" * 5_000,
    "nested": "[" * 100_000,
    "cut": "{",
    "part": '{"id":"x"}',
    "kinds": '{"id":1,"rawId":2,"response":{}}',
    "list": "[]",
    "zero": "0",
    "false": "false",
    "half": '{"id":"\\ud800"}',
}


@pytest.mark.parametrize("credential", OF_NO_DEVICE.values(), ids=OF_NO_DEVICE)
def test_a_key_that_no_device_wrote_opens_and_adds_nothing(client, owner, credential):
    sent = {"credential": credential, "name": "clé", "passwordless": "on"}
    refused = client.post("/agents/connexion/cle/", sent)
    assert refused.status_code == 302
    assert refused.url == "/agents/connexion/"
    client.force_login(owner)
    page = client.post("/agents/compte/connexion/cles/ajouter/", sent)
    assert page.status_code in (200, 302)
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", OF_NO_DEVICE.values(), ids=OF_NO_DEVICE)
def test_a_key_that_no_device_wrote_confirms_nothing(client, protected, sign_in, credential):
    sign_in(client, protected)
    page = client.post(VERIFY, {"credential": credential})
    assert page.status_code == 200
    assert not SignIn.objects.exists()
    Authenticator.objects.create(user=protected, type="webauthn", data={"name": "clé"})
    client.force_login(protected)
    refused = client.post("/agents/compte/connexion/confirmer/cle/", {"credential": credential})
    assert refused.status_code == 302
