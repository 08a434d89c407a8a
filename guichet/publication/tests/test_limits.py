"""Costly pages of results, asked for again and again."""

from __future__ import annotations

import re
import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.core.limits import COUNTERS
from guichet.publication import limits

pytestmark = pytest.mark.django_db
COSTLY = {
    limits.POSTER: "/resultats/S01/affiche.pdf",
    limits.CSV: "/resultats/reseaux/REL/?format=csv",
}


@pytest.fixture(autouse=True)
def twice(monkeypatch):
    caches[COUNTERS].clear()
    monkeypatch.setattr(limits, "LIMITS", dict.fromkeys(limits.LIMITS, 2))
    yield
    caches[COUNTERS].clear()


@pytest.mark.parametrize("action", COSTLY)
def test_beyond_the_limit_a_page_says_to_wait(client, release, action):
    assert [client.get(COSTLY[action]).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(COSTLY[action])
    assert refused.headers["Retry-After"] == "300"
    page = refused.content.decode()
    assert "Trop de demandes en peu de temps" in page
    assert ("/donnees/" in page) or action != limits.CSV


def test_a_chart_drawn_already_is_not_counted(client, release, settings, tmp_path):
    settings.LAKE = tmp_path
    path = "/resultats/S01/graphiques/satisfaction.svg"
    assert {client.get(path).status_code for _ in range(5)} == {200}
    for drawn in (tmp_path / "charts").rglob("*.svg"):
        drawn.unlink()
    statuses = []
    for _ in range(2):
        statuses.append(client.get(path).status_code)
        for drawn in (tmp_path / "charts").rglob("*.svg"):
            drawn.unlink()
    assert statuses == [200, 429]


def test_another_address_and_another_page_are_not_concerned(client, release):
    for _ in range(3):
        client.get(COSTLY[limits.CSV])
    assert client.get(COSTLY[limits.POSTER]).status_code == 200
    assert client.get("/resultats/reseaux/REL/").status_code == 200
    assert client.get(COSTLY[limits.CSV], REMOTE_ADDR="192.0.2.7").status_code == 200


def test_limits_leave_room_for_a_counter_behind_one_address(monkeypatch):
    """A page of results has its charts drawn for its first reader, and one poster at most."""
    monkeypatch.undo()
    assert limits.LIMITS[limits.POSTER] >= 100
    assert limits.LIMITS[limits.CSV] >= 100
    assert limits.LIMITS[limits.CHART] >= 500


@pytest.mark.parametrize("action", COSTLY)
def test_counting_what_is_read_writes_nothing_in_the_database(client, release, action):
    with CaptureQueriesContext(connection) as captured:
        assert [client.get(COSTLY[action]).status_code for _ in range(3)] == [200, 200, 429]
    assert len(captured) > 0
    assert [q["sql"] for q in captured if not re.match(r"\s*SELECT", q["sql"])] == []


def test_five_minutes_later_pages_are_drawn_again(client, release, monkeypatch):
    path, now = COSTLY[limits.CSV], time.time()
    assert [client.get(path).status_code for _ in range(3)][-1] == 429
    monkeypatch.setattr(time, "time", lambda: now + limits.WAIT_S + 60)
    assert client.get(path).status_code == 200
