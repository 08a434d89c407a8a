"""The people and places of this folder's tests, and its browser."""

from __future__ import annotations

import pytest

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import (  # noqa: F401
    administrator,
    elsewhere,
    head,
    lead,
    manager,
    network,
    sibling,
    signed_in_at,
    site,
    stranger,
)
from guichet.directory.tests.factories import someone
from guichet.ui.tests.browser import browser, page_at  # noqa: F401


@pytest.fixture
def publisher(db):
    return someone(Role.PUBLISHER, email="sacha@etat.example", full_name="Sacha Lebrun")


@pytest.fixture
def lake(settings, tmp_path):
    """A lake of this test alone."""
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE
