"""`/services/`: find a place that receives the public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.directory.forms import SearchForm
from guichet.directory.search import search_structures


@requires(PUBLIC)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wish = form.wish()
    asked = bool(wish.what or wish.where or wish.kind_code or wish.origin)
    context = {
        "form": form,
        "wish": wish,
        "asked": asked,
        "results": search_structures(wish) if asked else None,
        "query": query_without(request, "page"),
        "filters": query_without(request, "ou", "page", "lat", "lon"),
    }
    return render(request, "directory/services.html", context)


def query_without(request: HttpRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
