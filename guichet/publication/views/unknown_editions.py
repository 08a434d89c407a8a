"""An edition that does not exist: the page that lists those that do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from guichet.publication.editions import PARAMETER, UnknownEdition
from guichet.publication.models import Release

SHOWN = 24
NAME_SHOWN = 60
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def tells_editions(view: View[P]) -> View[P]:
    """Answers UnknownEdition with the same page of each edition that exists, or with their pages
    of files where the view gives files."""

    @wraps(view)
    def told(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except UnknownEdition as error:
            return unknown_edition(request, error)

    return told


def unknown_edition(request: HttpRequest, error: UnknownEdition) -> HttpResponseBase:
    is_download = PARAMETER not in request.GET
    releases = Release.objects.published().order_by("-published_at")[:SHOWN]
    editions = [
        (one, reverse("open_release", args=[one.name]) if is_download else same_page(request, one))
        for one in releases
    ]
    context = {"name": error.name[:NAME_SHOWN], "editions": editions, "is_download": is_download}
    return render(request, "publication/unknown_edition.html", context, status=404)


def same_page(request: HttpRequest, release: Release) -> str:
    asked = request.GET.copy()
    if release.is_current:
        del asked[PARAMETER]
    else:
        asked[PARAMETER] = release.name
    return f"{request.path}?{asked.urlencode()}" if asked else request.path
