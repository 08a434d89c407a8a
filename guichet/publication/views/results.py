"""`/resultats/…`: what is published of services, networks and territories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.text import search_text
from guichet.directory.forms import wish_of
from guichet.directory.models import Network, Structure
from guichet.directory.queries import code_known_elsewhere
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.reading.scopes import Territory as StoriesTerritory
from guichet.experiences.reading.structure_block import StoriesBlock, block_of
from guichet.publication.editions import asked_edition
from guichet.publication.limits import CSV, limits
from guichet.publication.published.network_results import SORTS
from guichet.publication.published.queries import (
    results_of_network,
    results_of_structure,
    results_of_territory,
    territory_named,
)
from guichet.publication.published.territory_results import Territory, address_of
from guichet.publication.result_pages import network_page, territory_page
from guichet.publication.result_pages.results_csv import COLUMNS, written_csv
from guichet.publication.result_pages.results_search import networks_with_results, search_page
from guichet.publication.result_pages.search_csv import HEADER, search_rows
from guichet.publication.result_pages.structure_page import structure_page, structure_rows
from guichet.publication.views.unknown_editions import tells_editions
from guichet.territories.models import Region

PER_PAGE = 20
STRUCTURE_READ = (
    *("code", "name", "level", "path", "is_fictional", "closed_on", "merged_into"),
    *("network__code", "network__name", "network__publication_level"),
)
TERRITORY_READ = (
    *("commune__name", "commune__departement__code", "commune__departement__name"),
    *("commune__departement__region__code", "commune__departement__region__name"),
)
"""A structure holds five times as much as its results say of it."""


def wants_csv(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv"


@requires(PUBLIC)
@tells_editions
@limits(CSV, when=wants_csv)
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    edition = asked_edition(request)
    if edition is None:
        return render(request, "publication/results/none.html")
    wish = wish_of(request.GET)
    demonstrates = edition.release.is_demonstration
    context = {"edition": edition, "invented": "whole" if demonstrates else ""}
    if wish.asks_something:
        found = search_page(wish, edition.release, edition.query)
        if wants_csv(request):
            return csv_answer(search_rows(found, edition.release), "resultats-recherche", HEADER)
        return render(request, "publication/results/found.html", context | {"page": found})
    networks = networks_with_results(edition.release)
    regions = Region.objects.order_by("name")
    return render(
        request,
        "publication/results/search.html",
        context
        | {"networks": networks, "regions": regions, "invented": "part" if demonstrates else ""}
        | {"position_is_unknown": "autour" in request.GET},
    )


def public_structure(code: str) -> Structure | None:
    return (
        Structure.objects.select_related("network", "commune__departement__region")
        .only(*STRUCTURE_READ, *TERRITORY_READ)
        .filter(code=code)
        .first()
    )


@requires(PUBLIC)
@tells_editions
@limits(CSV, when=wants_csv)
@require_safe
def structure_results(request: HttpRequest, code: str) -> HttpResponse:
    structure = public_structure(code)
    if structure is None:
        return redirect_to_known_code(code)
    if structure.merged_into is not None:
        return redirect("structure_results", code=structure.merged_into.code, permanent=True)
    edition = asked_edition(request)
    if edition is None:
        return render(request, "publication/results/none.html", {"structure": structure})
    if wants_csv(request):
        whole = results_of_structure(structure, edition.release, whole=True)
        return csv_answer(structure_rows(whole), f"resultats-{structure.code}")
    found = results_of_structure(structure, edition.release)
    page = structure_page(found, edition, timezone.localdate())
    return render(request, "publication/results/structure.html", {"page": page, "edition": edition})


def redirect_to_known_code(code: str) -> HttpResponse:
    known = code_known_elsewhere(code)
    if known is None or known == code:
        raise Http404("Ce lieu n'existe pas ou n'existe plus.")
    return redirect("structure_results", code=known, permanent=True)


@requires(PUBLIC)
@tells_editions
@limits(CSV, when=wants_csv)
@require_safe
def network_results(request: HttpRequest, network: str) -> HttpResponse:
    found = Network.objects.filter(code=network).first()
    if found is None:
        raise Http404("Ce réseau n'existe pas.")
    edition = asked_edition(request)
    if edition is None:
        return render(request, "publication/results/none.html", {"network": found})
    sort = request.GET.get("tri", "")
    sort = sort if sort in SORTS else SORTS[0]
    indicator = search_text(request.GET.get("indicateur", ""))
    read = results_of_network(found, edition.release, indicator=indicator, sort=sort)
    if wants_csv(request):
        return csv_answer(network_page.rows(read), f"resultats-{found.code}")
    entries = Paginator(read.valued, PER_PAGE).get_page(request.GET.get("page"))
    page = network_page.network_page(read, edition, sort, list(entries))
    context = {"page": page, "edition": edition, "entries": entries, "query": request.GET}
    return render(request, "publication/results/network.html", context)


@requires(PUBLIC)
@tells_editions
@limits(CSV, when=wants_csv)
@require_safe
def territory_results(request: HttpRequest, territory: str) -> HttpResponse:
    found = territory_named(territory)
    if found is None:
        raise Http404("Ce territoire n'existe pas.")
    edition = asked_edition(request)
    if edition is None:
        return render(request, "publication/results/none.html")
    name = f"resultats-territoire-{territory}"
    if wants_csv(request) and territory_page.EVERY_PERIOD in request.GET:
        every = territory_page.rows_of_every_period(found.place, edition.release)
        return csv_answer(every, f"{name}-toutes-periodes")
    read = results_of_territory(found, edition.release)
    if wants_csv(request):
        return csv_answer(territory_page.rows(read), name)
    page = territory_page.territory_page(read, edition, timezone.localdate())
    context = {"page": page, "edition": edition, "stories": stories_in(found)}
    return render(request, "publication/results/territory.html", context)


def stories_in(found: Territory) -> StoriesBlock | None:
    """What is told of a département or a région, found once for the whole page."""
    if not found.departements:
        return None
    code = address_of(found.place)
    territory = StoriesTerritory(code, found.place.name, found.departements)
    return block_of(Scope(territory=territory))


def csv_answer(
    rows: Iterable[Sequence[str]], name: str, header: Sequence[str] = COLUMNS
) -> HttpResponse:
    response = HttpResponse(written_csv(rows, header), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
