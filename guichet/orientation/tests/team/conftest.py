"""The programme team, and those who are not of it."""

from __future__ import annotations

import pytest

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import (  # noqa: F401
    _undefined_template_variables_fail,
    signed_in_at,
)
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.orientation.models import Need
from guichet.ui.tests.browser import browser, page_at  # noqa: F401

TEAM = "/agents/orientation/"


@pytest.fixture
def moderator(db):
    return someone(Role.MODERATOR, email="camille@etat.example", full_name="Camille Roux")


@pytest.fixture
def colleague(db):
    """Of the team too."""
    return someone(Role.PUBLISHER, email="sacha@etat.example", full_name="Sacha Lebrun")


@pytest.fixture
def stranger(db):
    """Manages a structure, and is not of the team."""
    return someone(Role.MANAGER, StructureFactory(), email="luc@mairie.example")


@pytest.fixture
def rsa(db):
    """A need as it is shipped."""
    return Need.objects.get(code="demander-rsa")


@pytest.fixture
def as_moderator(client, moderator):
    client.force_login(moderator)
    return client
