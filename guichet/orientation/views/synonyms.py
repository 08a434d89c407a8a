"""`/agents/orientation/synonymes/`: what people type, and what it means for the search."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guichet.accounts.models import AuditEvent
from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.audit_pages import history_lines
from guichet.directory.policies import PROGRAMME
from guichet.directory.views.actors import actor
from guichet.orientation.actions.searches import settle
from guichet.orientation.actions.synonyms import add_synonym, edit_synonym, set_synonym_active
from guichet.orientation.models import Synonym, UnknownWord
from guichet.orientation.team.forms import SynonymForm
from guichet.orientation.team.pages import SYNONYM_STATES, synonyms_found
from guichet.orientation.team.trial import trial
from guichet.orientation.views.needs import key_in

PAGE_SIZE = 50
LATEST_EVENTS = 10


@requires(PROGRAMME)
@require_safe
def synonyms(request: HttpRequest) -> HttpResponse:
    text, state = search_text(request.GET.get("q", "")), request.GET.get("etat", "")
    state = state if state in SYNONYM_STATES else ""
    page = Paginator(synonyms_found(text, state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "text": text,
        "state": state,
        "states": SYNONYM_STATES,
        "trial": trial(request.GET.get("essai", "")),
    }
    return render(request, "orientation/team/synonyms.html", context)


@requires(PROGRAMME)
@PAGE_WITH_FORM
def add(request: HttpRequest) -> HttpResponse:
    """A synonym, from nothing or from a word that the search does not know (`mot`)."""
    word = UnknownWord.objects.filter(pk=key_in(request.GET.get("mot", ""))).first()
    form = SynonymForm(request.POST or None, initial={"typed": word.word if word else ""})
    if word is not None:
        form.fields["means"].widget.attrs["autofocus"] = True
    if form.is_valid():
        try:
            made = add_synonym(by=actor(request), **form.cleaned_data)
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            if word is not None:
                settle(word)
            messages.success(request, f"« {made.typed} » veut dire « {made.means} ».")
            return redirect(f"{reverse('missed_searches')}#mots" if word else "synonyms")
    context = {"form": form, "synonym": None, "word": word}
    return render(request, "orientation/team/synonym.html", context)


@requires(PROGRAMME)
@PAGE_WITH_FORM
def synonym(request: HttpRequest, pk: int) -> HttpResponse:
    """What it means is edited; what people type is not: it is deactivated."""
    found = get_object_or_404(Synonym, pk=pk)
    form = SynonymForm(
        request.POST or None, initial={"means": found.means, "replaces": found.replaces}
    )
    del form.fields["typed"]
    if form.is_valid():
        try:
            edit_synonym(synonym=found, by=actor(request), **form.cleaned_data)
            messages.success(request, "C'est enregistré : la recherche le sait.")
            return redirect("synonyms")
        except RuleViolation as error:
            form.add_error(None, str(error))
    events = AuditEvent.objects.about(kind="synonym", identifier=found.pk)
    history = history_lines(events.order_by("-at", "-pk")[:LATEST_EVENTS])
    context = {"form": form, "synonym": found, "word": None, "history": history}
    return render(request, "orientation/team/synonym.html", context)


@requires(PROGRAMME)
@require_POST
def set_active(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Synonym, pk=pk)
    active = request.POST.get("utilise") != "non"
    set_synonym_active(synonym=found, active=active, by=actor(request))
    told = "est de nouveau utilisé" if active else "n'est plus utilisé"
    messages.success(request, f"« {found.typed} » {told}.")
    return redirect("synonyms")
