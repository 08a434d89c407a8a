"""What every moderators' page has: its shortcuts, the queue that it comes from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from guichet.core.errors import RuleViolation
from guichet.directory.views.actors import actor
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.queue.filters import QueueFilters, filters_in
from guichet.moderation.queue.queries import next_to_read
from guichet.moderation.queue.text_page import full_text
from guichet.ui.forms import Form

SHORTCUTS_COOKIE = "moderation_raccourcis"
OFF = "non"


def shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """`kept` ends each address with the queue's own narrowing (`filters`), `also` those that ask
    something already."""
    filters = filters_in(request.GET)
    context |= {
        "shortcuts": request.COOKIES.get(SHORTCUTS_COOKIE) != OFF,
        "filters": filters,
        "kept": f"?{filters.query}" if filters.query else "",
        "also": f"&{filters.query}" if filters.query else "",
    }
    return render(request, f"moderation/queue/{template}.html", context)


def text_or_404(pk: int) -> ModeratedText:
    text = full_text(pk)
    if text is None:
        raise Http404("Ce texte n'existe pas, ou n'existe plus.")
    return text


def address(name: str, *arguments: object, filters: QueueFilters) -> str:
    """A page of ours, with the queue's narrowing."""
    query = f"?{filters.query}" if filters.query else ""
    return f"{reverse(name, args=arguments)}{query}"


def back_to(request: HttpRequest, text: ModeratedText, anchor: str = "") -> HttpResponse:
    url = address("moderate", text.pk, filters=filters_in(request.GET))
    return redirect(f"{url}#{anchor}" if anchor else url)


def checked(form: Form) -> Form:
    """`form` when it is valid; `RuleViolation` with its first error."""
    if form.is_valid():
        return form
    raise RuleViolation(next(iter(form.errors.values()))[0])


def with_typed(error: RuleViolation, about: str, typed: str) -> str:
    """Why nothing was done, and what had been typed, which is lost nowhere else."""
    return f"{error} {about} : «\u00a0{typed}\u00a0»." if typed else str(error)


def go_on(request: HttpRequest) -> HttpResponse:
    """Open the next text of the queue, or say that there is none."""
    filters, by = filters_in(request.GET), actor(request)
    following = next_to_read(filters, by)
    if following is None:
        messages.info(request, "Il n'y a plus rien à lire ici.")
        return redirect(address("moderation_queue", filters=filters))
    try:
        open_text(text=following, by=by)
    except RuleViolation as error:  # somebody took it in the same instant
        messages.info(request, str(error))
    return redirect(address("moderate", following.pk, filters=filters))
