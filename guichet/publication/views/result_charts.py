"""The charts of the results pages: one address for each, drawn once, kept by browsers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.publication.editions import asked_edition
from guichet.publication.limits import CHART, wait_page
from guichet.publication.published.queries import results_of_structure
from guichet.publication.result_pages.series_charts import kept_svg, known_svg
from guichet.publication.result_pages.structure_charts import drawing_of
from guichet.publication.views.results import public_structure

KEPT_S = 24 * 3600


@requires(PUBLIC)
@require_safe
def chart(request: HttpRequest, code: str, indicator: str) -> HttpResponse:
    """Only drawings that nobody asked for before are counted."""
    structure, edition = public_structure(code), asked_edition(request)
    if structure is None or edition is None:
        raise Http404("Rien n'est publié de ce lieu.")
    results = results_of_structure(structure, edition.release)
    for result in results.indicators:
        if result.version.indicator.code == indicator:
            drawing = drawing_of(result, results.departement, edition.release)
            if drawing is not None:
                known = known_svg(drawing)
                wait = None if known else wait_page(request, CHART)
                return wait or svg_answer(known or kept_svg(drawing), drawing.key)
    raise Http404("Il n'y a pas assez de chiffres pour un graphique.")


def svg_answer(svg: str, key: str) -> HttpResponse:
    response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={KEPT_S}"
    response["ETag"] = f'"{key}"'
    return response
