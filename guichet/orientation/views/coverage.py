"""`/orientation/couverture/`: who lives near a kind of place, and who does not."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.directory.csv_sheets import written_lines
from guichet.directory.views.csv_answers import csv_answer
from guichet.orientation.coverage.files import commune_records, departement_records
from guichet.orientation.coverage.forms import KindForm, asked
from guichet.orientation.coverage.page import (
    BY_NAME,
    WORKING,
    Coverage,
    choices,
    coverage_of,
    far_communes,
    kind_label,
    named,
)
from guichet.territories.models import Departement

PAGE_SIZE = 100
NOTHING_MEASURED = "Rien n'est encore mesuré pour ce type de lieu."


@requires(PUBLIC)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    kind, minutes = asked(request.GET)
    found = coverage_of(kind, minutes)
    measured = choices()
    order = BY_NAME if request.GET.get("tri") == BY_NAME else ""
    context = {
        "coverage": found,
        "kind_label": found.label if found else kind_label(kind),
        "lines": found.ordered(order) if found else [],
        "is_by_name": order == BY_NAME,
        "form": KindForm({"type": kind}, choices=measured),
        "measured": measured,
        "has_other_kinds": any(choice.kind != kind for choice in measured),
        "limits": [choice.minutes for choice in measured if choice.kind == kind],
        "working": WORKING,
    }
    return render(request, "orientation/coverage.html", context)


@requires(PUBLIC)
@require_safe
def coverage_departement(request: HttpRequest, departement: str) -> HttpResponse:
    territory = get_object_or_404(Departement, code=departement)
    found = coverage_of(*asked(request.GET))
    rows = far_communes(found, territory.code) if found else []
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    line = found.line(territory.code) if found else None
    context = {
        "territory": territory,
        "coverage": found,
        "line": line,
        "sentence": found.sentence(line.count) if found and line else "",
        "working": WORKING,
        "page": page,
        "communes": named(list(page.object_list)),
    }
    return render(request, "orientation/coverage_departement.html", context)


@requires(PUBLIC)
@require_safe
def coverage_departements_csv(request: HttpRequest) -> HttpResponseBase:
    found = coverage_or_404(request)
    lines = written_lines(departement_records(found))
    return csv_answer(lines, f"{found.file_name}-departements.csv")


@requires(PUBLIC)
@require_safe
def coverage_communes_csv(request: HttpRequest) -> HttpResponseBase:
    found = coverage_or_404(request)
    lines = written_lines(commune_records(found))
    return csv_answer(lines, f"{found.file_name}-communes.csv")


def coverage_or_404(request: HttpRequest) -> Coverage:
    found = coverage_of(*asked(request.GET))
    if found is None:
        raise Http404(NOTHING_MEASURED)
    return found
