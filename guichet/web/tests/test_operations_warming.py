"""What a web worker does before it listens: never wrong, never long."""

from __future__ import annotations

import logging
from threading import Event

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from guichet.web.operations import warming


class Answer(list[bytes]):
    def close(self) -> None:
        pass


class Site:
    """An application that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, environment, start_response):
        self.asked.append(f"{environment['PATH_INFO']}?{environment['QUERY_STRING']}".rstrip("?"))
        start_response("200 OK", [])
        return Answer([b"page"])


@pytest.fixture
def without_database(monkeypatch):
    """Nor a limit that a slow machine would reach."""
    monkeypatch.setattr(warming, "LONGEST_SECONDS", 300)
    monkeypatch.setattr(warming, "read_a_question", lambda: None)


@pytest.fixture
def connection_of_the_test(db):
    """Kept open by requests, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_page_that_warms_a_worker_is_read_under_the_public_name(
    connection_of_the_test, settings, caplog
):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "https://guichet.example", ["guichet.example"]
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    with caplog.at_level(logging.WARNING):
        warming.ask_pages(WSGIHandler())
    assert caplog.messages == []


def test_a_worker_reads_its_pages_before_it_listens(without_database):
    site = Site()
    warming.warm_up_for_a_while(site)
    assert site.asked == list(warming.PAGES)


def test_a_worker_listens_all_the_same_when_warming_up_lasts(without_database, monkeypatch):
    monkeypatch.setattr(warming, "LONGEST_SECONDS", 0.1)
    done = Event()
    site = Site()
    monkeypatch.setattr(warming, "read_a_story", done.wait)
    warming.warm_up_for_a_while(site)
    assert site.asked == []
    done.set()


def test_what_cannot_be_warmed_is_logged_and_stops_nothing(without_database, monkeypatch, caplog):
    def broken() -> None:
        raise OSError("no list of names")

    monkeypatch.setattr(warming, "read_a_story", broken)
    site = Site()
    warming.warm_up_for_a_while(site)
    assert site.asked == list(warming.PAGES)
    assert "a worker could not warm up" in caplog.messages
