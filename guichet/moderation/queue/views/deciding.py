"""The decisions on one text; after each, the next text of the queue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.views.actors import actor
from guichet.moderation.models import Alert, Decision, ModeratedText, RefusalReason
from guichet.moderation.policies import MODERATE
from guichet.moderation.queue import actions
from guichet.moderation.queue.explanations import EXPLANATIONS, ORIENTED
from guichet.moderation.queue.filters import filters_in
from guichet.moderation.queue.forms import (
    REASON_HINTS,
    AlertForm,
    OrientForm,
    OutcomeForm,
    RefusalForm,
    ReopenForm,
)
from guichet.moderation.queue.text_page import text_page
from guichet.moderation.queue.views.shown import address, back_to, go_on, shown, text_or_404
from guichet.moderation.sources import Proposal, source_of
from guichet.ui.forms import Form


def tell(request: HttpRequest, decision: Decision) -> None:
    """What was decided, with the way back."""
    said = decision.get_verb_display().capitalize()
    if not decision.is_final:
        messages.success(request, f"Proposé : {said}. Une autre personne doit le confirmer.")
        return
    url = address("moderation_reopen", decision.text_id, filters=filters_in(request.GET))
    link = '{} : c\'est fait. <a href="{}">Reprendre cette décision</a>'
    messages.success(request, format_html(link, said, url))


@requires(MODERATE)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_or_404(pk)
    try:
        tell(request, actions.accept(text=text, by=actor(request)))
    except RuleViolation as error:
        messages.error(request, str(error))
        return back_to(request, text)
    return go_on(request)


@requires(MODERATE)
@never_cache
@PAGE_WITH_FORM
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """First one of the eight reasons, then its explanation to edit."""
    return with_reason(request, pk, actions.refuse, is_removal=False)


@requires(MODERATE)
@never_cache
@PAGE_WITH_FORM
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The same, for a text that is published."""
    return with_reason(request, pk, actions.remove, is_removal=True)


def with_reason(
    request: HttpRequest, pk: int, decide: Callable[..., Decision], *, is_removal: bool
) -> HttpResponse:
    text = text_or_404(pk)
    form = refusal_form(request)
    if form is not None and form.is_valid():
        decision = decided(form, lambda: decide(text=text, by=actor(request), **form.cleaned_data))
        if decision is not None:
            tell(request, decision)
            return back_to(request, text) if is_removal else go_on(request)
    reasons = [(one.value, one.label.capitalize(), REASON_HINTS[one]) for one in RefusalReason]
    page = text_page(text, actor(request))
    chosen = RefusalReason(form["reason"].value()).label if form is not None else ""
    context = {"form": form, "reasons": reasons, "chosen": chosen, "is_removal": is_removal}
    return shown(request, "refuse", page=page, **context)


def refusal_form(request: HttpRequest) -> RefusalForm | None:
    """None until a reason is chosen."""
    said = request.POST.get("reason") or request.GET.get("motif", "")
    if said not in RefusalReason.values:
        return None
    if request.method == "POST":
        return RefusalForm(request.POST)
    return RefusalForm(initial={"reason": said, "message": EXPLANATIONS[RefusalReason(said)]})


def decided(form: Form, decide: Callable[[], Decision]) -> Decision | None:
    """The decision, or None with its refusal told on the form."""
    try:
        return decide()
    except RuleViolation as error:
        form.add_error(None, str(error))
        return None


@requires(MODERATE)
@never_cache
@PAGE_WITH_FORM
def orient(request: HttpRequest, pk: int) -> HttpResponse:
    """An individual file goes to its service; the source proposes some, or finds one by words."""
    text, words = text_or_404(pk), search_text(request.GET.get("service", ""))
    proposals = proposals_for(text, words)
    if request.method == "POST":
        form = OrientForm(request.POST, proposals=proposals)
    else:
        form = OrientForm(initial={"message": ORIENTED}, proposals=proposals)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        decision = decided(
            form,
            lambda: actions.orient(
                text=text,
                by=actor(request),
                service=said["named"],
                key=said["key"],
                message=said["message"],
                note=said["note"],
            ),
        )
        if decision is not None:
            tell(request, decision)
            return go_on(request)
    page = text_page(text, actor(request))
    return shown(request, "orient", page=page, form=form, words=words, found=len(proposals))


def proposals_for(text: ModeratedText, words: str) -> list[Proposal]:
    try:
        source = source_of(text)
    except LookupError:
        return []
    return list(source.proposals(text.reference, words)) if source.proposals else []


@requires(MODERATE)
@never_cache
@PAGE_WITH_FORM
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    text, form = text_or_404(pk), AlertForm(request.POST or None)
    if form.is_valid():
        raised = decided(
            form,
            lambda: actions.raise_alert(
                text=text, by=actor(request), words=form.cleaned_data["words"]
            ),
        )
        if raised is not None:
            messages.success(request, "Toute la modération est prévenue par courriel.")
            return back_to(request, text)
    return shown(request, "alert", page=text_page(text, actor(request)), form=form)


@requires(MODERATE)
@require_POST
def no_danger(request: HttpRequest, pk: int) -> HttpResponse:
    text = text_or_404(pk)
    try:
        decision = actions.dismiss_danger(text=text, by=actor(request))
    except RuleViolation as error:
        messages.error(request, str(error))
        return back_to(request, text)
    if decision.is_final:
        messages.success(request, "Le danger est écarté : décidez du texte.")
        return back_to(request, text)
    tell(request, decision)
    return go_on(request)


@requires(MODERATE)
@require_POST
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done of a danger; `clore` ends the alert of a text that is decided already."""
    text, form = text_or_404(pk), OutcomeForm(request.POST)
    found = Alert.objects.filter(text=text).select_related("text").first()
    try:
        if found is None:
            raise RuleViolation("Aucun danger n'est signalé dans ce texte.")
        words = form.cleaned_data["outcome"] if form.is_valid() else ""
        closes = "clore" in request.POST
        act: Any = actions.settle_alert if closes else actions.note_outcome
        act(alert=found, by=actor(request), outcome=words)
        messages.success(request, "L'alerte est close." if closes else "C'est noté.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return back_to(request, text, "alerte")


@requires(MODERATE)
@never_cache
@PAGE_WITH_FORM
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    text, form = text_or_404(pk), ReopenForm(request.POST or None)
    if form.is_valid():
        decision = decided(
            form,
            lambda: actions.reopen(text=text, by=actor(request), note=form.cleaned_data["note"]),
        )
        if decision is not None:
            messages.success(request, "La décision est reprise : ce texte est de nouveau à lire.")
            return back_to(request, text)
    return shown(request, "reopen", page=text_page(text, actor(request)), form=form)
