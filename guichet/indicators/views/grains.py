"""`/agents/reseaux/<network>/mesures/`: what a network sends, how finely, by when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.models import Network
from guichet.directory.policies import LEAD_NETWORK
from guichet.directory.views.actors import actor
from guichet.indicators.actions.grains import declare_grain, edit_grain, end_grain, remove_grain
from guichet.indicators.definitions.pages import grains_of_network
from guichet.indicators.forms.grains import (
    EndGrainForm,
    GrainForm,
    GrainWordsForm,
    cuts_text,
    versions_to_send,
)
from guichet.indicators.models import Grain, IndicatorVersion
from guichet.indicators.reference_tables import advised_cuts


@requires(LEAD_NETWORK)
@require_safe
def grains(request: HttpRequest, network: Network) -> HttpResponse:
    declared = list(grains_of_network(network))
    today = timezone.localdate()
    sent = {grain.version_id for grain in declared}
    context = {
        "network": network,
        "current": [one for one in declared if one.ended_on is None or one.ended_on >= today],
        "ended": [one for one in declared if one.ended_on is not None and one.ended_on < today],
        "not_sent": [one for one in versions_to_send(network) if one.pk not in sent],
    }
    return render(request, "indicators/grains/grains.html", context)


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def declare(request: HttpRequest, network: Network) -> HttpResponse:
    form = GrainForm(
        request.POST or None,
        network=network,
        initial=suggested(search_text(request.GET.get("indicateur", ""))),
    )
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            declare_grain(
                network=network, version=version, content=form.content(), by=actor(request)
            )
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"C'est noté : {network.name} envoie « {version.title} ».")
            return redirect("grains", network.code)
    context = {"network": network, "form": form}
    return render(request, "indicators/grains/declare.html", context)


def suggested(code: str) -> dict[str, Any]:
    """What the fields show first: the indicator asked for, and the cuts that come with it."""
    year = timezone.localdate().year
    first: dict[str, Any] = {"first_period": f"{year}-01", "period_kind": "month", "due_days": 30}
    latest = versions_coded(code)
    if latest is None:
        return first
    cuts = advised_cuts(code)
    return first | {"version": latest, "cuts": cuts_text(list(cuts), cuts)}


def versions_coded(code: str) -> int | None:
    versions = IndicatorVersion.objects.filter(indicator__code=code).order_by("-number")
    return versions.values_list("pk", flat=True).first()


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def grain(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    """Its delay and words; and, apart, its end."""
    found = grain_of(network, pk)
    ends = "last_period" in request.POST
    form = GrainWordsForm(None if ends else request.POST or None, grain=found)
    end_form = EndGrainForm(request.POST if ends else None, grain=found)
    try:
        if ends and end_form.is_valid():
            last = end_form.cleaned_data["last_period"].strip()
            end_grain(grain=found, last_period=last, by=actor(request))
            messages.success(request, f"Plus rien n'est attendu après {last}.")
            return redirect("grains", network.code)
        if form.is_bound and form.is_valid():
            said = form.cleaned_data
            edit_grain(
                grain=found,
                due_days=said["due_days"],
                cut_words=said.get("cuts"),
                by=actor(request),
            )
            messages.success(request, "C'est enregistré.")
            return redirect("grains", network.code)
    except RuleViolation as error:
        (end_form if ends else form).add_error(None, str(error))
    context = {"network": network, "grain": found, "form": form, "end_form": end_form}
    return render(request, "indicators/grains/grain.html", context)


def grain_of(network: Network, pk: int) -> Grain:
    rows = Grain.objects.select_related("version__indicator", "network")
    return get_object_or_404(rows, network=network, pk=pk)


@requires(LEAD_NETWORK)
@require_POST
def remove(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    found = grain_of(network, pk)
    try:
        remove_grain(grain=found, by=actor(request))
        messages.success(request, f"« {found.version.title} » n'est plus attendu de ce réseau.")
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect("grain", network.code, pk)
    return redirect("grains", network.code)
