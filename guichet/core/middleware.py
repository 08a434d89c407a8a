"""What every answer gets: a log line, a content security policy."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
logger = logging.getLogger("guichet.request")


class RequestLogMiddleware:
    """Logs method, path without its query (it may hold a citizen's words), status, duration."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        duration_ms = round((time.perf_counter() - started) * 1000, 1)
        response.headers["Server-Timing"] = f"total;dur={duration_ms}"
        user = getattr(request, "user", None)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "path": loggable_path(request.path),
                "status": response.status_code,
                "duration_ms": duration_ms,
                "user_id": getattr(user, "pk", None) or "-",
            },
        )
        return response


def loggable_path(path: str) -> str:
    """The path without the secret of a follow-up or invitation link."""
    parts = path.split("/")
    return "/".join("…" if len(part) > 60 else part for part in parts)


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
