"""Costly pages: how many of each kind one network address may ask for in five minutes.

Owns the numbers and the page that says to wait; refuses to count what is kept ready, so that a
counter whose computers share one address is not stopped by ordinary reading.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from guichet.core.limits import asked_so_far

POSTER, CSV, CHART = "draw_poster", "write_csv", "draw_chart"
LIMITS = {POSTER: 120, CSV: 120, CHART: 900}
"""A page of results has at most some twenty charts, each drawn for its first reader only."""
WAIT_S = 300
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def wait_page(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count one more of these; the page to answer when it is one too many."""
    if asked_so_far(action, get_ip(request), WAIT_S) <= LIMITS[action]:
        return None
    page = render(request, "publication/too_many.html", {"is_file": action == CSV}, status=429)
    page.headers["Retry-After"] = str(WAIT_S)
    return page


def limits(
    action: str, when: Callable[[HttpRequest], bool] = lambda request: True
) -> Callable[[View[P]], View[P]]:
    """A view whose requests (those for which `when` holds) are counted before it reads anything."""

    def limiting(view: View[P]) -> View[P]:
        @wraps(view)
        def limited(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            wait = wait_page(request, action) if when(request) else None
            return wait or view(request, *args, **kwargs)

        return limited

    return limiting
