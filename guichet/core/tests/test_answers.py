"""What every answer holds back: bodies too large, durations that tell, pages of one person."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from guichet.core.middleware import (
    PrivatePagesMiddleware,
    RequestLogMiddleware,
    RequestSizeMiddleware,
)


class Page:
    """A view that counts its visits."""

    def __init__(self) -> None:
        self.visits = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.visits += 1
        return HttpResponse("ok")


def posted(length: str) -> HttpRequest:
    return RequestFactory().post("/", CONTENT_LENGTH=length)


@pytest.mark.parametrize("length", ["11", "99999999999999999999"])
def test_a_body_too_large_is_refused_before_anything_reads_it(settings, length):
    settings.LARGEST_REQUEST_BYTES = 10
    settings.TOO_LARGE_VIEW = "guichet.core.middleware.too_large"
    page = Page()
    response = RequestSizeMiddleware(page)(posted(length))
    assert (response.status_code, page.visits) == (413, 0)
    assert "envoyez un fichier plus petit" in response.content.decode()


@pytest.mark.parametrize("length", ["10", "0", "", "-1", "dix", "²"])
def test_other_bodies_pass(settings, length):
    settings.LARGEST_REQUEST_BYTES = 10
    page = Page()
    assert RequestSizeMiddleware(page)(posted(length)).status_code == 200
    assert page.visits == 1


@pytest.mark.parametrize(("method", "is_told"), [("get", True), ("head", True), ("post", False)])
def test_only_readings_tell_how_long_they_took(method, is_told):
    request = getattr(RequestFactory(), method)("/")
    request.resolver_match = None
    assert ("Server-Timing" in RequestLogMiddleware(Page())(request)) is is_told


@pytest.mark.parametrize(("user", "kept"), [(7, "private, no-cache"), (None, None)])
def test_no_shared_cache_keeps_what_is_drawn_for_a_person(user, kept):
    request = RequestFactory().get("/")
    request._cached_user = SimpleNamespace(pk=user)
    assert PrivatePagesMiddleware(Page())(request).get("Cache-Control") == kept


def test_a_page_that_says_how_long_it_may_be_kept_is_left_alone():
    request = RequestFactory().get("/")
    request._cached_user = SimpleNamespace(pk=7)

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok", headers={"Cache-Control": "private, no-store"})

    assert PrivatePagesMiddleware(page)(request)["Cache-Control"] == "private, no-store"
