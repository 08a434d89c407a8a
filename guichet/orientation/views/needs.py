"""`/agents/orientation/besoins/`: the needs that the search knows, and who answers them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.accounts.models import AuditEvent
from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.audit_pages import history_lines
from guichet.directory.policies import PROGRAMME
from guichet.directory.views.actors import actor
from guichet.orientation.actions.needs import (
    create_need,
    edit_need,
    is_shipped,
    restore_need,
    set_need_active,
)
from guichet.orientation.actions.searches import settle
from guichet.orientation.models import MissedSearch, Need
from guichet.orientation.team.forms import KINDS_LIST, NeedForm, NeedsForm
from guichet.orientation.team.pages import NEED_STATES, needs_found, theme_title
from guichet.orientation.team.trial import trial
from guichet.orientation.views.team import phrase_of

PAGE_SIZE = 25
LATEST_EVENTS = 10


@requires(PROGRAMME)
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    form = NeedsForm(request.GET)
    page = Paginator(needs_found(form.wish), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(need, theme_title(need.theme)) for need in page],
        "states": NEED_STATES,
        "trial": trial(request.GET.get("essai", "")),
    }
    return render(request, "orientation/team/needs.html", context)


@requires(PROGRAMME)
@PAGE_WITH_FORM
def create(request: HttpRequest) -> HttpResponse:
    """A need, from nothing or from the words of a missed search (`recherche`)."""
    search = MissedSearch.objects.filter(pk=key_in(request.GET.get("recherche", ""))).first()
    phrases = (phrase_of(search),) if search else ()
    form = NeedForm(request.POST or None, phrases=phrases)
    if form.is_valid():
        try:
            made = create_need(content=form.content(), by=actor(request))
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            if search is not None:
                settle(search)
            messages.success(request, f"Le besoin « {made.title} » est proposé.")
            return redirect("need", made.code)
    context = {"form": form, "kinds": sorted(form.kinds.values()), "kinds_list": KINDS_LIST}
    return render(request, "orientation/team/create_need.html", context)


def key_in(text: str) -> int:
    """A primary key as an address gives it; 0, which no row has, when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


@requires(PROGRAMME)
@PAGE_WITH_FORM
def need(request: HttpRequest, need: str) -> HttpResponse:
    found = known_need(need)
    form = NeedForm(request.POST or None, need=found)
    if form.is_valid():
        try:
            changed = edit_need(need=found, content=form.content(), by=actor(request))
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            told = "C'est enregistré : la recherche le sait." if changed else "Rien n'a changé."
            messages.success(request, told)
            return redirect("need", found.code)
    context = {
        "need": found,
        "form": form,
        "kinds": sorted(form.kinds.values()),
        "kinds_list": KINDS_LIST,
        "may_be_restored": found.edited_at is not None and is_shipped(found),
        "trial": trial(request.GET.get("essai", "")),
        "history": history_lines(
            AuditEvent.objects.about(kind="need", identifier=found.pk).order_by("-at", "-pk")[
                :LATEST_EVENTS
            ]
        ),
    }
    return render(request, "orientation/team/need.html", context)


def known_need(code: str) -> Need:
    needs = Need.objects.select_related("edited_by").prefetch_related("answers__kind")
    return get_object_or_404(needs, code=code)


@requires(PROGRAMME)
@require_POST
def set_active(request: HttpRequest, need: str) -> HttpResponse:
    found = known_need(need)
    active = request.POST.get("propose") != "non"
    set_need_active(need=found, active=active, by=actor(request))
    told = "est de nouveau proposé" if active else "n'est plus proposé"
    messages.success(request, f"« {found.title} » {told}.")
    return redirect("need", found.code)


@requires(PROGRAMME)
@require_POST
def restore(request: HttpRequest, need: str) -> HttpResponse:
    found = known_need(need)
    try:
        restore_need(need=found, by=actor(request))
        messages.success(request, "C'est revenu à la version livrée.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("need", found.code)
