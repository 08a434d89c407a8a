"""What went wrong, each with a way out: a page for people, a problem for users of the API."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context
from django.template.loader import get_template

from guichet.web.problems import problem

API = "/api/"


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that no browser of ours makes: a thousand parameters, a host that is not ours."""
    if request.path.startswith(API):
        return problem(400, "Cette demande est mal formée.")
    return render(request, "404.html", status=400)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problem(403, str(exception) or "Vous n'avez pas accès à cette adresse.")
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problem(404, "Rien à cette adresse : voyez /api/v1/docs.")
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """No context processor, no database: either may be what failed."""
    if request.path.startswith(API):
        return problem(500, "Le site a rencontré une erreur. Réessayez dans quelques minutes.")
    page = get_template("500.html").template  # type: ignore[attr-defined]
    return HttpResponse(page.render(Context({})), status=500)
