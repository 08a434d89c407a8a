"""Both releases of the worked example, published once for each file of tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from guichet.experiences.tests.reading.conftest import tell  # noqa: F401
from guichet.publication.tests.example_releases import publish_first, publish_second


@pytest.fixture(scope="module")
def lake(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    lake = tmp_path_factory.mktemp("open") / "lake"
    with django_db_blocker.unblock(), override_settings(LAKE=lake), transaction.atomic():
        publish_first()
        publish_second()
        yield lake
        transaction.set_rollback(True)


@pytest.fixture
def published(lake, db) -> Path:
    """The lake that holds them, before any file of a table is made; what a test writes to the
    database is undone."""
    shutil.rmtree(lake / ".open_data", ignore_errors=True)
    return lake
