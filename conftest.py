"""The strictness that every test gets."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django.plugin import DjangoDbBlocker

from tests.calm_hours import seconds_to_hold_back
from tests.starting_rows import StartingRows, may_be_kept

# What a busy machine, a strategy or a fixture costs tells nothing of the code that is tested.
settings.register_profile(
    "explore",
    settings(),
    deadline=None,
    suppress_health_check=[
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
    ],
)
# The same examples at every run: whoever looks for others says --hypothesis-profile=explore.
settings.register_profile("guichet", settings.get_profile("explore"), derandomize=True)
settings.load_profile("guichet")
pytest_plugins = ["guichet.territories.tests.fixtures"]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With GUICHET_REQUIRE_ALL=1 a skipped test is a failed one; the lack of real data excuses
    only those who have none."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    lacks_data = "GUICHET_SHARED_DATA" in str(report.longrepr) and not os.environ.get(
        "GUICHET_SHARED_DATA"
    )
    if report.skipped and os.environ.get("GUICHET_REQUIRE_ALL") == "1" and not lacks_data:
        report.outcome = "failed"
        report.longrepr = f"sauté alors que GUICHET_REQUIRE_ALL=1 : {report.longrepr}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The day in which a test begins is the one in which it ends."""
    if seconds := seconds_to_hold_back(time.time(), is_long=takes_long(item)):
        time.sleep(seconds)


def takes_long(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("long", "browser"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long are begun first, or one worker would end alone on them."""
    long_files = {item.path for item in items if takes_long(item)}
    items.sort(key=lambda item: item.path not in long_files)


@pytest.fixture(autouse=True)
def counters_of_this_process_start_at_nothing() -> None:
    """What a test counted in memory does not end with its transaction."""
    caches["process"].clear()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Callable[[], None]]:
    """Gives what puts back the rows that the migrations left; a test that commits ends with it.

    Before the database is dropped, ends what the threads of a live server left connected, then
    this connection, which may not be the one that made the database: one is kept for the time
    that a browser is driven, another for the rest.
    """
    with django_db_blocker.unblock():
        put_rows_back = StartingRows().put_back if may_be_kept() else flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: put_rows_back())
        yield put_rows_back
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


def flush() -> None:
    """Django's own way, where the database's user may not let keys and triggers rest."""
    call_command("flush", verbosity=0, interactive=False)
