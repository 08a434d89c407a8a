"""The public API, version 1: the routers that the apps registered, and errors as RFC 9457.

Owns the assembly; refuses an answer that is not JSON, whatever goes wrong.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import conditional_page
from ninja import Router
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer

from guichet.core.access import PUBLIC, View, declaring, walk
from guichet.core.errors import ApiProblem, RuleViolation
from guichet.core.extensions import api_routers
from guichet.web.api_document import DocumentedApi, DocumentPage
from guichet.web.problems import faults_of, problem

NAMESPACE = "api"
DESCRIPTION = (
    "Les lieux qui reçoivent le public, les communes de France et les résultats publiés. Lecture "
    "libre, sans clé, depuis toute page web ; un réseau envoie ses chiffres avec un jeton. Les "
    "erreurs suivent la RFC 9457 ; l'en-tête ETag évite de relire ce qui n'a pas changé."
)


class FrenchRenderer(JSONRenderer):
    """Accents as they are: lighter, and readable."""

    json_dumps_params = {"ensure_ascii": False}


def build_api() -> DocumentedApi:
    api = DocumentedApi(
        title=f"API de {settings.INSTITUTION}",
        version="1",
        description=DESCRIPTION,
        docs=DocumentPage(),
        renderer=FrenchRenderer(),
        docs_url="/docs",
        openapi_url="/openapi.json",
        urls_namespace=NAMESPACE,
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
        faults = faults_of(error.errors)
        names = ", ".join(fault["parameter"] for fault in faults)
        return problem(422, f"À corriger : {names}.", errors=faults)

    @api.exception_handler(ApiProblem)
    def refused_by_app(request: HttpRequest, error: ApiProblem) -> HttpResponse:
        response = problem(error.status, str(error), **error.more)
        if error.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        if "retry_after" in error.more:
            response.headers["Retry-After"] = str(error.more["retry_after"])
        return response

    @api.exception_handler(HttpError)
    def refused_by_framework(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    return api


def api_urls() -> tuple[Any, ...]:
    """The API's URLs: public, with an ETag on reads, HEAD beside GET, problems for the rest."""
    patterns, app_name, namespace = build_api().urls
    for pattern in walk(patterns):
        view = index if pattern.name == "api-root" else pattern.callback
        pattern.callback = well_behaved(view)
    return declaring(PUBLIC, patterns), app_name, namespace


def well_behaved(view: View) -> View:
    """Every method is answered: HEAD like GET, OPTIONS with what is allowed, others 405."""
    read = conditional_page(view)

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **arguments: Any) -> HttpResponseBase:
        asks_head = request.method == "HEAD"
        if asks_head:
            request.method = "GET"
        response = read(request, *args, **arguments)
        if response.status_code == 405:
            return not_allowed(request, response)
        if asks_head and isinstance(response, HttpResponse):
            length = str(len(response.content))
            response.content = b""
            response.headers["Content-Length"] = length
        return response

    return answered


def not_allowed(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    allowed = ", ".join(dict.fromkeys([*response.headers["Allow"].split(", "), "HEAD", "OPTIONS"]))
    if request.method == "OPTIONS":
        answer = HttpResponse(status=204)
    else:
        answer = problem(405, f"Cette adresse accepte : {allowed}.")
    answer.headers["Allow"] = allowed
    return answer


def index(request: HttpRequest) -> HttpResponse:
    """What stands under /api/v1/, for who starts there."""
    here = request.build_absolute_uri(request.path)
    return JsonResponse(
        {
            "title": f"API de {settings.INSTITUTION}",
            "version": "1",
            "documentation": f"{here}docs",
            "openapi": f"{here}openapi.json",
            "resources": [f"{here}{entry.prefix.strip('/')}" for entry in api_routers],
        },
        json_dumps_params={"ensure_ascii": False},
    )
