"""`/experiences/partager/`: the first page, which makes a draft once a service is pressed."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.redirects import see_other
from guichet.directory.models import Structure
from guichet.experiences.models import Draft
from guichet.experiences.sharing.actions import begin_draft
from guichet.experiences.sharing.choosing import structure_named
from guichet.experiences.sharing.forms import StartForm
from guichet.experiences.sharing.limits import may_begin
from guichet.experiences.sharing.steps import SERVICES, progress_at
from guichet.experiences.sharing.story import ChosenService, procedure_of, service_of
from guichet.experiences.sharing.views.asking_again import AGAIN
from guichet.experiences.sharing.views.drafts import unindexed
from guichet.experiences.sharing.views.finding import (
    PROCEDURE,
    Finding,
    asks_piece,
    by_name,
    by_need,
    piece,
    typed,
)

ABOUT = "share"
WAIT_SECONDS = 600
LONGEST_IN_ADDRESS = 1_000
TRAP = "adresse_du_site"
WAIT = "attendre"
PRESS_AGAIN = "Ce n'est pas encore envoyé : appuyez une seconde fois sur le bouton."
"""For who reads the page long after they pressed too fast."""
FOREIGN_PROCEDURE = re.compile(r"[A-Z]{0,4}[0-9]{1,7}")
"""The number of a procedure in another catalogue, kept as it was given. It is public and no
moderator can mask a part of it: no words, and too short for a telephone."""


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def share(request: HttpRequest) -> HttpResponse:
    """No cookie, no token of a session: what is posted makes a draft and touches nobody's."""
    if asks_piece(request):
        found = by_name(request)
        return unindexed(piece(request, found, seen_since(request, StartForm(about=ABOUT))))
    if request.method != "POST":
        if WAIT in request.GET:
            return too_many(request)
        return start_page(request, form_asked_again(request), structure_named_in(request))
    form = StartForm(request.POST, about=ABOUT)
    structure = structure_named(request.POST.get("service", ""))
    if not passes(form, structure):
        return see_other(f"{request.path}?{begun(request, form)}")
    if not may_begin(request):
        return see_other(f"{request.path}?{begun(request, form)}&{WAIT}=oui")
    draft = begin(request, form, structure)
    return see_other(reverse(SERVICES.url_name, args=[draft.key]))


def passes(form: StartForm, structure: Structure | None) -> bool:
    if form.is_valid() and structure is None and not form.cleaned_data["name"]:
        form.add_error(None, "Choisissez un service dans la liste, ou écrivez son nom.")
    return form.is_valid()


def begun(request: HttpRequest, form: StartForm) -> str:
    """The address that asks again: there is no draft yet to keep what was typed."""
    query = request.GET.copy()
    query.pop(WAIT, None)
    for name in ("service", "name", "place", "seen"):
        query[name] = str(form[name].value() or "")[:LONGEST_IN_ADDRESS]
    if request.POST.get(TRAP):
        query[TRAP] = "oui"
    if code := typed(request.POST, PROCEDURE):
        query[PROCEDURE] = code
    query[AGAIN] = "oui"
    return query.urlencode()


def form_asked_again(request: HttpRequest) -> StartForm:
    """What was typed with what to mend, when the address asks again; else a new form."""
    if AGAIN not in request.GET:
        return StartForm(about=ABOUT)
    form = StartForm(request.GET, about=ABOUT)
    if passes(form, structure_named_in(request)):
        form.add_error(None, PRESS_AGAIN)
    return form


def begin(request: HttpRequest, form: StartForm, structure: Structure | None) -> Draft:
    service = (
        service_of(structure)
        if structure is not None
        else ChosenService(name=form.cleaned_data["name"], place=form.cleaned_data["place"])
    )
    code = typed(request.POST, PROCEDURE)
    known = procedure_of(code)
    is_foreign = known is None and FOREIGN_PROCEDURE.fullmatch(code) is not None
    return begin_draft(
        services=[service],
        procedure=known.code if known else "",
        procedures_entered=f"Démarche {code}" if is_foreign else "",
    )


def structure_named_in(request: HttpRequest) -> Structure | None:
    return structure_named(request.GET.get("service", ""))


def start_page(request: HttpRequest, form: StartForm, structure: Structure | None) -> HttpResponse:
    context = {
        "form": form,
        "seen": seen_since(request, form),
        "chosen": structure,
        "lost_service": bool(request.GET.get("service")) and structure is None,
        "finding": by_name(request),
        "progress": progress_at(SERVICES),
    }
    return render(request, "experiences/sharing/start.html", context)


def seen_since(request: HttpRequest, form: StartForm) -> str:
    """When the first page was shown: searching is already reading."""
    return request.GET.get("seen", "")[:200] or form["seen"].value() or ""


@requires(PUBLIC)
@never_cache
@require_safe
def guess(request: HttpRequest) -> HttpResponse:
    """« Je ne sais pas quel service »."""
    return guess_page(request, by_need(request), None)


def guess_page(request: HttpRequest, finding: Finding, draft: Draft | None) -> HttpResponse:
    form = StartForm(about=ABOUT)
    context = {
        "finding": finding,
        "draft": draft,
        "seen": seen_since(request, form),
        "progress": progress_at(SERVICES),
        "back_url": finding.pick_url,
    }
    return unindexed(render(request, "experiences/sharing/guess.html", context))


def too_many(request: HttpRequest) -> HttpResponse:
    """The address holds what was chosen or typed: opened again, it says the same, and its button
    leads back to the form as it was."""
    query = request.GET.copy()
    query.pop(WAIT, None)
    context = {
        "chosen": structure_named_in(request) or request.GET.get("name", ""),
        "again_url": f"{request.path}?{query.urlencode()}",
    }
    response = render(request, "experiences/sharing/too_many.html", context, status=429)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return unindexed(response)
