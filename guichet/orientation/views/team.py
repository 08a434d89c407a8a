"""`/agents/orientation/`: what people ask, what they did not find, for the programme team."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.policies import PROGRAMME
from guichet.directory.views.actors import actor
from guichet.orientation.actions.needs import add_phrase
from guichet.orientation.actions.searches import settle
from guichet.orientation.counting import LEFT_OUT
from guichet.orientation.models import MissedSearch, Need, UnknownWord
from guichet.orientation.team.pages import (
    SEARCH_STATES,
    NeedWish,
    needs_found,
    overview,
    searches_found,
    waiting_words,
)
from guichet.orientation.team.trial import likely_needs, trial

PAGE_SIZE = 25
MOST_WORDS = 50
MOST_PROPOSALS = 10


@requires(PROGRAMME)
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    context = {"overview": overview(), "trial": trial(request.GET.get("essai", ""))}
    return render(request, "orientation/team/overview.html", context)


@requires(PROGRAMME)
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    text, state = search_text(request.GET.get("q", "")), request.GET.get("etat", "")
    state = state if state in SEARCH_STATES else ""
    page = Paginator(searches_found(text, state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "text": text,
        "state": state,
        "states": SEARCH_STATES,
        "words": waiting_words()[:MOST_WORDS],
    }
    return render(request, "orientation/team/searches.html", context)


@requires(PROGRAMME)
@require_POST
def settle_search(request: HttpRequest, pk: int) -> HttpResponse:
    search = get_object_or_404(MissedSearch, pk=pk)
    settled = request.POST.get("reglee") != "non"
    settle(search, settled=settled)
    messages.success(request, "C'est réglé." if settled else "Cette recherche est à traiter.")
    return redirect("missed_searches")


@requires(PROGRAMME)
@require_POST
def settle_word(request: HttpRequest, pk: int) -> HttpResponse:
    settle(get_object_or_404(UnknownWord, pk=pk))
    messages.success(request, "Ce mot n'est plus proposé.")
    return redirect(f"{reverse('missed_searches')}#mots")


@requires(PROGRAMME)
@PAGE_WITH_FORM
def add_search_to_need(request: HttpRequest, pk: int) -> HttpResponse:
    """The likely needs; then, posted, the words are one more way to say the one chosen."""
    search = get_object_or_404(MissedSearch, pk=pk)
    phrase = phrase_of(search)
    if request.method == "POST":
        need = get_object_or_404(Need, code=search_text(request.POST.get("besoin", "")))
        try:
            added = add_phrase(need=need, phrase=phrase, by=actor(request))
        except RuleViolation as error:
            messages.error(request, str(error))
            return redirect("missed_searches")
        settle(search)
        told = "dit maintenant aussi" if added else "disait déjà"
        messages.success(request, f"« {need.title} » se {told} « {phrase} ».")
        return redirect("missed_searches")
    text = search_text(request.GET.get("q", ""))
    found = likely_needs(text or phrase)
    if text:
        found += [need for need in needs_found(NeedWish(text=text)) if need not in found]
    context = {"search": search, "phrase": phrase, "text": text, "needs": found[:MOST_PROPOSALS]}
    return render(request, "orientation/team/add_to_need.html", context)


def phrase_of(search: MissedSearch) -> str:
    """Its words, without the marks of those that were left out."""
    return " ".join(search.text.replace(LEFT_OUT, " ").split())
