"""`/agents/structures/<code>/membres/`: who may do what on a structure."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.actions.memberships import change_role, end_membership, invite
from guichet.directory.agent_forms.members import MemberForm, MemberRoleForm
from guichet.directory.agent_sheet import members_above, members_of
from guichet.directory.models import Membership, Structure
from guichet.directory.policies import MANAGE_STRUCTURE
from guichet.directory.views.actors import actor


@requires(MANAGE_STRUCTURE)
@PAGE_WITH_FORM
def members(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = MemberForm(request.POST or None)
    if form.is_valid():
        try:
            held = invite(by=actor(request), structure=structure, **form.cleaned_data)
            messages.success(
                request, f"{held.user} a ce rôle dès maintenant, et reçoit un courriel."
            )
            return redirect("structure_members", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {
        "structure": structure,
        "members": members_of(structure),
        "above": members_above(structure),
        "form": form,
    }
    return render(request, "directory/agents/members.html", context)


@requires(MANAGE_STRUCTURE)
@PAGE_WITH_FORM
def change_member(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    held = current_role(structure, pk)
    form = MemberRoleForm(request.POST or None, role=held.role)
    if form.is_valid():
        try:
            changed = change_role(membership=held, by=actor(request), **form.cleaned_data)
            role = changed.get_role_display()
            messages.success(request, f"{held.user} a maintenant le rôle « {role} ».")
            return back_to_members(request, held)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"structure": structure, "membership": held, "form": form}
    return render(request, "directory/agents/member.html", context)


@requires(MANAGE_STRUCTURE)
@require_POST
def end_member(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    held = current_role(structure, pk)
    try:
        end_membership(membership=held, by=actor(request))
        messages.success(request, f"{held.user} n'a plus ce rôle.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return back_to_members(request, held)


def current_role(structure: Structure, pk: int) -> Membership:
    held = structure.memberships.select_related("user").filter(ended_at__isnull=True)
    return get_object_or_404(held, pk=pk)


def back_to_members(request: HttpRequest, held: Membership) -> HttpResponse:
    """Home for those who changed their own role, and may no longer see the list."""
    if held.user_id == actor(request).pk or held.structure is None:
        return redirect("agents_home")
    return redirect("structure_members", held.structure.code)
