"""What every answer gets: a number that the logs carry, a log line, a content security policy,
a page when an address does not take the method.

Owns also what no request may send (more than `LARGEST_REQUEST_BYTES`) and no shared cache keep.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string

from guichet.core.logs import log_context

GetResponse = Callable[[HttpRequest], HttpResponseBase]
RefusalView = Callable[[HttpRequest, int], HttpResponse]
NotAllowedView = Callable[[HttpRequest, str], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
QUIET_PATHS = ("/healthz", "/readyz", settings.STATIC_URL)
IDENTIFYING_ARGUMENTS = ("code", "network", "insee_code", "pk", "id")
TIMED_METHODS = ("GET", "HEAD")
"""How long a login took would tell whether the address has an account."""
logger = logging.getLogger("guichet.request")


class RequestLogMiddleware:
    """Numbers each request, and logs its method, page, status, duration and user's id.

    Questions of machines and static files are logged only when they fail.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = chosen_request_id(request.headers.get("X-Request-ID", ""))
        request.request_id = request_id  # type: ignore[attr-defined]
        with log_context(request_id=request_id):
            return self.logged(request, request_id)

    def logged(self, request: HttpRequest, request_id: str) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        duration_ms = round((time.perf_counter() - started) * 1000, 1)
        if request.method in TIMED_METHODS:
            response.headers["Server-Timing"] = f"total;dur={duration_ms}"
        response.headers["X-Request-ID"] = request_id
        if response.status_code < 500 and request.path.startswith(QUIET_PATHS):
            return response
        logger.info(
            "request",
            extra={
                "method": loggable_method(request.method),
                "path": loggable_path(request),
                "status": response.status_code,
                "duration_ms": duration_ms,
                "user_id": known_user_id(request),
            },
        )
        return response


def chosen_request_id(received: str) -> str:
    """The number that a reverse proxy gave, when it looks like one; a new one otherwise."""
    return received if REQUEST_ID.fullmatch(received) else secrets.token_hex(8)


def loggable_path(request: HttpRequest) -> str:
    """The page's pattern with its identifiers: never a search, a title, a token or a typed word.

    `/services/<code>/` becomes `/services/7f2c…/`; `/suivi/<token>/` stays as it is written; an
    address that leads nowhere shows nothing, for anything may have been typed in it.
    """
    match = request.resolver_match
    if match is None:
        return "-"

    def shown(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        value = match.kwargs.get(name)
        is_number = isinstance(value, int)
        if is_number or (name in IDENTIFYING_ARGUMENTS and is_identifier(value)):
            return str(value)
        return f"<{name}>"

    return "/" + re.sub(r"<([^<>]+)>", shown, match.route)


def is_identifier(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value) is not None


def loggable_method(method: str | None) -> str:
    return method if method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"


def known_user_id(request: HttpRequest) -> object:
    """The user's id if the view asked for it: the log alone does not load a session."""
    user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None) or "-"


class ContentSecurityPolicyMiddleware:
    """Own scripts and styles only; inline scripts carry the request's nonce."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        form_action = " ".join(["'self'", *getattr(settings, "CSP_FORM_ACTIONS", [])])
        response.headers.setdefault(
            "Content-Security-Policy",
            f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' "
            "'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'; "
            f"form-action {form_action}; frame-ancestors 'none'",
        )
        return response


class RequestSizeMiddleware:
    """Refuses, unread, a body larger than any form of ours takes: it would fill the disk."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        largest = settings.LARGEST_REQUEST_BYTES
        if announced_bytes(request) <= largest:
            return self.get_response(request)
        answer: RefusalView = import_string(settings.TOO_LARGE_VIEW)
        return answer(request, largest)


def too_large(request: HttpRequest, largest: int) -> HttpResponse:
    """In plain text; `TOO_LARGE_VIEW` names what answers to a person, or to users of the API."""
    return HttpResponse(
        f"Cet envoi dépasse {largest // 10**6} Mo\u00a0: revenez en arrière et envoyez un "
        "fichier plus petit.",
        status=413,
        content_type="text/plain; charset=utf-8",
    )


def announced_bytes(request: HttpRequest) -> int:
    """The length that the request announces; Django reads none of a body without one."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


class NotAllowedMiddleware:
    """A page, rather than an empty answer, for who opens an address that only takes a form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or getattr(response, "content", None) != b"":
            return response
        draw: NotAllowedView = import_string(settings.NOT_ALLOWED_VIEW)
        allowed = response.headers["Allow"]
        page = draw(request, allowed)
        page.headers["Allow"] = allowed
        return page


class PrivatePagesMiddleware:
    """What is drawn for somebody signed in is kept by no cache that others share."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if known_user_id(request) != "-":
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
