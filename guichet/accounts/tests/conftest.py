"""Three people: the owner of an account, a teammate who administers, a stranger."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from guichet.accounts.tests.application import the_only_half_minute
from guichet.accounts.tests.factories import UserFactory
from guichet.ui.tests.browser import browser, page_at  # noqa: F401


@pytest.fixture(autouse=True)
def _no_earlier_attempts(request):
    """Counters of attempts live in a table that no test's end empties by itself."""
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        cache.clear()


@pytest.fixture(autouse=True)
def _codes_of_applications_do_not_change(monkeypatch):
    """A code changes every thirty seconds, be the person who types it in the middle of it."""
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", the_only_half_minute)


@pytest.fixture
def owner(db):
    return UserFactory(email="claire.martin@caf.example", full_name="Claire Martin")


@pytest.fixture
def teammate(db):
    return UserFactory(email="karim.benali@caf.example", full_name="Karim Benali")


@pytest.fixture
def stranger(db):
    return UserFactory(email="luc.petit@mairie.example", full_name="Luc Petit")


@pytest.fixture
def code_of(mailoutbox):
    """The code in the last mail sent to an address."""

    def read(address: str) -> str:
        mail = [mail for mail in mailoutbox if mail.to == [address]][-1]
        return re.search(r"^(\d{6})$", mail.body, re.MULTILINE).group(1)

    return read


@pytest.fixture
def sign_in(code_of):
    """Sign `user` in with a code, as a person would."""

    def act(client, user, **headers):
        client.post("/agents/connexion/", {"login": user.email}, headers=headers)
        return client.post(
            "/agents/connexion/code/", {"code": code_of(user.email)}, headers=headers
        )

    return act
