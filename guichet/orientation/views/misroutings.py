"""`/agents/orientation/erreurs-d-orientation/`: which services wrongly send people to which."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guichet.core.access import requires
from guichet.directory.csv_sheets import written_lines
from guichet.directory.views.csv_answers import csv_answer
from guichet.orientation.handovers.misrouting_forms import MisroutingForm
from guichet.orientation.handovers.misroutings import misrouted_pairs, rows_by_month
from guichet.orientation.policies import READ_MISROUTINGS


@requires(READ_MISROUTINGS)
@require_safe
def misroutings(request: HttpRequest) -> HttpResponse:
    form = MisroutingForm(request.GET, user=request.user)
    pairs = misrouted_pairs(form.wish)
    context = {
        "form": form,
        "pairs": pairs,
        "people": sum(pair.count for pair in pairs),
        "sees_everything": form.wish.kinds is None,
    }
    return render(request, "orientation/handovers/misroutings.html", context)


@requires(READ_MISROUTINGS)
@require_safe
def export_misroutings(request: HttpRequest) -> StreamingHttpResponse:
    form = MisroutingForm(request.GET, user=request.user)
    name = f"erreurs-d-orientation-{timezone.localdate():%Y-%m-%d}.csv"
    return csv_answer(written_lines(rows_by_month(form.wish)), name)
