"""`/agents/historique/`: who changed what, for those who answer for it."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guichet.accounts.models import AuditEventQuerySet
from guichet.core.access import SIGNED_IN, requires
from guichet.directory.audit_forms import HistoryForm
from guichet.directory.audit_pages import (
    events_of,
    history_lines,
    matching,
    readable_events,
    reads_history,
    together,
)
from guichet.directory.csv_sheets import written_lines
from guichet.directory.models import Structure
from guichet.directory.policies import MANAGE_STRUCTURE
from guichet.directory.views.csv_answers import csv_answer

PAGE_SIZE = 25
ROWS_AT_ONCE = 500
TITLES = ["date", "heure", "personne", "action", "objet", "information", "avant", "après"]


@requires(SIGNED_IN)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    context = history_page(request, readable_events(request.user))
    context["may_read"] = reads_history(request.user)
    return render(request, "directory/audit/audit.html", context)


@requires(SIGNED_IN)
@require_safe
def export_audit(request: HttpRequest) -> StreamingHttpResponse:
    events = matching(readable_events(request.user), HistoryForm(request.GET).wish)
    return csv_answer(
        written_lines(rows_of(events)), f"historique-{timezone.localdate():%Y-%m-%d}.csv"
    )


@requires(MANAGE_STRUCTURE)
@require_safe
def structure_history(request: HttpRequest, structure: Structure) -> HttpResponse:
    context = history_page(request, events_of(structure))
    return render(request, "directory/audit/structure.html", {**context, "structure": structure})


def history_page(request: HttpRequest, events: AuditEventQuerySet) -> dict[str, object]:
    form = HistoryForm(request.GET)
    page = Paginator(matching(events, form.wish), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = history_lines(page)
    return {"form": form, "page": page, "lines": lines, "groups": together(lines)}


def rows_of(events: AuditEventQuerySet) -> Iterator[list[str]]:
    """A row for each field that changed; one for an event without any."""
    yield TITLES
    for event in events.iterator(chunk_size=ROWS_AT_ONCE):
        (line,) = history_lines([event])
        at = timezone.localtime(line.at)
        told = [f"{at:%d/%m/%Y}", f"{at:%H:%M}", line.who, line.what, line.subject]
        for change in line.changes:
            yield [*told, change.label, change.before, change.after]
        if not line.changes:
            yield [*told, "", "", ""]
