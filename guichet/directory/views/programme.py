"""`/agents/programme/`: the programme's numbers, and structures made or undone by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import is_storable
from guichet.directory.actions.structures import (
    close_structure,
    create_structure,
    merge_structures,
    move_structure,
    reopen_structure,
    split_structure,
)
from guichet.directory.agent_forms.programme import ClosingForm, NewStructureForm, SplitForm
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.directory.pickers import proposals_of_parent, proposals_to_absorb
from guichet.directory.policies import ADMINISTER, ADMINISTER_STRUCTURE, PROGRAMME
from guichet.directory.programme_numbers import programme_numbers
from guichet.directory.views.actors import actor

NOWHERE = "-"


@requires(PROGRAMME)
@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    context = {
        "numbers": programme_numbers(),
        "is_administrator": powers_of(request.user).is_administrator,
    }
    return render(request, "directory/programme/programme.html", context)


@requires(ADMINISTER)
@PAGE_WITH_FORM
def create(request: HttpRequest) -> HttpResponse:
    parent = chosen_structure(request.GET["sous"]) if "sous" in request.GET else None
    form = NewStructureForm(request.POST or None, parent=parent)
    if form.is_valid():
        try:
            made = create_structure(new=form.new(), by=actor(request), **form.values())
            messages.success(request, "La structure est créée. Complétez maintenant sa fiche.")
            return redirect("manage_structure", made.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    return render(request, "directory/programme/create.html", {"form": form, "parent": parent})


@requires(ADMINISTER_STRUCTURE)
@PAGE_WITH_FORM
def move(request: HttpRequest, structure: Structure) -> HttpResponse:
    if request.method == "POST":
        chosen = request.POST.get("parent", "")
        parent = None if chosen == NOWHERE else chosen_structure(chosen)
        try:
            move_structure(structure=structure, parent=parent, by=actor(request))
            messages.success(request, "Le rattachement est changé.")
            return redirect("manage_structure", structure.code)
        except RuleViolation as error:
            messages.error(request, str(error))
    text = request.GET.get("q", "")
    proposals = proposals_of_parent(structure, text)
    context = {"structure": structure, "text": text, "proposals": proposals, "nowhere": NOWHERE}
    return render(request, "directory/programme/move.html", context)


@requires(ADMINISTER_STRUCTURE)
@PAGE_WITH_FORM
def merge(request: HttpRequest, structure: Structure) -> HttpResponse:
    if request.method == "POST":
        kept = chosen_structure(request.POST.get("kept", ""))
        try:
            merge_structures(kept=kept, absorbed=structure, by=actor(request))
            messages.success(request, f"C'est fait : l'ancienne adresse mène à « {kept} ».")
            return redirect("manage_structure", kept.code)
        except RuleViolation as error:
            messages.error(request, str(error))
    text = request.GET.get("q", "")
    proposals = proposals_to_absorb(structure, text)
    context = {"structure": structure, "text": text, "proposals": proposals}
    return render(request, "directory/programme/merge.html", context)


def chosen_structure(code: str) -> Structure:
    structure = Structure.objects.filter(code=code).first() if is_storable(code) else None
    if structure is None:
        raise Http404("La structure choisie n'existe pas.")
    return structure


@requires(ADMINISTER_STRUCTURE)
@PAGE_WITH_FORM
def split(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = SplitForm(request.POST or None)
    if form.is_valid():
        try:
            made = split_structure(structure=structure, by=actor(request), **form.cleaned_data)
            names = ", ".join(f"« {one} »" for one in made)
            messages.success(request, f"C'est fait : {names}. Complétez leurs fiches.")
            return redirect("manage_structure", made[0].code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"structure": structure, "form": form}
    return render(request, "directory/programme/split.html", context)


@requires(ADMINISTER_STRUCTURE)
@PAGE_WITH_FORM
def close(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = ClosingForm(request.POST or None)
    if form.is_valid():
        try:
            close_structure(structure=structure, by=actor(request), **form.cleaned_data)
            messages.success(request, "La structure est fermée : sa page le dit au public.")
            return redirect("manage_structure", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"structure": structure, "form": form}
    return render(request, "directory/programme/close.html", context)


@requires(ADMINISTER_STRUCTURE)
@require_POST
def reopen(request: HttpRequest, structure: Structure) -> HttpResponse:
    try:
        reopen_structure(structure=structure, by=actor(request))
        messages.success(request, "La structure est rouverte.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("manage_structure", structure.code)
