"""ProConnect: who comes in, who does not, and every lie of a provider that is refused."""

from __future__ import annotations

import html
import json
import time

import jwt
import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from guichet.accounts.models import AuditEvent, ProviderIdentity, SignIn, User
from guichet.accounts.tests.factories import UserFactory
from guichet.accounts.tests.fake_provider import (
    CLIENT,
    ISSUER,
    OTHER_KEY,
    SECRET,
    FakeProvider,
    query_of,
)

LEAVE = "/agents/connexion/proconnect/"
RETURN = "/agents/connexion/proconnect/retour/"


@pytest.fixture
def provider(db, settings, monkeypatch):
    settings.PROCONNECT_ISSUER = ISSUER
    settings.PROCONNECT_CLIENT_ID = CLIENT
    settings.PROCONNECT_CLIENT_SECRET = SECRET
    fake = FakeProvider()
    monkeypatch.setattr(requests, "get", fake.get)
    monkeypatch.setattr(requests, "post", fake.post)
    cache.delete(f"proconnect:{ISSUER}")
    return fake


def leave(client: Client, provider: FakeProvider, following: str = "") -> dict[str, str]:
    """What our site asks of the provider; the provider remembers the nonce."""
    response = client.get(LEAVE, {"next": following} if following else {})
    asked = query_of(response["Location"])
    provider.nonce = asked["nonce"]
    return asked


def come_back(client: Client, provider: FakeProvider, following: str = ""):
    asked = leave(client, provider, following)
    return client.get(RETURN, {"code": "a-code", "state": asked["state"]})


def assert_refused(client: Client, response, status: int) -> None:
    assert response.status_code == status
    assert client.get("/agents/compte/").status_code == 302
    assert not SignIn.objects.exists()


def test_an_invited_person_comes_in_and_is_pinned(client, owner, provider):
    response = come_back(client, provider)

    assert response["Location"] == "/agents/"
    assert client.get("/agents/compte/").status_code == 200
    identity = ProviderIdentity.objects.get()
    assert (identity.user, identity.issuer, identity.subject) == (owner, ISSUER, provider.subject)
    assert AuditEvent.objects.get(action="identity.pinned").actor == owner
    assert SignIn.objects.get().means == SignIn.Means.PROVIDER


def test_the_page_asked_for_is_reached(client, owner, provider):
    assert come_back(client, provider, "/agents/compte/")["Location"] == "/agents/compte/"


def test_no_other_site_is_reached(client, owner, provider):
    assert come_back(client, provider, "https://ailleurs.example/")["Location"] == "/agents/"


def test_what_is_asked_holds_what_proconnect_demands_and_nothing_else(client, owner, provider):
    asked = leave(client, provider)

    assert asked.keys() == {
        "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims"
    }  # fmt: skip
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["redirect_uri"] == f"http://testserver{RETURN}"
    assert json.loads(asked["claims"]) == {"id_token": {"amr": None}}


def test_a_person_without_a_name_takes_the_providers(client, provider):
    user = UserFactory(email=provider.email, full_name="")

    come_back(client, provider)

    user.refresh_from_db()
    assert user.full_name == "Claire Martin"


def test_a_name_chosen_here_is_kept(client, owner, provider):
    provider.userinfo = {"given_name": "Autre"}

    come_back(client, provider)

    owner.refresh_from_db()
    assert owner.full_name == "Claire Martin"


def test_somebody_not_invited_is_told_to_ask_for_it(client, provider):
    response = come_back(client, provider)

    assert_refused(client, response, 403)
    page = response.content.decode()
    assert provider.email in page
    assert "demandez une invitation à la personne qui administre la plateforme" in page
    assert not User.objects.exists()


def test_somebody_who_left_reads_the_same_page_as_somebody_never_invited(client, provider):
    stranger_page = come_back(Client(), provider).content.decode()
    UserFactory(email=provider.email, gone=True)

    response = come_back(client, provider)

    assert_refused(client, response, 403)
    assert "demandez une invitation" in stranger_page
    assert "demandez une invitation" in response.content.decode()


def test_the_same_identity_comes_in_again_even_with_a_new_address(client, owner, provider):
    come_back(Client(), provider)
    provider.email = "claire.durand@caf.example"

    assert come_back(client, provider)["Location"] == "/agents/"
    assert ProviderIdentity.objects.count() == 1


def test_another_identity_with_the_same_address_is_refused(client, owner, provider):
    come_back(Client(), provider)
    SignIn.objects.all().delete()
    provider.subject = "subject-of-somebody-else"

    response = come_back(client, provider)

    assert_refused(client, response, 403)
    assert "autre identité" in response.content.decode()


def test_an_identity_pinned_to_somebody_who_left_gives_nothing(client, owner, provider):
    come_back(Client(), provider)
    SignIn.objects.all().delete()
    User.objects.update(is_active=False)

    assert_refused(client, come_back(client, provider), 403)


def test_an_address_that_the_provider_has_not_checked_gives_nothing(client, owner, provider):
    provider.userinfo = {"email_verified": False}

    assert_refused(client, come_back(client, provider), 403)


def in_the_past() -> dict[str, int]:
    return {"iat": int(time.time()) - 900, "exp": int(time.time()) - 600}


LIES = {
    "another issuer": {"identity": {"iss": "https://pirate.example"}},
    "another audience": {"identity": {"aud": "another-client"}},
    "several audiences, made for another": {
        "identity": {"aud": [CLIENT, "another"], "azp": "another"}
    },
    "out of date": {"identity": in_the_past()},
    "from the future": {"identity": {"iat": int(time.time()) + 3600}},
    "another nonce": {"identity": {"nonce": "of-another-login"}},
    "no nonce": {"without": ("nonce",)},
    "no expiry": {"without": ("exp",)},
    "no subject": {"without": ("sub",)},
    "signed by an unknown key": {"key": OTHER_KEY},
    "signed with our own secret": {"key": SECRET, "algorithm": "HS256"},
    "signed by nobody": {"key": None, "algorithm": "none"},
    "userinfo in clear": {"userinfo_type": "application/json"},
    "userinfo of somebody else": {"userinfo": {"sub": "another-subject"}},
    "userinfo for another site": {"userinfo": {"aud": "another-client"}},
    "userinfo of another issuer": {"userinfo": {"iss": "https://pirate.example"}},
    "userinfo out of date": {"userinfo": in_the_past()},
    "a refused code": {"token_status": 400},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_of_the_provider_is_refused(client, owner, provider, lie):
    for name, value in lie.items():
        setattr(provider, name, value)

    response = come_back(client, provider)

    assert response.status_code in {400, 403, 502}
    assert client.get("/agents/compte/").status_code == 302
    assert not ProviderIdentity.objects.exists()


def test_a_userinfo_signed_by_nobody_is_refused(client, owner, provider, monkeypatch):
    honest = provider.signed
    unsigned = []

    def sign(claims):
        if "email" not in claims:
            return honest(claims)
        unsigned.append(claims)
        return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})

    monkeypatch.setattr(provider, "signed", sign)

    assert_refused(client, come_back(client, provider), 502)
    assert unsigned


def test_a_return_with_another_state_is_refused(client, owner, provider):
    leave(client, provider)

    response = client.get(RETURN, {"code": "a-code", "state": "not-ours"})

    assert_refused(client, response, 400)


def test_a_return_is_used_once(client, owner, provider):
    asked = leave(client, provider)
    client.get(RETURN, {"code": "a-code", "state": asked["state"]})
    client.post("/agents/deconnexion/")

    response = client.get(RETURN, {"code": "a-code", "state": asked["state"]})

    assert response.status_code == 400
    assert SignIn.objects.count() == 1


def test_a_return_in_another_browser_is_refused(client, owner, provider):
    asked = leave(Client(), provider)

    assert_refused(client, client.get(RETURN, {"code": "a", "state": asked["state"]}), 400)


def test_a_refusal_of_the_provider_is_explained(client, owner, provider):
    asked = leave(client, provider)

    response = client.get(RETURN, {"error": "access_denied", "state": asked["state"]})

    assert_refused(client, response, 400)
    assert "n'a pas abouti" in response.content.decode()


def test_a_provider_that_does_not_answer_is_explained(client, owner, provider):
    provider.down = True

    response = client.get(LEAVE)

    assert response.status_code == 502
    assert "connectez-vous avec un code" in response.content.decode()


@pytest.mark.parametrize(
    "metadata", [{"issuer": "https://pirate.example"}, {"token_endpoint": None}]
)
def test_a_description_of_another_provider_is_refused(client, provider, metadata):
    provider.metadata = metadata
    if metadata.get("token_endpoint", "") is None:
        honest = provider.discovery
        provider.discovery = lambda: {
            name: value for name, value in honest().items() if value is not None
        }

    assert client.get(LEAVE).status_code == 502


def test_the_description_is_read_once_an_hour(client, owner, provider):
    come_back(client, provider)
    come_back(Client(), provider)

    assert sum(url.endswith("openid-configuration") for url in provider.asked) == 1


def test_addresses_given_by_hand_need_no_description(client, owner, provider, settings):
    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    settings.PROCONNECT_ENDPOINTS = {name: provider.discovery()[name] for name in names}

    come_back(client, provider)

    assert client.get("/agents/compte/").status_code == 200
    assert not any(url.endswith("openid-configuration") for url in provider.asked)


def test_the_level_of_assurance_is_asked_for_and_checked(client, owner, provider, settings):
    settings.PROCONNECT_ACR = ["https://proconnect.gouv.fr/assurance/consistency-checked-2fa"]

    assert_refused(client, come_back(client, provider), 400)

    provider.identity = {"acr": settings.PROCONNECT_ACR[0]}
    asked = leave(client, provider)
    assert json.loads(asked["claims"])["id_token"]["acr"] == {
        "essential": True,
        "values": settings.PROCONNECT_ACR,
    }
    assert come_back(client, provider)["Location"] == "/agents/"


def test_pkce_is_sent_when_asked_for(client, owner, provider, settings):
    settings.PROCONNECT_PKCE = True

    asked = leave(client, provider)

    assert asked["code_challenge_method"] == "S256"


def test_our_second_factor_is_asked_for_unless_the_provider_had_its_own(client, owner, provider):
    TOTP.activate(owner, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")

    assert come_back(Client(), provider)["Location"] == reverse("mfa_authenticate")

    provider.identity = {"amr": ["pwd", "totp", "mfa"]}
    assert come_back(client, provider)["Location"] == "/agents/"


def test_a_deactivated_person_loses_a_session_opened_with_the_provider(client, owner, provider):
    come_back(client, provider)

    User.objects.update(is_active=False)

    assert client.get("/agents/compte/").status_code == 302


def test_a_session_does_not_wait_for_the_provider(client, owner, provider):
    come_back(client, provider)
    provider.down = True
    provider.asked.clear()
    cache.delete(f"proconnect:{ISSUER}")

    assert client.get("/agents/compte/").status_code == 200
    assert provider.asked == []


def test_signing_out_ends_the_session_of_the_provider_too(client, owner, provider):
    come_back(client, provider)

    response = client.post("/agents/deconnexion/")

    assert response["Location"] == "/agents/deconnexion/proconnect/"
    assert client.get("/agents/compte/").status_code == 302
    page = client.get("/agents/deconnexion/proconnect/")
    farewell = query_of(page.context["url"])
    assert page.context["url"].startswith(f"{ISSUER}/session/end?")
    assert jwt.decode(farewell["id_token_hint"], options={"verify_signature": False})["sub"] == (
        provider.subject
    )
    assert len(farewell["state"]) >= 32
    back = "/agents/deconnexion/proconnect/retour/"
    assert farewell["post_logout_redirect_uri"] == f"http://testserver{back}"
    end = client.get(back, {"state": farewell["state"]}, follow=True)
    assert "de ce site et de ProConnect" in "".join(str(m) for m in end.context["messages"])


def test_a_farewell_that_we_did_not_say_is_ignored(client, db):
    response = client.get("/agents/deconnexion/proconnect/retour/", {"state": "x"}, follow=True)

    assert not list(response.context["messages"])


def test_signing_out_works_when_the_provider_does_not_answer(client, owner, provider):
    come_back(client, provider)
    provider.down = True
    cache.delete(f"proconnect:{ISSUER}")

    response = client.post("/agents/deconnexion/", follow=True)

    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated


def test_who_signed_in_by_code_is_not_sent_to_the_provider(client, owner, provider, sign_in):
    sign_in(client, owner)

    assert client.post("/agents/deconnexion/")["Location"] == "/"


def test_the_button_is_there_when_configured(client, provider):
    page = client.get("/agents/connexion/", {"next": "/agents/compte/"}).content.decode()

    assert "S'identifier avec ProConnect" in html.unescape(page)
    assert f"{LEAVE}?next=%2Fagents%2Fcompte%2F" in page


def test_nothing_of_it_shows_when_not_configured(client, db):
    assert "ProConnect" not in client.get("/agents/connexion/").content.decode()
    assert client.get(LEAVE).status_code == 404
    assert client.get(RETURN, {"code": "a", "state": "b"}).status_code == 404


def test_who_is_already_signed_in_stays_who_they_are(client, owner, stranger, provider):
    asked = leave(client, provider)
    client.force_login(stranger)

    response = client.get(RETURN, {"code": "a-code", "state": asked["state"]})

    assert response["Location"] == "/agents/"
    assert not ProviderIdentity.objects.exists()
