"""`/agents/experiences/signalements/`: what visitors reported, settled by moderators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.views.actors import actor
from guichet.experiences.following import actions
from guichet.experiences.following.actions.reports import Outcome
from guichet.experiences.following.forms import SettleForm
from guichet.experiences.following.queries import public_replies
from guichet.experiences.models import ContentReport, RemovedWords
from guichet.moderation.policies import MODERATE

REPORTS_A_PAGE = 25


@requires(MODERATE)
@never_cache
@require_safe
def content_reports(request: HttpRequest) -> HttpResponse:
    is_settled = request.GET.get("etat") == "regles"
    found = ContentReport.objects.select_related("experience").filter(
        settled_at__isnull=not is_settled
    )
    order = ("-settled_at",) if is_settled else ("is_burst", "reported_at", "pk")
    page = Paginator(found.order_by(*order), REPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "is_settled": is_settled, "is_waiting": not is_settled}
    return render(request, "experiences/following/agents/reports.html", context)


@requires(MODERATE)
@never_cache
@PAGE_WITH_FORM
def settle_content_report(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        ContentReport.objects.select_related("experience", "settled_by", "reply__structure"), pk=pk
    )
    replies = public_replies(found.experience)
    form = SettleForm(request.POST if request.method == "POST" else None, replies=replies)
    if form.is_valid():
        values = form.cleaned_data
        try:
            actions.settle_content_report(
                report=found,
                by=actor(request),
                outcome=Outcome(values["outcome"]),
                words=values["words"],
                reason=values["reason"],
                reply=values["reply"],
            )
            messages.success(request, "La suite donnée est notée.")
            return redirect("content_reports")
        except RuleViolation as error:
            form.add_error(None, str(error))
    others = found.experience.reports.filter(settled_at__isnull=True).exclude(pk=found.pk).count()
    context = {
        "report": found,
        "story": found.experience,
        "replies": replies,
        "removed": RemovedWords.objects.filter(reply__addressee__experience=found.experience_id),
        "form": form,
        "others": others,
    }
    return render(request, "experiences/following/agents/report.html", context)
