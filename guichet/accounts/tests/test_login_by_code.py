"""Signing in with a code sent by e-mail."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from guichet.accounts.models import SignIn
from guichet.accounts.tests.factories import UserFactory

LOGIN = "/agents/connexion/"
CODE = "/agents/connexion/code/"


def visible(response) -> str:
    """The page without what differs between any two visits."""
    page = response.content.decode()
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce-[\w-]+', "", page)


def test_the_code_sent_by_mail_signs_in(client, owner, sign_in):
    response = sign_in(client, owner)

    assert response.status_code == 302
    assert response["Location"] == "/agents/"
    assert client.get("/agents/compte/").status_code == 200
    assert SignIn.objects.get(user=owner).means == SignIn.Means.CODE


def test_the_page_asked_for_is_reached_after_signing_in(client, owner, code_of):
    client.post(LOGIN, {"login": owner.email, "next": "/agents/compte/"})
    response = client.post(CODE, {"code": code_of(owner.email), "next": "/agents/compte/"})

    assert response["Location"] == "/agents/compte/"


def test_no_address_of_another_site_is_followed_after_signing_in(client, owner, code_of):
    client.post(LOGIN, {"login": owner.email, "next": "https://ailleurs.example/"})
    response = client.post(
        CODE, {"code": code_of(owner.email), "next": "https://ailleurs.example/"}
    )

    assert response["Location"] == "/agents/"


def test_the_case_of_the_address_does_not_matter(client, owner, code_of):
    client.post(LOGIN, {"login": "Claire.MARTIN@caf.example"})

    assert code_of(owner.email)


@pytest.mark.parametrize("who", ["unknown", "gone"])
def test_an_address_without_access_gets_the_same_pages_and_no_mail(owner, who, mailoutbox):
    gone = UserFactory(email="partie.hier@caf.example", gone=True)
    other = {"unknown": "inconnue.hier@caf.example", "gone": gone.email}[who]
    pages = []
    for address in (owner.email, other):
        visitor = Client()
        answers = [
            visitor.post(LOGIN, {"login": address}, follow=True),
            visitor.post(CODE, {"code": "000000"}),
            visitor.post(CODE, {"action": "resend"}, follow=True),
            visitor.post(CODE, {"code": "000000"}, follow=True),
            visitor.post(CODE, {"code": "000000"}, follow=True),
        ]
        pages.append([(a.status_code, visible(a).replace(address, "ADRESSE")) for a in answers])

    assert pages[0] == pages[1]
    assert {mail.to[0] for mail in mailoutbox} == {owner.email}


def test_a_code_serves_once(client, owner, sign_in, code_of):
    sign_in(client, owner)
    code = code_of(owner.email)
    client.post("/agents/deconnexion/")
    thief = Client()
    thief.post(LOGIN, {"login": owner.email})

    response = thief.post(CODE, {"code": code}, follow=True)

    assert "pas le bon" in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated


def test_a_used_code_does_not_serve_again_in_the_same_browser(client, owner, sign_in, code_of):
    sign_in(client, owner)
    client.post("/agents/deconnexion/")

    response = client.post(CODE, {"code": code_of(owner.email)})

    assert response["Location"] == LOGIN


def test_a_code_is_refused_after_five_minutes(client, owner, code_of, monkeypatch):
    import time

    client.post(LOGIN, {"login": owner.email})
    later = time.time() + 5 * 60 + 1
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)

    response = client.post(CODE, {"code": code_of(owner.email)})

    assert response["Location"] == LOGIN
    assert client.get("/agents/compte/").status_code == 302


def test_the_third_wrong_code_ends_the_attempt(client, owner, code_of):
    client.post(LOGIN, {"login": owner.email})
    right = code_of(owner.email)
    wrong = "111111" if right != "111111" else "222222"
    for _ in range(3):
        client.post(CODE, {"code": wrong})

    response = client.post(CODE, {"code": right})

    assert response["Location"] == LOGIN
    assert not SignIn.objects.exists()


def test_codes_of_one_address_are_limited_whatever_the_browser(owner, mailoutbox):
    answers = [Client().post(LOGIN, {"login": owner.email}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 200]
    assert "Trop d&#x27;essais" in answers[-1].content.decode()
    assert len(mailoutbox) == 3


def test_wrong_codes_of_one_address_are_limited_whatever_the_browser(owner, code_of):
    visitors = [Client(), Client()]
    for visitor in visitors:
        visitor.post(LOGIN, {"login": owner.email})
    right = code_of(owner.email)
    wrong = "111111" if right != "111111" else "222222"
    for visitor in visitors:
        visitor.post(CODE, {"code": wrong})
        visitor.post(CODE, {"code": wrong})
    visitors.append(Client())
    visitors[2].post(LOGIN, {"login": owner.email})
    visitors[2].post(CODE, {"code": wrong})

    response = visitors[2].post(CODE, {"code": code_of(owner.email)})

    assert "Trop d&#x27;essais" in response.content.decode()
    assert not SignIn.objects.exists()


def test_somebody_else_is_not_held_up_by_those_attempts(owner, stranger, code_of):
    for _ in range(4):
        Client().post(LOGIN, {"login": owner.email})

    response = Client().post(LOGIN, {"login": stranger.email})

    assert response["Location"] == CODE


def test_too_many_attempts_from_one_network_get_a_page_that_says_so(client, db):
    answers = [client.post(LOGIN, {"login": "pas une adresse"}) for _ in range(61)]

    assert answers[-1].status_code == 429
    assert "Attendez cinq minutes" in answers[-1].content.decode()


def test_the_network_address_that_a_visitor_claims_does_not_escape_the_limit(client, db):
    answers = [
        client.post(LOGIN, {"login": "x"}, headers={"X-Forwarded-For": f"192.0.2.{n}"})
        for n in range(61)
    ]

    assert answers[-1].status_code == 429


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(client, db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [
        client.post(LOGIN, {"login": "x"}, headers={"X-Forwarded-For": f"{n}.0.0.1, 192.0.2.9"})
        for n in range(61)
    ]
    neighbour = client.post(LOGIN, {"login": "x"}, headers={"X-Forwarded-For": "192.0.2.10"})

    assert answers[-1].status_code == 429
    assert neighbour.status_code == 200


def test_attempts_are_counted_where_all_the_workers_look(owner):
    Client().post(LOGIN, {"login": owner.email})

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM guichet_shared_cache")
        assert cursor.fetchone()[0] > 0


def test_a_wrong_address_is_told_how_to_mend_it(client, db):
    page = client.post(LOGIN, {"login": "claire.martin"}).content.decode()

    assert "Exemple\xa0: prenom.nom@exemple.fr" in page


def test_another_code_replaces_the_first(client, owner, code_of, mailoutbox):
    client.post(LOGIN, {"login": owner.email})
    first = code_of(owner.email)
    client.post(CODE, {"action": "resend"})
    assert len(mailoutbox) == 2
    if first != code_of(owner.email):
        assert client.post(CODE, {"code": first}).status_code == 200

    assert client.post(CODE, {"code": code_of(owner.email)})["Location"] == "/agents/"


def test_the_mail_is_in_french_and_warns_against_giving_the_code(client, owner, mailoutbox):
    client.post(LOGIN, {"login": owner.email})

    (mail,) = mailoutbox
    assert mail.subject == "Guichet Ouvert : votre code de connexion"
    assert "Ne le donnez à personne" in mail.body
    assert "{" not in mail.body


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_email",
        "account_reauthenticate",
        "account_confirm_email",
        "mfa_signup_webauthn",
    ],
)
def test_nobody_signs_up_and_nobody_has_a_password(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_an_account_has_no_usable_password(owner):
    assert not owner.has_usable_password()


def test_signing_in_leaves_no_second_copy_of_the_address(client, owner, sign_in):
    from allauth.account.models import EmailAddress

    sign_in(client, owner)

    assert not EmailAddress.objects.exists()
