"""The sites of a network as a file: downloaded, edited in a spreadsheet, sent back."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from guichet.accounts.models import User
from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.words import grouped
from guichet.directory.csv_sheets import written_lines
from guichet.directory.models import Network
from guichet.directory.network_columns import COLUMN_NAMES, ERASED, written_row
from guichet.directory.network_edits import apply_plan, editable_sites, plan_of
from guichet.directory.network_forms import FileForm
from guichet.directory.network_uploads import KeptFile, forget_file, keep_file, kept_file
from guichet.directory.policies import LEAD_NETWORK
from guichet.directory.views.actors import actor
from guichet.directory.views.csv_answers import csv_answer

ROWS_AT_ONCE = 500
SHOWN_SITES = 50
SHOWN_FAULTS = 500
TOLD_EVERY = 50
PROGRESS = "<!-- progress -->"


@requires(LEAD_NETWORK)
@require_safe
def export_network(request: HttpRequest, network: Network) -> StreamingHttpResponse:
    def rows() -> Iterator[list[str]]:
        yield list(COLUMN_NAMES)
        for site in editable_sites(network).iterator(chunk_size=ROWS_AT_ONCE):
            yield written_row(site)

    name = f"sites-{network.code}-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_answer(written_lines(rows()), name)


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def network_file(request: HttpRequest, network: Network) -> HttpResponse:
    """Where one downloads and sends back. A good file is kept, and previewed on its own page."""
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    context = {"network": network, "form": form, "columns": COLUMN_NAMES, "erased": ERASED}
    if form.is_valid():
        content = form.content()
        plan = plan_of(content, network)
        if not plan.faults:
            name = str(form.cleaned_data["file"].name)
            kept = keep_file(content, name=name, network=network, by=actor(request))
            return redirect("network_file_preview", network.code, kept.token)
        context |= {"faults": plan.faults[:SHOWN_FAULTS], "fault_count": len(plan.faults)}
    return render(request, "directory/networks/file.html", context)


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def network_file_preview(request: HttpRequest, network: Network, token: str) -> HttpResponseBase:
    kept = kept_file(token, network=network, by=actor(request))
    if kept is None:
        return render(request, "directory/networks/file_gone.html", {"network": network})
    if request.method == "POST":
        return applying(request, network, kept)
    plan = plan_of(kept.content, network)
    context = {"network": network, "file": kept, "plan": plan, "edits": plan.edits[:SHOWN_SITES]}
    return render(request, "directory/networks/file_preview.html", context)


def applying(request: HttpRequest, network: Network, kept: KeptFile) -> StreamingHttpResponse:
    """A page written while the work goes on, so that its reader sees how far it is.

    A reader who leaves before the end closes the transaction: nothing is applied.
    """
    context = {"network": network, "file": kept, "progress": PROGRESS}
    page = render_to_string("directory/networks/applying.html", context, request)
    digest, by = request.POST.get("confirmed", ""), actor(request)

    def pieces() -> Iterator[str]:
        before, _, after = page.partition(PROGRESS)
        yield before
        yield from progress(network, kept, digest, by)
        yield after

    return StreamingHttpResponse(
        pieces(),
        headers={
            "Cache-Control": "private, no-store",
            "Content-Encoding": "identity",  # compression would hold the words back
            "X-Accel-Buffering": "no",
        },
    )


def progress(network: Network, kept: KeptFile, digest: str, by: User) -> Iterator[str]:
    count = 0
    try:
        for count, total in apply_plan(kept.content, network=network, digest=digest, by=by):
            if count % TOLD_EVERY == 0:
                told = f"Site {grouped(count)} sur {grouped(total)}…"
                yield format_html("<p>{}</p>\n", told)
    except RuleViolation as error:
        outcome = {"network": network, "file": kept, "problem": str(error)}
    else:
        forget_file(kept)
        outcome = {"network": network, "count": grouped(count), "is_one": count == 1}
    yield render_to_string("directory/networks/_applied.html", outcome)
