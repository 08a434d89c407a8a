"""Mail goes to the outbox, as on a site; the browser; and a person who shares."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guichet.accounts import trapped_forms
from guichet.core.tokens import make_token
from guichet.directory.tests.factories import StructureFactory
from guichet.experiences.tests.sharing.person import Person
from guichet.ui.tests.browser import browser, page_at  # noqa: F401


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"


@pytest.fixture
def slow_reader(monkeypatch):
    """Forms were shown long enough ago to have been read."""
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))


@pytest.fixture
def caf(db):
    return StructureFactory(code="caf-lille", name="CAF du Nord, agence de Lille")


@pytest.fixture
def person(caf, slow_reader):
    """Somebody on a phone, without cookies."""
    return Person(Client(enforce_csrf_checks=True))


@pytest.fixture
def seen():
    """What proves that a form was shown a minute ago."""

    def token(about: str) -> str:
        shown_at = (timezone.now() - timedelta(minutes=1)).timestamp()
        return make_token(trapped_forms.PURPOSE, [about, shown_at])

    return token
