"""The public API, version 1: the routers that the apps registered, and errors as RFC 9457."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from guichet.core.access import PUBLIC, declaring, walk
from guichet.core.errors import RuleViolation
from guichet.core.extensions import api_routers

TITLES = {
    400: "Demande mal formée",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode non permise",
    422: "Paramètre non valable",
}


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """`application/problem+json` (RFC 9457)."""
    content = {
        "type": "about:blank",
        "title": TITLES.get(status, "Erreur"),
        "status": status,
        "detail": detail,
        **more,
    }
    return HttpResponse(
        json.dumps(content, ensure_ascii=False),
        status=status,
        content_type="application/problem+json",
    )


def build_api() -> NinjaAPI:
    api = NinjaAPI(
        title=f"{settings.INSTITUTION} : API publique",
        version="1",
        description="Données publiques du programme. Lecture libre, sans clé.",
        docs_url="/docs",
        openapi_url="/openapi.json",
        urls_namespace="api",
    )
    for entry in api_routers:
        assert isinstance(entry.router, Router)
        api.add_router(entry.prefix, entry.router)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, str(error) or "Rien à cette adresse.")

    @api.exception_handler(PermissionDenied)
    def refused(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, str(error) or "Vous n'avez pas accès à cette adresse.")

    @api.exception_handler(RuleViolation)
    def forbidden_by_rule(request: HttpRequest, error: RuleViolation) -> HttpResponse:
        return problem(422, str(error))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [
            {"parameter": str(fault["loc"][-1]), "reason": fault["msg"]} for fault in error.errors
        ]
        names = ", ".join(fault["parameter"] for fault in faults)
        return problem(422, f"À corriger : {names}.", errors=faults)

    @api.exception_handler(HttpError)
    def refused_by_framework(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    return api


def api_urls() -> tuple[Any, ...]:
    """The API's URLs: public, with an ETag on reads."""
    patterns, app_name, namespace = build_api().urls
    for pattern in walk(patterns):
        pattern.callback = conditional_page(pattern.callback)
    return declaring(PUBLIC, patterns), app_name, namespace
