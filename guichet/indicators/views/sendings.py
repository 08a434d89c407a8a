"""`/agents/reseaux/<network>/lots/envoyer/` and what helps to send: model file, who sent what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.periods import period
from guichet.directory.csv_sheets import written_lines
from guichet.directory.models import Network, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.views.actors import actor
from guichet.directory.views.csv_answers import csv_answer
from guichet.indicators.batches.dues import Due, due_of
from guichet.indicators.batches.following import (
    Followed,
    followed,
    followed_period,
    grains_sent,
    missing_rows,
    rows_by_period,
)
from guichet.indicators.batches.senders import leads, may_send, reads_all, scopes_of
from guichet.indicators.batches.sending import keep_waiting, send_file
from guichet.indicators.forms.batches import SendForm
from guichet.indicators.models import Batch, Grain
from guichet.indicators.policies import READ_BATCHES, SEND_BATCHES

PAGE_SIZE = 100


def scopes_sent(request: HttpRequest, network: Network) -> StructureQuerySet | None:
    """None for who sends for the whole network."""
    return None if leads(request.user, network) else scopes_of(request.user, network)


def scopes_read(request: HttpRequest, network: Network) -> StructureQuerySet | None:
    """None for who reads the figures of the whole network."""
    return None if reads_all(request.user, network) else scopes_of(request.user, network)


@requires(SEND_BATCHES)
@PAGE_WITH_FORM
def send(request: HttpRequest, network: Network) -> HttpResponse:
    scopes = scopes_sent(request, network)
    is_sent = request.method == "POST"
    form = SendForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, scopes=scopes
    )
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            path = keep_waiting(file)
            sent = send_file(
                path,
                file_name=str(file.name),
                network=network,
                sender=actor(request),
                scope=form.scope_chosen,
            )
        except RuleViolation as error:
            form.add_error("file", str(error))
        else:
            if isinstance(sent, Batch):
                return redirect("batch", network.code, sent.address)
            return redirect("batch_work", network.code, sent.pk)
    several = list(scopes) if scopes is not None and "scope" in form.fields else []
    context = {
        "network": network,
        "form": form,
        "scopes": several,
        "grains": grains_sent(network),
    }
    return render(request, "indicators/batches/send.html", context)


@requires(READ_BATCHES)
@require_safe
def following(request: HttpRequest, network: Network) -> HttpResponse:
    """For each indicator and period due: received, late, how many places are missing."""
    lines = followed(network, timezone.localdate(), scopes=scopes_read(request, network))
    context = {
        "network": network,
        "by_grain": by_grain(lines),
        "late": [line for line in lines if line.state == "late"],
        "may_send": may_send(request.user, network),
        "leads": leads(request.user, network),
    }
    return render(request, "indicators/batches/following.html", context)


def by_grain(lines: list[Followed]) -> list[tuple[Grain, list[Followed]]]:
    held: dict[int, list[Followed]] = {}
    for line in lines:
        held.setdefault(line.grain.pk, []).append(line)
    return [(same[0].grain, same) for same in held.values()]


@requires(READ_BATCHES)
@require_safe
def following_csv(request: HttpRequest, network: Network) -> StreamingHttpResponse:
    lines = followed(network, timezone.localdate(), scopes=scopes_read(request, network))
    return csv_answer(written_lines(rows_by_period(lines)), f"envois-{network.code}.csv")


def line_of(request: HttpRequest, network: Network, pk: int, code: str) -> Followed:
    """One grain and one of its past periods."""
    grain = get_object_or_404(
        Grain.objects.select_related("version__indicator", "network"), network=network, pk=pk
    )
    today = timezone.localdate()
    due = due_asked(grain, code)
    if due is None or due.period.last_day >= today:
        raise Http404("Cette période n'est pas attendue.")
    return followed_period(grain, due, today, scopes=scopes_read(request, network))


def due_asked(grain: Grain, code: str) -> Due | None:
    """None when the grain does not hold this period."""
    try:
        asked = period(code)
    except ValueError:
        return None
    first = period(grain.first_period).first_day
    ended = grain.ended_on is not None and asked.last_day > grain.ended_on
    if asked.kind.value != grain.period_kind or asked.first_day < first or ended:
        return None
    return due_of(asked, grain.due_days)


@requires(READ_BATCHES)
@require_safe
def missing(request: HttpRequest, network: Network, pk: int, period: str) -> HttpResponse:
    """The places that are expected and sent nothing, for one indicator and period."""
    line = line_of(request, network, pk, period)
    page = Paginator(line.missing, PAGE_SIZE).get_page(request.GET.get("page"))
    found = Structure.objects.in_bulk(list(page), field_name="code")
    context = {
        "network": network,
        "line": line,
        "page": page,
        "rows": [found[code] for code in page if code in found],
    }
    return render(request, "indicators/batches/missing.html", context)


@requires(READ_BATCHES)
@require_safe
def missing_csv(
    request: HttpRequest, network: Network, pk: int, period: str
) -> StreamingHttpResponse:
    line = line_of(request, network, pk, period)
    name = f"manquants-{line.grain.version.indicator.code}-{line.due.period.code}.csv"
    return csv_answer(written_lines(missing_rows(line)), name)
