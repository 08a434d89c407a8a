"""The queue, the decisions made, the alerts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import requires
from guichet.moderation.models import Alert
from guichet.moderation.policies import MODERATE
from guichet.moderation.queue.due_times import targets_in_words
from guichet.moderation.queue.filters import filters_in
from guichet.moderation.queue.forms import FiltersForm, OutcomeForm, PeriodForm
from guichet.moderation.queue.past import (
    alert_title,
    decisions_of,
    past_figures,
    past_line,
    waits_for,
)
from guichet.moderation.queue.past import alerts as all_alerts
from guichet.moderation.queue.queries import for_list, queue_counts, queue_lines, queue_of
from guichet.moderation.queue.views.shown import OFF, SHORTCUTS_COOKIE, shown

TEXTS_A_PAGE = 20
DECISIONS_A_PAGE = 20
ALERTS_A_PAGE = 20
A_YEAR = 365 * 24 * 3600


@requires(MODERATE)
@never_cache
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    filters = filters_in(request.GET)
    page = Paginator(for_list(queue_of(filters)), TEXTS_A_PAGE).get_page(request.GET.get("page"))
    return shown(
        request,
        "queue",
        page=page,
        lines=queue_lines(page),
        counts=queue_counts(),
        form=FiltersForm(initial=vars(filters)),
        **targets_in_words(),
    )


@requires(MODERATE)
@never_cache
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    form = PeriodForm.read(request.GET)
    made = decisions_of(*form.days)
    listed = made.select_related("text", "by")
    page = Paginator(listed, DECISIONS_A_PAGE).get_page(request.GET.get("page"))
    lines = [past_line(one) for one in page]
    context = {"form": form, "days": form.days, "figures": past_figures(made)}
    return shown(request, "decisions", page=page, lines=lines, **context)


@requires(MODERATE)
@never_cache
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    page = Paginator(all_alerts(), ALERTS_A_PAGE).get_page(request.GET.get("page"))
    lines = [(alert, alert_title(alert), waits_for(alert), outcome_form(alert)) for alert in page]
    return shown(request, "alerts", page=page, lines=lines)


def outcome_form(alert: Alert) -> OutcomeForm:
    return OutcomeForm.of(alert, auto_id=f"alerte-{alert.pk}-%s")


@requires(MODERATE)
@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Turn the single-key shortcuts on or off in this browser (WCAG 2.1.4)."""
    response = redirect("moderation_queue")
    state = OFF if request.POST.get("raccourcis") == OFF else "oui"
    response.set_cookie(
        SHORTCUTS_COOKIE,
        state,
        max_age=A_YEAR,
        path=reverse("moderation_queue"),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
