"""`/services/`: find a place that receives the public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.limits import limits_searches
from guichet.directory.forms import wish_of
from guichet.directory.search import search_structures
from guichet.directory.search_page import all_kind_links, common_kind_links, results_page


@requires(PUBLIC)
@require_safe
@limits_searches("quoi q ou")
def services(request: HttpRequest) -> HttpResponse:
    wish = wish_of(request.GET)
    if not wish.asks_something:
        context = {"common_kinds": common_kind_links(), "all_kinds": all_kind_links()}
        return render(request, "directory/services.html", context)
    results = results_page(search_structures(wish), wish)
    return render(request, "directory/results.html", {"results": results})
