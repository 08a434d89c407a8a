"""Errors on a structure's page: reported by anybody, settled by an agent."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, SIGNED_IN, requires
from guichet.core.errors import RuleViolation
from guichet.directory.actions.reports import report_error, settle_report
from guichet.directory.agent_forms.reports import OutcomeForm, ReportForm
from guichet.directory.models import ErrorReport, Structure
from guichet.directory.permissions import CAN_RESPOND, structures_covered
from guichet.directory.policies import RESPOND_STRUCTURE
from guichet.directory.views.actors import actor

REPORTS_A_PAGE = 25


@requires(PUBLIC)
@never_cache
@PAGE_WITH_FORM
def report(request: HttpRequest, code: str) -> HttpResponse:
    structure = Structure.objects.select_related("merged_into").filter(code=code).first()
    if structure is None:
        raise Http404("Ce lieu n'existe pas ou n'existe plus.")
    if structure.merged_into is not None:
        return redirect("report_error", structure.merged_into.code)
    form = ReportForm(request.POST or None, about=code)
    if form.is_valid():
        message, topic = form.cleaned_data["message"], form.cleaned_data["topic"]
        report_error(structure=structure, topic=topic, message=message)
        messages.success(request, "Merci : votre message est transmis au responsable de ce lieu.")
        return redirect(structure)
    return render(request, "directory/report.html", {"structure": structure, "form": form})


@requires(SIGNED_IN)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    covered = structures_covered(request.user, CAN_RESPOND)
    waiting = (
        ErrorReport.objects.filter(settled_at__isnull=True, structure__in=covered)
        .select_related("structure__commune")
        .order_by("is_burst", "reported_at", "pk")
    )
    page = Paginator(waiting, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "directory/agents/reports.html", {"page": page})


@requires(RESPOND_STRUCTURE)
@PAGE_WITH_FORM
def settle(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    found = get_object_or_404(structure.error_reports.select_related("settled_by"), pk=pk)
    form = OutcomeForm(request.POST or None)
    if form.is_valid():
        try:
            settle_report(report=found, by=actor(request), outcome=form.words())
            messages.success(request, "La suite donnée est notée.")
            return redirect("manage_structure", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"structure": structure, "report": found, "form": form}
    return render(request, "directory/agents/report.html", context)
