"""`/orientation/fiche/…`: a hand-over sheet, by its reference, for whoever holds it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.text import search_text
from guichet.orientation.handovers.guesses import may_try, note_wrong
from guichet.orientation.handovers.references import read_reference, shown_reference
from guichet.orientation.handovers.sheet import PUBLIC_ADDRESS, for_sheets, handover_sheet

WAIT_SECONDS = 300


@requires(PUBLIC)
@never_cache
@require_safe
def find_sheet(request: HttpRequest) -> HttpResponse:
    """Where to type a reference that was said by telephone."""
    typed = search_text(request.GET.get("reference", ""))
    if reference := read_reference(typed):
        return redirect(f"{PUBLIC_ADDRESS}{shown_reference(reference)}/")
    if typed:
        return unknown_sheet(request, typed)
    return unindexed(render(request, "orientation/handovers/find.html"))


@requires(PUBLIC)
@never_cache
@require_safe
def public_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """However the reference was typed, one address shows the sheet."""
    if not may_try(request):
        return too_many(request)
    found = for_sheets().filter(reference=read_reference(reference) or "-").first()
    if found is None:
        note_wrong(request)
        return unknown_sheet(request, reference)
    sheet = handover_sheet(found)
    if reference != sheet.reference:
        return redirect(sheet.path)
    return unindexed(render(request, "orientation/handovers/public.html", {"sheet": sheet}))


def unknown_sheet(request: HttpRequest, typed: str) -> HttpResponse:
    context = {"typed": typed[:40]}
    return unindexed(render(request, "orientation/handovers/unknown.html", context, status=404))


def too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "orientation/handovers/too_many.html", status=429)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return unindexed(response)


def unindexed(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
