"""Errors of the API: `application/problem+json` (RFC 9457), in French.

Owns the form and the words; refuses to decide what is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guichet.core.access import page_of_the_form

API_PATH = "/api/"
PROBLEM_TYPE = "application/problem+json"
TITLES = {
    400: "Demande mal formée",
    401: "Jeton absent ou inconnu",
    403: "Accès refusé",
    404: "Introuvable",
    405: "Méthode non permise",
    409: "À confirmer",
    413: "Envoi trop lourd",
    422: "Demande à corriger",
    429: "Trop de demandes",
    500: "Erreur du site",
}
REASONS = {
    "missing": "Ce paramètre est obligatoire.",
    "int_parsing": "Écrivez un nombre entier.",
    "float_parsing": "Écrivez un nombre.",
    "bool_parsing": "Écrivez true ou false.",
    "greater_than_equal": "Écrivez un nombre d'au moins {ge}.",
    "less_than_equal": "Écrivez un nombre d'au plus {le}.",
    "string_too_long": "Écrivez au plus {max_length} caractères.",
    "string_too_short": "Écrivez au moins {min_length} caractères.",
}
FORMS = {
    "commune": "Écrivez un code INSEE de cinq caractères, par exemple 59350.",
    "near": "Écrivez latitude,longitude en degrés, par exemple 50.63,3.06.",
    "type": "Écrivez un code de la DILA, par exemple mairie.",
    "ressenti": "Écrivez positive, neutral ou negative.",
    "aspect": "Écrivez accessibility, information, relation, responsiveness ou simplicity.",
    "reponse": "Écrivez oui ou non.",
    "promesse": "Écrivez faite ou tenue.",
    "periode": "Écrivez 30j, 90j, 12m ou une année, par exemple 2026.",
}
"""What each parameter with a pattern expects."""


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """The whole answer; `detail` is a sentence for a person, `more` for a program."""
    content = {
        "type": "about:blank",
        "title": TITLES.get(status, "Erreur"),
        "status": status,
        "detail": detail,
        **more,
    }
    return HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type=PROBLEM_TYPE
    )


def too_large(request: HttpRequest, largest: int) -> HttpResponse:
    """The answer to a body of more than `largest` bytes, to a program or to a person."""
    if not request.path.startswith(API_PATH):
        back = page_of_the_form(request) or request.path
        context = {"most_mb": largest // 10**6, "back": back}
        return render(request, "413.html", context, status=413)
    return problem(
        413,
        f"Cet envoi dépasse {largest // 10**6} Mo : envoyez le fichier en plusieurs fois, au "
        "format Parquet, ou sur le serveur.",
    )


def faults_of(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Pydantic's errors as `{"parameter", "reason"}`, in French where we know how to mend them."""
    return [{"parameter": str(error["loc"][-1]), "reason": reason_of(error)} for error in errors]


def reason_of(error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch":
        return FORMS.get(str(error["loc"][-1]), "Ce n'est pas la forme attendue.")
    words = REASONS.get(str(error["type"]), "Cette valeur n'est pas valable.")
    return words.format_map(error.get("ctx", {}))
