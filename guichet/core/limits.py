"""Costly reading: how often one network address may ask for it.

Owns the counters and what refuses one search too many; refuses to write in the database, for
reading never does: each web process counts for itself, in its memory, so that *n* processes let
through *n* times the number at most. (Limits on what is sent, or guessed wrong, are shared by all.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

COUNTERS = "process"
SEARCHES_A_MINUTE = 120
"""Of all kinds: ten people at a counter share one address."""

MINUTE_S = 60
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def asked_so_far(action: str, address: str, within_s: int) -> int:
    """This one included, in the `within_s` seconds that began with the first."""
    counters, key = caches[COUNTERS], f"{action}:{address}"
    counters.add(key, 0, within_s)
    try:
        return int(counters.incr(key))
    except ValueError:  # its time ended between the two lines
        return 1


def limits_searches(parameters: str) -> Callable[[View[P]], View[P]]:
    """A page on which people search by any of these query parameters (separated by spaces): such
    requests are counted before anything is read."""
    names = parameters.split()

    def limiting(view: View[P]) -> View[P]:
        @wraps(view)
        def limited(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            searches = any(request.GET.get(name, "").strip() for name in names)
            if searches and asked_so_far("search", get_ip(request), MINUTE_S) > SEARCHES_A_MINUTE:
                return wait_page(request)
            return view(request, *args, **kwargs)

        return limited

    return limiting


def wait_page(request: HttpRequest) -> HttpResponse:
    page = render(request, "ui/too_many_searches.html", status=429)
    page.headers["Retry-After"] = str(MINUTE_S)
    return page
