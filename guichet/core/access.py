"""Who may open a page: each URL declares one named policy, held by a test; and by which methods.

Owns the mechanism; the policies themselves stand in the apps that know the roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods

from guichet.core.text import is_storable

View = Callable[..., HttpResponseBase]
Patterns = TypeVar("Patterns", bound=Iterable[Any])


def admit_anyone(request: HttpRequest, arguments: dict[str, Any]) -> dict[str, Any]:
    return arguments


@dataclass(frozen=True)
class Policy:
    """A named answer to "who may".

    `admit(request, url_arguments)` returns the arguments that the view gets (a code replaced by
    the object it names, say), raises `Http404` where existence must not leak and
    `PermissionDenied` where it may be known.
    """

    name: str
    meaning: str
    needs_login: bool = True
    admit: Callable[[HttpRequest, dict[str, Any]], dict[str, Any]] = admit_anyone


PUBLIC = Policy("public", "anybody, signed in or not", needs_login=False)
SIGNED_IN = Policy("signed_in", "any agent whose account is active")
PAGE_WITH_FORM = require_http_methods(["GET", "HEAD", "POST"])
"""Of a page that shows a form and takes what is sent with it."""


READING = ("GET", "HEAD", "OPTIONS")
SHORTEST_TEXT, MOST_TEXTS = 30, 10


def requires(policy: Policy) -> Callable[[View], View]:
    """Declare and enforce `policy` on a view. An address that nothing can have is not found."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **arguments: Any) -> HttpResponseBase:
            if not all(is_storable(each) for each in arguments.values() if isinstance(each, str)):
                raise Http404("Cette adresse ne peut rien désigner.")
            if policy.needs_login and not request.user.is_authenticated:
                return sent_to_sign_in(request)
            return view(request, *args, **policy.admit(request, arguments))

        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded

    return decorate


def sent_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To sign in, then to the page that was asked for or that held the form. What was typed in a
    form is given back first: its post is lost."""
    following = page_of_the_form(request) or request.get_full_path()
    if not typed_texts(request):
        return redirect_to_login(following)
    give_back: Callable[[HttpRequest, str], HttpResponse]
    give_back = import_string(settings.SESSION_ENDED_VIEW)
    return give_back(request, following)


def page_of_the_form(request: HttpRequest) -> str:
    """The page of this site that a form was sent from, empty when the browser does not say."""
    origin = request.headers.get("Referer", "")
    if request.method in READING or not url_has_allowed_host_and_scheme(
        origin, {request.get_host()}, require_https=request.is_secure()
    ):
        return ""
    page = urlsplit(origin)
    return f"{page.path}?{page.query}" if page.query else page.path


def typed_texts(request: HttpRequest) -> list[str]:
    """What was written at some length in a form: several words, not a code or a choice."""
    if request.method in READING:
        return []
    values = [value.strip() for _, several in request.POST.lists() for value in several]
    return [value for value in values if len(value) >= SHORTEST_TEXT and " " in value][:MOST_TEXTS]


def declaring(policy: Policy, patterns: Patterns) -> Patterns:
    """Enforce `policy` on every URL of another package's `patterns`, and give them back."""
    for pattern in walk(patterns):
        pattern.callback = requires(policy)(pattern.callback)
    return patterns


def walk(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """Every leaf of a URL tree."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns)
        else:
            yield pattern


def policy_of(pattern: URLPattern) -> Policy | None:
    return getattr(pattern.callback, "policy", None)
