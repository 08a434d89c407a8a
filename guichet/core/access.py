"""Who may open a page: each URL declares one named policy, held by a test; and by which methods.

Owns the mechanism; the policies themselves stand in the apps that know the roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
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


def requires(policy: Policy) -> Callable[[View], View]:
    """Declare and enforce `policy` on a view. An address that nothing can have is not found."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **arguments: Any) -> HttpResponseBase:
            if not all(is_storable(each) for each in arguments.values() if isinstance(each, str)):
                raise Http404("Cette adresse ne peut rien désigner.")
            if policy.needs_login and not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return view(request, *args, **policy.admit(request, arguments))

        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded

    return decorate


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
