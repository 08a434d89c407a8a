"""Publications killed in the middle, two at once, and readers meanwhile: with real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.db import close_old_connections, connection

from guichet.core.errors import RuleViolation
from guichet.publication.models import PlaceFigures, Release
from guichet.publication.releasing import locking, switching
from guichet.publication.tests.small_releases import prepare, publish, send

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
PATIENCE_SECONDS = 60
PUBLISHER = """
import sys, time
import django
django.setup()
from datetime import date
from guichet.publication.releasing import {module}

def stop_here(*args, **fields):
    print("here", flush=True)
    time.sleep(600)

{module}.{function} = stop_here
from guichet.publication.actions.releases import publish_release
publish_release(name="corrigee", through=date(2026, 3, 31), frozen_on=date(2026, 4, 15))
"""


@pytest.fixture
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


@pytest.fixture
def first(lake) -> Release:
    prepare()
    release = publish("2026-T1")
    send(20, ("S09", "2026-03", 500, 640))
    return release


def environment(lake: Path) -> dict[str, str]:
    """What a process of its own needs to work on the database of this test."""
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    port = f"&port={values['PORT']}" if values["PORT"] else ""
    url = (
        f"postgresql://{quote(values['USER'])}{password}@/{quote(values['NAME'])}"
        f"?host={quote(values['HOST'])}{port}"
    )
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "guichet.settings",
        "GUICHET_DATABASE_URL": url,
        "GUICHET_LAKE": str(lake),
        "GUICHET_ENGINE": django_settings.ENGINE,
    }


@pytest.fixture
def stopped_at(lake) -> Iterator:
    """Starts a publisher that stops at one function, and gives its process once it is there."""
    started = []

    def start(module: str, function: str) -> subprocess.Popen:
        publisher = subprocess.Popen(
            [sys.executable, "-c", PUBLISHER.format(module=module, function=function)],
            env=environment(lake),
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(publisher)
        assert publisher.stdout.readline() == "here\n"
        return publisher

    yield start
    for publisher in started:
        publisher.kill()
        publisher.wait(PATIENCE_SECONDS)
        publisher.stdout.close()
    wait_for_the_lock()


def wait_for_the_lock() -> None:
    """PostgreSQL notices that a process died when it next writes to it or reads from it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [locking.LOCK])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [locking.LOCK])


def kill(publisher: subprocess.Popen) -> None:
    os.kill(publisher.pid, signal.SIGKILL)
    publisher.wait(PATIENCE_SECONDS)
    wait_for_the_lock()


STOPS = [("making", "put_in_place"), ("switching", "load_corrections")]


@pytest.mark.parametrize(("module", "function"), STOPS)
def test_a_publisher_killed_leaves_the_release_before(first, lake, stopped_at, module, function):
    kill(stopped_at(module, function))
    first.refresh_from_db()
    assert first.is_current
    assert Release.objects.get(name="corrigee").state == "computing"
    assert not PlaceFigures.objects.exclude(part__releases=first).exists()
    again = publish("autre")
    assert again.is_current
    interrupted = Release.objects.get(name="corrigee")
    assert interrupted.state == "failed"
    assert "arrêtée au milieu" in interrupted.failure
    assert sorted(path.name for path in (lake / "releases").iterdir()) == ["2026-T1", "autre"]
    assert publish("corrigee").identity == again.identity


def test_of_two_publishers_the_second_is_told_who_publishes(first, stopped_at):
    stopped_at("making", "freeze")
    with pytest.raises(RuleViolation, match="« corrigee » est en cours de publication depuis"):
        publish("autre")
    assert not Release.objects.filter(name="autre").exists()
    assert Release.objects.get(name="corrigee").state == "computing"


def value_read() -> tuple[str, str]:
    """What a page shows of one site: the edition, and a value of its figures."""
    release = Release.objects.get(is_current=True)
    (found,) = PlaceFigures.objects.filter(
        part__releases=release, part__indicator="decroche", level="structure", place="S09"
    )
    march = next(each for each in found.figures if each["period"] == "2026-03")
    return release.name, march["value"]


def test_readers_see_the_old_release_until_the_new_one_is_whole(first, monkeypatch):
    seen: list[tuple[str, str]] = []
    load = switching.load_corrections

    def read_elsewhere() -> None:
        seen.append(value_read())
        connection.close()

    def load_while_read(*args: object) -> None:
        reader = threading.Thread(target=read_elsewhere)
        reader.start()
        reader.join(PATIENCE_SECONDS)
        load(*args)

    monkeypatch.setattr(switching, "load_corrections", load_while_read)
    publish("corrigee")
    assert seen == [("2026-T1", "88.8")]
    assert value_read() == ("corrigee", "78.1")


def test_a_connection_lost_in_the_middle_changes_nothing(first, monkeypatch):
    from guichet.publication.releasing import making

    make = making.make_release

    def lose_the_connection(*args: object) -> object:
        made = make(*args)
        connection.close()
        close_old_connections()
        return made

    monkeypatch.setattr(making, "make_release", lose_the_connection)
    with pytest.raises(RuleViolation, match="a été interrompue"):
        publish("corrigee")
    first.refresh_from_db()
    assert first.is_current
    assert Release.objects.get(name="corrigee").state == "failed"
