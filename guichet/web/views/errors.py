"""Pages for what went wrong, each with a way out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """No context processor, no database: either may be what failed."""
    from django.template.loader import get_template

    return HttpResponse(get_template("500.html").template.render(_empty()), status=500)  # type: ignore[attr-defined]


def _empty() -> object:
    from django.template import Context

    return Context({})
