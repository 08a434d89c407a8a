"""Several texts read one under the other, and decided together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.accounts.models import User
from guichet.core.access import requires
from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.directory.views.actors import actor
from guichet.moderation.models import ModeratedText, RefusalReason
from guichet.moderation.policies import MODERATE
from guichet.moderation.queue.actions.batches import (
    MOST_TOGETHER,
    REFUSED_TOGETHER,
    BatchOutcome,
    accept_several,
    refuse_several,
)
from guichet.moderation.queue.explanations import EXPLANATIONS
from guichet.moderation.queue.filters import filters_in
from guichet.moderation.queue.forms import chosen_texts, ticked
from guichet.moderation.queue.text_page import text_page, texts_held
from guichet.moderation.queue.views.shown import address, shown

PUBLISH = "publier"
NOT_HELD = "il n'est plus entre vos mains, ou il est décidé : vous n'y avez rien changé."


@requires(MODERATE)
@never_cache
@require_safe
def batch(request: HttpRequest) -> HttpResponse:
    """The texts that the reader opened together: those let go since are left out."""
    by = actor(request)
    try:
        keys = chosen_texts(request.GET.get("textes", "").split(","))[:MOST_TOGETHER]
    except RuleViolation:
        keys = []
    pages = [text_page(text, by) for text in texts_held(keys, by)]
    refusals = [(reason.value, reason.label, EXPLANATIONS[reason]) for reason in REFUSED_TOGETHER]
    return shown(request, "batch", pages=pages, refusals=refusals)


@requires(MODERATE)
@require_POST
def decide_batch(request: HttpRequest) -> HttpResponse:
    filters, by = filters_in(request.GET), actor(request)
    queue = redirect(address("moderation_queue", filters=filters))
    verdict = request.POST.get("decision", "")
    try:
        keys = chosen_texts(ticked(request.POST))[:MOST_TOGETHER]
        texts = texts_held(keys, by)
        tell(request, verdict, decided(verdict, texts, by))
        for key in sorted(set(keys) - {text.pk for text in texts}):
            messages.error(request, f"Texte n°\u00a0{key} : {NOT_HELD}")
    except RuleViolation as error:
        messages.error(request, str(error))
    return queue


def decided(verdict: str, texts: list[ModeratedText], by: User) -> BatchOutcome:
    if not texts:
        raise RuleViolation(
            "Vous n'avez plus ces textes en main depuis vingt minutes : ouvrez-les à nouveau."
        )
    if verdict == PUBLISH:
        return accept_several(texts=texts, by=by)
    if verdict in RefusalReason.values:
        return refuse_several(texts=texts, by=by, reason=RefusalReason(verdict))
    raise RuleViolation("Choisissez une décision pour ces textes.")


def tell(request: HttpRequest, verdict: str, outcome: BatchOutcome) -> None:
    one, many = ("publié", "publiés") if verdict == PUBLISH else ("refusé", "refusés")
    if outcome.decided:
        said = counted(outcome.decided, f"texte {one}", f"textes {many}")
        messages.success(request, f"{said}.")
    for why in outcome.refused:
        messages.error(request, why)
