"""`/agents/reseaux/<network>/lots/`: what a network sends, what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.csv_sheets import written_lines
from guichet.directory.models import Network
from guichet.directory.views.actors import actor
from guichet.directory.views.csv_answers import csv_answer
from guichet.indicators.actions.batches import abandon_batch, withdraw_batch
from guichet.indicators.batches.pages import (
    STATES,
    BatchShown,
    batches_found,
    content_lines,
    fault_groups,
    fault_rows,
    network_lines,
    preview_of,
)
from guichet.indicators.batches.senders import (
    leads,
    may_send,
    may_settle_batch,
    may_withdraw_batch,
    readable_batches,
    readable_works,
)
from guichet.indicators.batches.sending import confirm_sent
from guichet.indicators.forms.batches import ConfirmForm, WithdrawForm
from guichet.indicators.models import Batch, BatchWork, Outcome
from guichet.indicators.policies import (
    READ_ANY_BATCHES,
    READ_BATCH,
    READ_BATCHES,
    SETTLE_BATCH,
    WITHDRAW_BATCH,
)

PAGE_SIZE = 30


@requires(READ_ANY_BATCHES)
@require_safe
def batches(request: HttpRequest) -> HttpResponse:
    """The networks for which the person sends or reads; the only one, at once."""
    lines = network_lines(request.user)
    if len(lines) == 1:
        return redirect("network_batches", lines[0].network.code)
    context = {
        "sending": [line for line in lines if line.grains or line.accepted or line.waiting],
        "others": [line for line in lines if not (line.grains or line.accepted or line.waiting)],
    }
    return render(request, "indicators/batches/networks.html", context)


@requires(READ_BATCHES)
@require_safe
def network_batches(request: HttpRequest, network: Network) -> HttpResponse:
    text, state = search_text(request.GET.get("q", "")), request.GET.get("etat", "")
    state = state if state in STATES else ""
    found = batches_found(readable_batches(request.user, network), text, state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "network": network,
        "page": page,
        "rows": [BatchShown(batch) for batch in page],
        "text": text,
        "state": state,
        "states": STATES,
        "may_send": may_send(request.user, network),
        "leads": leads(request.user, network),
    }
    return render(request, "indicators/batches/batches.html", context)


@requires(READ_BATCH)
@require_safe
def batch(request: HttpRequest, batch: Batch) -> HttpResponse:
    """At one address: that of a batch that waited leads to its number."""
    address = reverse("batch", args=[batch.network.code, batch.address])
    return shown(request, batch, None) if request.path == address else redirect(address)


def shown(request: HttpRequest, batch: Batch, form: ConfirmForm | None) -> HttpResponse:
    words = BatchShown(batch)
    context: dict[str, Any] = {
        "network": batch.network,
        "batch": batch,
        "shown": words,
        "groups": fault_groups(batch.faults),
        "contents": content_lines(batch) if batch.content == Batch.Content.OBSERVATIONS else [],
        "may_settle": may_settle_batch(request.user, batch),
        "may_withdraw": may_withdraw_batch(request.user, batch)
        and batch.outcome == Outcome.ACCEPTED
        and batch.withdrawn_at is None,
    }
    if batch.outcome == Outcome.TO_CONFIRM:
        context["form"] = form or ConfirmForm(has_jumps=batch.jump_count > 0)
        context["changes"] = preview_of(batch)
    return render(request, "indicators/batches/batch.html", context)


@requires(SETTLE_BATCH)
@require_POST
def confirm(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Jumps ask for a tick; a large file is confirmed by the worker."""
    form = ConfirmForm(request.POST, has_jumps=batch.jump_count > 0)
    if batch.outcome == Outcome.TO_CONFIRM and not form.is_valid():
        return shown(request, batch, form)
    try:
        settled = confirm_sent(batch, by=actor(request))
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect("batch", batch.network.code, batch.address)
    if isinstance(settled, BatchWork):
        return redirect("batch_work", batch.network.code, settled.pk)
    if settled.outcome == Outcome.ACCEPTED:
        messages.success(request, f"C'est accepté, sous le numéro {settled.number}.")
    elif settled.outcome == Outcome.TO_CONFIRM:
        messages.warning(
            request,
            "Rien n'est encore pris : d'autres chiffres ont été reçus entre-temps, et davantage "
            "s'éloignent de la période d'avant. Relisez, puis confirmez de nouveau.",
        )
    return redirect("batch", batch.network.code, settled.address)


@requires(SETTLE_BATCH)
@require_POST
def abandon(request: HttpRequest, batch: Batch) -> HttpResponse:
    try:
        abandon_batch(batch=batch, by=actor(request))
        messages.success(request, "Ce lot est abandonné : rien n'a changé.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("batch", batch.network.code, batch.address)


@requires(WITHDRAW_BATCH)
@PAGE_WITH_FORM
def withdraw(request: HttpRequest, batch: Batch) -> HttpResponse:
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            withdraw_batch(batch=batch, by=actor(request), reason=form.cleaned_data["reason"])
            messages.success(
                request, "Ce lot est retiré : ses chiffres ne comptent plus à la prochaine édition."
            )
            return redirect("batch", batch.network.code, batch.address)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"network": batch.network, "shown": BatchShown(batch), "form": form, "batch": batch}
    return render(request, "indicators/batches/withdraw.html", context)


@requires(READ_BATCH)
@require_safe
def faults(request: HttpRequest, batch: Batch) -> StreamingHttpResponse:
    name = f"defauts-{BatchShown(batch).file_name}.csv"
    return csv_answer(written_lines(fault_rows(batch)), name)


@requires(READ_BATCHES)
@require_safe
def work(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    """How far the worker is; the page asks again by itself, and leads to the batch at the end."""
    found = get_object_or_404(readable_works(request.user, network), pk=pk)
    if found.ended_at is not None and found.batch is not None and not found.problem:
        return redirect("batch", network.code, found.batch.address)
    context = {"network": network, "work": found}
    response = render(request, "indicators/batches/work.html", context)
    if found.ended_at is None:
        response.headers["Refresh"] = "3"
    return response
