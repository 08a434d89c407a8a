"""Whose page a link of `/suivi/` opens: the link is all the proof there is, no cookie is set.

Owns what a wrong link answers; refuses to let a shared cache or another site keep the address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from guichet.core.access import PUBLIC, View, requires
from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.experiences.links import author_of

AuthorsView = Callable[..., HttpResponse]


def opened_by_link(view: AuthorsView) -> View:
    """A view of an author: `view(request, author, …)`. Whoever holds the address may act, and
    nobody else can forge it: no cookie and no token of a form are needed, so that it works on an
    old phone, from any mail application."""

    @requires(PUBLIC)
    @csrf_exempt
    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, token: str, **arguments: Any) -> HttpResponse:
        try:
            author = author_of(token)
        except (RuleViolation, TypeError, ValueError) as error:
            return kept_private(wrong_link(request, error))
        return kept_private(view(request, author, **arguments))

    return opened


def wrong_link(request: HttpRequest, error: Exception) -> HttpResponse:
    said = str(error) if isinstance(error, RuleViolation) else ""
    context = {"said": said or "Ce lien est incomplet : recopiez-le en entier."}
    return render(request, "experiences/following/wrong_link.html", context, status=404)


def kept_private(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def token_in(request: HttpRequest) -> str:
    """The token of the address that was opened: redirections keep it, as a bookmark does."""
    match = request.resolver_match
    return str(match.kwargs["token"]) if match else ""


def back_to_page(request: HttpRequest, done: str = "") -> HttpResponse:
    """To the author's page after a gesture; `done` names its thanks (`views.author.THANKS`)."""
    address = reverse("follow", args=[token_in(request)])
    return see_other(f"{address}?fait={done}" if done else address)
