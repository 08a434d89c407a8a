"""Correct what is shown of a structure: its facts, its usual week, its particular days."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.actions.closures import announce_days, withdraw_days
from guichet.directory.actions.corrections import correct_structure
from guichet.directory.actions.weekly_hours import correct_hours
from guichet.directory.agent_forms.days import DaysForm
from guichet.directory.agent_forms.facts import FACTS_FORMS
from guichet.directory.agent_forms.hours import WeekForm, with_monday_copied
from guichet.directory.agent_sheet import coming_days
from guichet.directory.models import Structure
from guichet.directory.policies import MANAGE_STRUCTURE
from guichet.directory.views.actors import actor
from guichet.directory.week_tables import week_table


@requires(MANAGE_STRUCTURE)
@PAGE_WITH_FORM
def correct_facts(request: HttpRequest, structure: Structure, section: str) -> HttpResponse:
    if section not in FACTS_FORMS:
        raise Http404("Cette partie de la fiche n'existe pas.")
    form = FACTS_FORMS[section](request.POST or None, structure=structure)
    if form.is_valid():
        try:
            changed = correct_structure(structure=structure, by=actor(request), **form.values())
            tell_outcome(request, bool(changed))
            return redirect("manage_structure", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    return render(request, "directory/agents/facts.html", {"structure": structure, "form": form})


@requires(MANAGE_STRUCTURE)
@PAGE_WITH_FORM
def correct_week(request: HttpRequest, structure: Structure) -> HttpResponse:
    typed: QueryDict | None = request.POST or None
    is_draft = "copy" in request.POST or "preview" in request.POST
    if "copy" in request.POST:
        typed = with_monday_copied(request.POST, request.POST["copy"])
    form = WeekForm(typed, structure=structure)
    if not is_draft and form.is_valid() and save_week(request, structure, form):
        return redirect("manage_structure", structure.code)
    shown = "preview" in request.POST and form.is_valid()
    preview = week_table(sorted(form.intervals)) if shown else None
    context = {"structure": structure, "form": form, "preview": preview}
    return render(request, "directory/agents/week.html", context)


def save_week(request: HttpRequest, structure: Structure, form: WeekForm) -> bool:
    """True once saved; otherwise the form says what to mend."""
    note = form.cleaned_data["hours_text"]
    try:
        changed = correct_hours(structure=structure, intervals=form.intervals, by=actor(request))
        noted = correct_structure(structure=structure, by=actor(request), hours_text=note)
    except RuleViolation as error:
        form.add_error(None, str(error))
        return False
    tell_outcome(request, bool(changed or noted))
    return True


@requires(MANAGE_STRUCTURE)
@PAGE_WITH_FORM
def particular_days(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = DaysForm(request.POST or None)
    if form.is_valid():
        try:
            told = announce_days(structures=[structure], days=form.days(), by=actor(request))
            if told:
                messages.success(request, "C'est annoncé sur la page publique.")
            else:
                messages.info(request, "Ces jours étaient déjà annoncés : rien n'a changé.")
            return redirect("particular_days", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"structure": structure, "form": form, "days": coming_days(structure)}
    return render(request, "directory/agents/days.html", context)


@requires(MANAGE_STRUCTURE)
@require_POST
def withdraw_particular_days(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    row = get_object_or_404(structure.exceptional_hours, pk=pk)
    withdraw_days(days=row, by=actor(request))
    messages.success(request, "C'est retiré : les horaires habituels s'appliquent.")
    return redirect("particular_days", structure.code)


def tell_outcome(request: HttpRequest, changed: bool) -> None:
    if changed:
        messages.success(request, "C'est enregistré : la page publique est à jour.")
    else:
        messages.info(request, "Rien n'a changé : tout était déjà ainsi.")
