"""The decisions on one text; after each, the next text of the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from guichet.moderation.detection.danger_kinds import DangerKind, danger_kind
from guichet.moderation.models import Alert, Decision, ModeratedText, RefusalReason, Verb
from guichet.moderation.policies import MODERATE
from guichet.moderation.queue import actions
from guichet.moderation.queue.actions.deciding import others_stances
from guichet.moderation.queue.explanations import (
    KIND_LABELS,
    danger_services,
    explanation_of,
    oriented_words,
)
from guichet.moderation.queue.filters import filters_in
from guichet.moderation.queue.forms import (
    OTHER_SERVICE,
    REASON_HINTS,
    AlertForm,
    OrientForm,
    OutcomeForm,
    RefusalForm,
    ReopenForm,
)
from guichet.moderation.queue.machine_findings import whole_of
from guichet.moderation.queue.queries import original_of, proposal_in_words
from guichet.moderation.queue.text_page import text_page
from guichet.moderation.queue.views.shown import (
    address,
    back_to,
    checked,
    go_on,
    shown,
    text_or_404,
    with_typed,
)
from guichet.moderation.sources import Proposal, source_of
from guichet.ui.forms import Form


def tell(request: HttpRequest, decision: Decision) -> None:
    """What was decided, with the way back; of a danger, what is still to be done by whom."""
    said = decision.get_verb_display().capitalize()
    if not decision.is_final:
        messages.success(request, still_to_do(decision))
        return
    url = address("moderation_reopen", decision.text_id, filters=filters_in(request.GET))
    link = '{} : c\'est fait. <a href="{}">Reprendre cette décision</a>'
    messages.success(request, format_html(link, said, url))


def still_to_do(decision: Decision) -> str:
    """A proposal waits for another person, who may have proposed something else."""
    mine = proposal_in_words(decision)
    if decision.by is None or not (others := others_stances(decision.text, decision.by)):
        return f"Proposé : {mine}. Une autre personne doit le confirmer."
    other = others[0]
    return (
        f"Proposé : {mine}. {other.by} propose autre chose : {proposal_in_words(other)}. Rien "
        "n'est décidé tant que vous n'êtes pas deux à proposer la même chose : parlez-vous."
    )


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
    proposed = None if is_removal else proposed_to(request, text, Verb.REFUSE)
    form = reason_form(request, proposed, is_removal=is_removal)
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


def proposed_to(request: HttpRequest, text: ModeratedText, verb: Verb) -> Decision | None:
    """What another person proposed last of a danger, when it is this."""
    others = others_stances(text, actor(request))
    return next((one for one in others if one.verb == verb), None)


def reason_form(
    request: HttpRequest, proposed: Decision | None, *, is_removal: bool
) -> RefusalForm | None:
    """None until a reason is chosen; that which another person proposed, with their words, until
    another one is."""
    said = request.POST.get("reason") or request.GET.get("motif")
    if said is None and proposed is not None:
        said = proposed.reason
    if said not in RefusalReason.values:
        return None
    if request.method == "POST":
        return RefusalForm(request.POST, is_removal=is_removal)
    is_proposed = proposed is not None and proposed.reason == said
    usual = explanation_of(RefusalReason(said), is_removal=is_removal)
    message = proposed.message if proposed and is_proposed else usual
    return RefusalForm(initial={"reason": said, "message": message}, is_removal=is_removal)


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
    """An individual file goes to its service, or somebody in danger to who can help; the source
    proposes some, or finds one by words."""
    text, words = text_or_404(pk), search_text(request.GET.get("service", ""))
    proposed = proposed_to(request, text, Verb.ORIENT)
    kind = chosen_kind(request, text)
    found = proposals_for(text, words)
    proposals = offered(text, proposed, kind, found)
    if request.method == "POST":
        form = OrientForm(request.POST, proposals=proposals, is_danger=text.is_danger)
    else:
        is_asked = "aide" in request.GET
        initial = first_words(text, kind) if is_asked or not proposed else as_proposed(proposed)
        form = OrientForm(initial=initial, proposals=proposals, is_danger=text.is_danger)
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
    kinds = [(one.value, label, one == kind) for one, label in KIND_LABELS.items()]
    context = {
        "kinds": kinds,
        "is_for_all": kind is None,
        "asked_kind": request.GET.get("aide", ""),
        "found": len(found),
    }
    return shown(request, "orient", page=page, form=form, words=words, **context)


def chosen_kind(request: HttpRequest, text: ModeratedText) -> DangerKind | None:
    """The kind of danger that the moderator chose, else what the text seems to say."""
    if not text.is_danger:
        return None
    said = request.GET.get("aide")
    if said is not None:
        return DangerKind(said) if said in set(DangerKind) else None
    original = original_of(text)
    return danger_kind(whole_of(original)) if original else None


def offered(
    text: ModeratedText,
    proposed: Decision | None,
    kind: DangerKind | None,
    found: Sequence[Proposal],
) -> list[Proposal]:
    """What another person proposed, the numbers to call when there is a danger, then `found`."""
    first = (
        [Proposal(proposed.oriented_key, proposed.oriented_to, f"Proposé par {proposed.by}")]
        if proposed is not None and proposed.oriented_key
        else []
    )
    numbers = danger_services(kind) if text.is_danger else []
    return list({one.key: one for one in [*numbers, *found, *first]}.values())


def first_words(text: ModeratedText, kind: DangerKind | None) -> dict[str, str]:
    return {"message": oriented_words(is_danger=text.is_danger, kind=kind)}


def as_proposed(proposed: Decision) -> dict[str, str]:
    """The fields as another person filled them."""
    return {
        "message": proposed.message,
        "service": proposed.oriented_key or OTHER_SERVICE,
        "other": "" if proposed.oriented_key else proposed.oriented_to,
    }


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
    text, typed = text_or_404(pk), request.POST.get("outcome", "").strip()
    found = Alert.objects.filter(text=text).select_related("text").first()
    try:
        if found is None:
            raise RuleViolation("Aucun danger n'est signalé dans ce texte.")
        said = checked(OutcomeForm(request.POST)).cleaned_data
        closes = "clore" in request.POST
        act: Any = actions.settle_alert if closes else actions.note_outcome
        act(alert=found, by=actor(request), outcome=said["outcome"], seen=said["seen"])
        messages.success(request, "L'alerte est close." if closes else "C'est noté.")
    except RuleViolation as error:
        messages.error(request, with_typed(error, "Votre note n'est pas enregistrée", typed))
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
