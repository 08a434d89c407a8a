"""The card of a structure's results, for a service's own site: the only pages that others frame."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.publication.editions import asked_edition
from guichet.publication.published.queries import results_of_structure
from guichet.publication.result_pages.cards import Card, card_of
from guichet.publication.views.results import public_structure

FRAMED_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
KEPT_S = 3600


def asked_card(request: HttpRequest, code: str) -> Card:
    structure, edition = public_structure(code), asked_edition(request)
    if structure is None or edition is None:
        raise Http404("Rien n'est publié de ce lieu.")
    results = results_of_structure(structure, edition.release)
    return card_of(results, edition, timezone.localdate())


@requires(PUBLIC)
@xframe_options_exempt
@require_safe
def frame(request: HttpRequest, code: str) -> HttpResponse:
    card = asked_card(request, code)
    return framed(render(request, "publication/results/card.html", {"card": card}))


@requires(PUBLIC)
@require_safe
def image(request: HttpRequest, code: str) -> HttpResponse:
    card = asked_card(request, code)
    answer = render(
        request,
        "publication/results/card.svg",
        {"card": card},
        content_type="image/svg+xml; charset=utf-8",
    )
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return framed(answer)


def framed(answer: HttpResponse) -> HttpResponse:
    answer["Content-Security-Policy"] = FRAMED_POLICY
    answer["Cache-Control"] = f"public, max-age={KEPT_S}"
    return answer
