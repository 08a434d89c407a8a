"""`/agents/structures/`: an agent's structures, and all that there is to do on one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import SIGNED_IN, requires
from guichet.core.errors import RuleViolation
from guichet.core.extensions import actions_on
from guichet.directory.actions.corrections import confirm_structure, withdraw_correction
from guichet.directory.agent_lists import STATES, ListWish, matching, page_of, rows_of_page
from guichet.directory.agent_sheet import structure_sheet
from guichet.directory.models import Structure
from guichet.directory.permissions import CAN_READ, powers_of, structures_covered
from guichet.directory.policies import MANAGE_STRUCTURE, READ_STRUCTURE
from guichet.directory.views.actors import actor


@requires(SIGNED_IN)
@require_safe
def structures(request: HttpRequest) -> HttpResponse:
    wish = ListWish(text=request.GET.get("q", ""), state=request.GET.get("etat", ""))
    found = matching(structures_covered(request.user, CAN_READ), wish)
    page = page_of(found, request.GET.get("page"))
    context = {"wish": wish, "states": STATES, "page": page, "rows": rows_of_page(page)}
    return render(request, "directory/agents/structures.html", context)


@requires(READ_STRUCTURE)
@require_safe
def structure(request: HttpRequest, structure: Structure) -> HttpResponse:
    powers = powers_of(request.user)
    context = {
        "sheet": structure_sheet(structure),
        "structure": structure,
        "may_manage": powers.may_manage(structure),
        "may_respond": powers.may_respond(structure),
        "is_administrator": powers.is_administrator,
        "added_actions": actions_on("agent_structure", structure, request.user),
    }
    return render(request, "directory/agents/structure.html", context)


@requires(MANAGE_STRUCTURE)
@require_POST
def confirm(request: HttpRequest, structure: Structure) -> HttpResponse:
    try:
        confirm_structure(structure=structure, by=actor(request))
        messages.success(request, "Merci : la fiche est confirmée à la date d'aujourd'hui.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("manage_structure", structure.code)


@requires(MANAGE_STRUCTURE)
@require_POST
def back_to_source(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    correction = get_object_or_404(structure.corrections, pk=pk)
    try:
        withdraw_correction(correction=correction, by=actor(request))
        messages.success(request, "La valeur de la source est rétablie.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("manage_structure", structure.code)
