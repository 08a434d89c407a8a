"""`/agents/reseaux/`: a network, its sites, the days announced for many, those who lead it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.extensions import actions_on
from guichet.directory.actions.closures import (
    DifferingDays,
    already_announced,
    announce_everywhere,
    withdraw_announcement,
)
from guichet.directory.actions.memberships import end_membership, invite
from guichet.directory.agent_forms.days import DaysForm
from guichet.directory.agent_forms.members import InvitationForm
from guichet.directory.agent_lists import PAGE_SIZE, for_rows, rows_of
from guichet.directory.models import Network, Role, Structure
from guichet.directory.network_forms import SitesForm, TargetSites
from guichet.directory.network_pages import (
    announcement_line,
    days_in_words,
    latest_announcements,
    leads_of,
    numbers_of,
    preview,
)
from guichet.directory.permissions import networks_led
from guichet.directory.policies import LEAD_ANY_NETWORK, LEAD_NETWORK
from guichet.directory.views.actors import actor

NO_SITE = (
    "Aucun site ouvert ne répond à ce choix : revenez à la liste et choisissez-en au moins un."
)


@requires(LEAD_ANY_NETWORK)
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    lines = numbers_of(networks_led(request.user))
    context = {"lines": lines, "without_site": [line for line in lines if not line.sites]}
    return render(request, "directory/networks/networks.html", context)


@requires(LEAD_NETWORK)
@require_safe
def network(request: HttpRequest, network: Network) -> HttpResponse:
    form = SitesForm(request.GET, network=network)
    page = Paginator(for_rows(form.found()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "network": network,
        "numbers": numbers_of([network])[0],
        "form": form,
        "page": page,
        "rows": rows_of(list(page)),
        "announcements": latest_announcements(network),
        "added_actions": actions_on("network", network, request.user),
    }
    return render(request, "directory/networks/network.html", context)


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def network_days(request: HttpRequest, network: Network) -> HttpResponse:
    """The form; then what it would do; then, once confirmed as it was shown, doing it."""
    target = TargetSites(request.POST or request.GET, network=network)
    form = DaysForm(request.POST if "first_day" in request.POST else None)
    sites = list(target.sites.select_related("network"))
    context: dict[str, Any] = {"network": network, "target": target, "form": form}
    context["sites"] = len(sites)
    if sites and form.is_valid():
        try:
            return previewed_or_done(request, network, sites, form.days(), context)
        except RuleViolation as error:
            form.add_error(None, str(error))
    if not sites:
        context["problem"] = NO_SITE
    return render(request, "directory/networks/days.html", context)


def previewed_or_done(
    request: HttpRequest,
    network: Network,
    sites: list[Structure],
    days: DifferingDays,
    context: dict[str, Any],
) -> HttpResponse:
    shown = digest_of(sites, days)
    if request.POST.get("confirmed") == shown:
        announcement, count = announce_everywhere(
            network=network, structures=sites, days=days, by=actor(request)
        )
        messages.success(request, f"C'est fait : {days_in_words(days, count)}.")
        return redirect("network_announcement", network.code, announcement.pk)
    told_already = len(already_announced(sites, days))
    typed = [(name, request.POST.get(name, "")) for name in DaysForm.base_fields]
    context |= {"preview": preview(sites, days, told_already), "shown": shown, "typed": typed}
    return render(request, "directory/networks/days_preview.html", context)


def digest_of(sites: list[Structure], days: DifferingDays) -> str:
    """Names what was previewed: other sites, or other days, need another preview."""
    told = [sorted(site.pk for site in sites), repr(days)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


@requires(LEAD_NETWORK)
@require_safe
def network_announcement(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    announcement = get_object_or_404(network.announcements.select_related("by"), pk=pk)
    context = {
        "network": network,
        "announcement": announcement,
        "line": announcement_line(announcement),
    }
    return render(request, "directory/networks/announcement.html", context)


@requires(LEAD_NETWORK)
@require_POST
def undo_announcement(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    announcement = get_object_or_404(network.announcements, pk=pk)
    line = announcement_line(announcement)
    withdraw_announcement(announcement=announcement, by=actor(request))
    if line is not None:
        messages.success(request, f"C'est annulé, pour tous. N'est plus annoncé : {line.words}.")
    return redirect("network", network.code)


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def network_members(request: HttpRequest, network: Network) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            invited = invite(
                role=Role.LEAD, by=actor(request), network=network, **form.cleaned_data
            )
            messages.success(request, f"{invited.user} pilote le réseau et reçoit un courriel.")
            return redirect("network_members", network.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"network": network, "leads": leads_of(network), "form": form}
    return render(request, "directory/networks/members.html", context)


@requires(LEAD_NETWORK)
@require_POST
def end_network_member(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    membership = get_object_or_404(leads_of(network), pk=pk)
    try:
        end_membership(membership=membership, by=actor(request))
        messages.success(request, f"{membership.user} ne pilote plus le réseau.")
    except RuleViolation as error:
        messages.error(request, str(error))
    leaves = membership.user_id == actor(request).pk
    return redirect("agents_home") if leaves else redirect("network_members", network.code)
