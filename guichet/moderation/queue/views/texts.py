"""One text: opened, read, given back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import requires
from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.directory.views.actors import actor
from guichet.moderation.models import ModeratedText
from guichet.moderation.policies import MODERATE
from guichet.moderation.queue.actions.batches import open_several
from guichet.moderation.queue.actions.taking import let_go as give_back
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.queue.filters import filters_in
from guichet.moderation.queue.forms import (
    ChangeMarksForm,
    MaskSelectionForm,
    MaskWordsForm,
    OutcomeForm,
    chosen_texts,
    ticked,
)
from guichet.moderation.queue.text_page import text_page
from guichet.moderation.queue.views.shown import address, back_to, go_on, shown, text_or_404

TAKE_OVER = "prendre"


@requires(MODERATE)
@never_cache
@require_safe
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Reading it writes nothing: `open_texts` records who reads the original."""
    page = text_page(text_or_404(pk), actor(request))
    forms = [(group, ChangeMarksForm.of(group)) for group in page.groups]
    alert_form = OutcomeForm.of(page.alert) if page.alert else None
    return shown(
        request,
        "text",
        page=page,
        groups=forms,
        words_form=MaskWordsForm(auto_id="masquer-%s"),
        selection_form=MaskSelectionForm(auto_id="selection-%s"),
        outcome_form=alert_form,
    )


@requires(MODERATE)
@require_POST
def open_texts(request: HttpRequest) -> HttpResponse:
    """Take one text (`lire`), or those that were ticked, and record it; then show them."""
    single = request.POST.get("lire") or request.POST.get(TAKE_OVER)
    said = [single] if single else ticked(request.POST)
    filters, by = filters_in(request.GET), actor(request)
    try:
        keys = chosen_texts(said)
        if single:
            text = text_or_404(keys[0])
            open_text(text=text, by=by, takes_over=TAKE_OVER in request.POST)
            return back_to(request, text)
        waiting = ModeratedText.objects.queued().filter(pk__in=keys).order_by("received_at", "pk")
        opened = open_several(texts=waiting, by=by)
        if not opened:
            raise RuleViolation("Ces textes sont déjà décidés, ou quelqu'un d'autre les lit.")
        tell_of_left_aside(request, set(keys) - {text.pk for text in opened})
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect(address("moderation_queue", filters=filters))
    url = address("moderation_batch", filters=filters)
    listed = ",".join(str(text.pk) for text in opened)
    return redirect(f"{url}{'&' if filters.query else '?'}textes={listed}")


def tell_of_left_aside(request: HttpRequest, keys: set[int]) -> None:
    """Those that were ticked and that nobody can read now."""
    if keys:
        left = counted(
            len(keys),
            "texte coché est laissé de côté\u00a0: déjà décidé, ou lu",
            "textes cochés sont laissés de côté\u00a0: déjà décidés, ou lus",
        )
        messages.info(request, f"{left} par quelqu'un d'autre.")


@requires(MODERATE)
@require_POST
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the text back to the queue; `suivant` opens another one."""
    give_back(text=text_or_404(pk), by=actor(request))
    if "suivant" in request.POST:
        return go_on(request)
    return redirect(address("moderation_queue", filters=filters_in(request.GET)))
