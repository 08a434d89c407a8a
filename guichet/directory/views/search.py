"""`/services/`: find a place that receives the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.words import distance_in_words
from guichet.directory.forms import SearchForm
from guichet.directory.models import StructureKind
from guichet.directory.search import Found, SearchResults, SearchWish, search_structures
from guichet.territories.queries import CommuneMatch

HELP_KIND = "france_services"
FILTERS = ("ouvert", "accessible", "rdv")


@requires(PUBLIC)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wish = form.wish()
    results = search_structures(wish) if wish.asks_something else None
    context: dict[str, Any] = {"form": form, "wish": wish, "results": None}
    if results is None:
        context["common_kinds"] = [
            Link(kind.label, address(QueryDict(), quoi=kind.label))
            for kind in StructureKind.objects.filter(is_common=True)
        ]
    else:
        context["results"] = results_page(results, wish, request.GET)
    return render(request, "directory/services.html", context)


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class FoundCard:
    """One result, in words."""

    found: Found
    detail: str


@dataclass(frozen=True)
class ResultsPage:
    """Search results with the words and addresses that the page shows."""

    heading: str
    cards: list[FoundCard]
    place: CommuneMatch | None
    place_unknown: bool
    other_places: list[Link]
    previous_url: str
    next_url: str
    unfiltered_url: str
    help_url: str


def results_page(results: SearchResults, wish: SearchWish, query: QueryDict) -> ResultsPage:
    return ResultsPage(
        heading=heading(results, wish),
        cards=[FoundCard(found, detail(found)) for found in results.items],
        place=results.place,
        place_unknown=results.place_unknown,
        other_places=[
            Link(place_label(place), address(query, ou=place.insee_code, lat=None, lon=None, page=None))
            for place in results.other_places
        ],
        previous_url=address(query, page=results.page - 1) if results.page > 1 else "",
        next_url=address(query, page=results.page + 1) if results.has_next else "",
        unfiltered_url=address(query, **dict.fromkeys(FILTERS)),
        help_url=address(query, q=None, quoi=None, type=HELP_KIND, page=None),
    )


def heading(results: SearchResults, wish: SearchWish) -> str:
    what = results.kinds[0].label if results.kinds else "Services"
    if wish.what and not results.kinds:
        what = f"« {wish.what} »"
    if results.place:
        return f"{what} près de {results.place.name}"
    if wish.origin:
        return f"{what} près de vous"
    return f"{what} en France"


def place_label(place: CommuneMatch) -> str:
    return f"{place.name} ({place.departement_name})"


def detail(found: Found) -> str:
    kind = found.structure.kind.label
    if found.distance_m is None:
        return kind
    return f"{kind}, à {distance_in_words(found.distance_m)}"


def address(query: QueryDict, **changes: Any) -> str:
    """This page's address with some parameters changed; None removes one."""
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = str(value)
    return f"/services/?{changed.urlencode()}"
