"""What went wrong, each with a way out: a page for people, a problem for users of the API."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template import Context
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils.http import urlencode

from guichet.core.access import page_of_the_form, typed_texts
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


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """An address that takes a form only, opened by hand, from the history or after signing in; or
    a page that takes none (`allowed` lists the methods that the address takes)."""
    can_be_read = "GET" in allowed
    back = request.path if can_be_read else page_above(request.path)
    return render(request, "405.html", {"back": back, "can_be_read": can_be_read}, status=405)


def page_above(path: str) -> str:
    """The nearest address above that leads somewhere: forms are sent below their page."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def session_ended(request: HttpRequest, following: str) -> HttpResponse:
    """What was sent once the session was over: nothing is kept of it, so it is given back."""
    sign_in = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': following})}"
    context = {"sign_in": sign_in, "texts": typed_texts(request)}
    return render(request, "session_ended.html", context, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form has no proof of coming from us, or a stale one. Texts are given back only to our
    own pages: another site would have its words shown on ours."""
    if request.path.startswith(API):
        return problem(403, "Cette demande ne vient pas d'une page du site.")
    came_from = page_of_the_form(request)
    context = {"back": came_from, "texts": typed_texts(request) if came_from else []}
    return render(request, "403_csrf.html", context, status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """No context processor, no database: either may be what failed."""
    if request.path.startswith(API):
        return problem(500, "Le site a rencontré une erreur. Réessayez dans quelques minutes.")
    page = get_template("500.html").template  # type: ignore[attr-defined]
    return HttpResponse(page.render(Context({})), status=500)
