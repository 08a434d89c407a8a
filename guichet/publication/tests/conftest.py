"""The people of this folder's tests, and their browser."""

from __future__ import annotations

import pytest

from guichet.directory.models import Role, Structure
from guichet.directory.tests.agents.conftest import signed_in_at  # noqa: F401
from guichet.directory.tests.factories import someone
from guichet.publication.tests.factories import example_release
from guichet.territories.models import Commune
from guichet.ui.tests.browser import browser, page_at  # noqa: F401


@pytest.fixture
def publisher(db):
    return someone(Role.PUBLISHER, email="sacha@etat.example", full_name="Sacha Lebrun")


@pytest.fixture
def release(db):
    """The worked example, published and placed on the map."""
    found = example_release()
    Commune.objects.filter(pk="59350").update(latitude=50.63, longitude=3.05)
    for one in Structure.objects.filter(network__code="REL", commune__isnull=False):
        one.latitude, one.longitude = one.commune.latitude, one.commune.longitude
        one.position_source, one.town = "source", one.commune.name
        one.save()
    return found
