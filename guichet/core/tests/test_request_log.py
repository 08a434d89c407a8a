"""The log line of a request: its number, its page, and nothing that a person typed."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from guichet.core.middleware import chosen_request_id


def answer(request: HttpRequest, **arguments: object) -> HttpResponse:
    return HttpResponse("ok", status=503 if request.GET.get("broken") else 200)


urlpatterns = [
    path("services/<str:code>/", answer),
    path("suivi/<str:token>/", answer),
    path("experiences/<int:number>-<slug:slug>/", answer),
    re_path(r"^cle/(?P<key>[^/]+)/$", answer),
    path("healthz", answer),
]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("nothing here", status=404)


pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.INFO, logger="guichet.request")

    def logged() -> list[logging.LogRecord]:
        return [record for record in caplog.records if record.name == "guichet.request"]

    return logged


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/services/mairie-33063-01/?q=Jeanne", "/services/mairie-33063-01/"),
        ("/services/une phrase de Jeanne/", "/services/<code>/"),
        ("/suivi/MQ:1vE:abc/", "/suivi/<token>/"),
        ("/experiences/12-mon-histoire/", "/experiences/12-<slug>/"),
        ("/cle/secret/", "/^cle/(?P<key>[^/]+)/$"),
        ("/nulle/part/jeanne/", "-"),
    ],
)
def test_the_page_is_logged_without_what_a_person_typed(client, lines, address, shown):
    client.get(address)
    [record] = lines()
    assert record.path == shown


def test_the_line_says_method_status_and_duration(client, lines):
    client.post("/services/m1/")
    [record] = lines()
    assert (record.method, record.status, record.user_id) == ("POST", 200, "-")
    assert record.duration_ms >= 0


def test_machines_are_logged_only_when_the_answer_is_an_error(client, lines):
    client.get("/healthz")
    assert lines() == []
    client.get("/healthz?broken=1")
    assert [record.status for record in lines()] == [503]


def test_every_answer_carries_the_number_of_its_request(client):
    first, second = client.get("/healthz"), client.get("/healthz")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    kept = client.get("/healthz", headers={"X-Request-ID": "proxy-0123456789"})
    assert kept["X-Request-ID"] == "proxy-0123456789"


@pytest.mark.parametrize("received", ["", "court", "a b c d e f g", "x" * 65, "é" * 10, "a\nb" * 9])
def test_a_number_that_does_not_look_like_one_is_replaced(received):
    assert chosen_request_id(received) != received
