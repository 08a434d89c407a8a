"""Fixtures of the territories, for every app: register this module in `pytest_plugins`.

Models are imported inside the fixtures: a plug-in is loaded before Django is ready.
"""

from __future__ import annotations

import pytest
from django.db import connection

PARIS = "75056"


@pytest.fixture(scope="session")
def _territories_of_the_session(django_db_setup: None, django_db_blocker) -> None:
    from guichet.territories.importing import import_territories

    with django_db_blocker.unblock():
        import_territories()


@pytest.fixture
def load_reference_territories(_territories_of_the_session: None, db: None) -> None:
    """The shipped regions, départements, communes and former communes, loaded once a session."""
    from guichet.territories.importing import import_territories
    from guichet.territories.models import Commune

    if not Commune.objects.filter(insee_code=PARIS).exists():
        import_territories()


@pytest.fixture
def no_territories(db: None) -> None:
    """An installation without territories, whatever the session has loaded."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE territories_region CASCADE")
