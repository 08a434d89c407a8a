"""Fixtures of the territories, for every app: register this module in `pytest_plugins`.

Models are imported inside the fixtures: a plug-in is loaded before Django is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

TABLES = ("territories_region", "territories_departement", "territories_commune")
TABLES += ("territories_formercommune",)
COPIES = "shipped_territories"


@pytest.fixture(scope="session")
def _load_territories(django_db_setup: object) -> Callable[[], None]:
    """Loads and commits the shipped territories: read from their files once a session, then copied
    from table to table."""
    from guichet.territories.importing import import_territories

    loaded = False

    def load() -> None:
        nonlocal loaded
        with transaction.atomic(), connection.cursor() as cursor:
            if loaded:
                for table in TABLES:
                    cursor.execute(f"INSERT INTO {table} SELECT * FROM {COPIES}.{table}")
                return
            import_territories()
            cursor.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE")
            cursor.execute(f"CREATE SCHEMA {COPIES}")
            for table in TABLES:
                cursor.execute(f"CREATE TABLE {COPIES}.{table} AS TABLE {table}")
        loaded = True

    return load


@pytest.fixture(scope="module")
def _territories_of_the_module(
    _load_territories: Callable[[], None], django_db_setup: Callable[[], None], django_db_blocker
) -> Iterator[None]:
    with django_db_blocker.unblock():
        _load_territories()
    yield
    with django_db_blocker.unblock():
        django_db_setup()


@pytest.fixture
def load_reference_territories(_territories_of_the_module: None, db: None) -> None:
    """The shipped regions, départements, communes and former communes; the tests of other files
    find none."""


@pytest.fixture
def no_territories(db: None) -> None:
    """An installation without territories, whatever the tests of this file have loaded."""
    from guichet.territories.models import Commune, Region

    if Region.objects.exists() or Commune.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE territories_region CASCADE")
