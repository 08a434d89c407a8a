"""The people of this folder's tests, and their browser."""

from __future__ import annotations

import pytest

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import signed_in_at  # noqa: F401
from guichet.directory.tests.factories import someone
from guichet.ui.tests.browser import browser, page_at  # noqa: F401


@pytest.fixture
def publisher(db):
    return someone(Role.PUBLISHER, email="sacha@etat.example", full_name="Sacha Lebrun")
