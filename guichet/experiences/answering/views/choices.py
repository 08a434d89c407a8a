"""`/agents/experiences/mes-choix/`: how an agent is told, and when they are away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, SIGNED_IN, requires
from guichet.core.errors import RuleViolation
from guichet.directory.views.actors import actor
from guichet.experiences.answering.absence_forms import AbsenceForm, PeopleSearchForm
from guichet.experiences.answering.absences import (
    absences_to_change,
    end_absence,
    enter_absence,
)
from guichet.experiences.answering.forms import NoticesForm
from guichet.experiences.models import NotificationChoice
from guichet.orientation.policies import ADVISE


@requires(ADVISE)
@PAGE_WITH_FORM
def my_story_notices(request: HttpRequest) -> HttpResponse:
    user = actor(request)
    choice = NotificationChoice.objects.filter(user=user).first() or NotificationChoice(user=user)
    form = NoticesForm(request.POST if request.method == "POST" else None, instance=choice)
    if form.is_valid():
        form.save()
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("my_story_notices")
    return choices_page(request, form, absence_form(request))


def absence_form(request: HttpRequest, posted: QueryDict | None = None) -> AbsenceForm:
    return AbsenceForm(posted, me=actor(request), search=PeopleSearchForm(request.GET))


def choices_page(request: HttpRequest, form: NoticesForm, absence: AbsenceForm) -> HttpResponse:
    user, today = actor(request), timezone.localdate()
    search = PeopleSearchForm(request.GET)
    has_searched = bool(search.words("absent") or search.words("remplacant"))
    context = {
        "form": form,
        "absence": absence,
        "search": search if has_searched or absence.is_cut else None,
        "kept_search": f"?{request.GET.urlencode()}" if has_searched else "",
        "me": user,
        "absences": absences_to_change(user)
        .filter(ended_at=None, last_day__gte=today)
        .order_by("first_day", "pk"),
    }
    return render(request, "experiences/answering/choices.html", context)


@requires(ADVISE)
@require_POST
def add_absence(request: HttpRequest) -> HttpResponse:
    user = actor(request)
    absence = absence_form(request, request.POST)
    if absence.is_valid():
        try:
            enter_absence(
                user=absence.away,
                by=user,
                first_day=absence.cleaned_data["first_day"],
                last_day=absence.cleaned_data["last_day"],
                substitute=absence.chosen,
            )
            messages.success(request, "L'absence est notée.")
            return redirect("my_story_notices")
        except RuleViolation as error:
            absence.add_error(None, str(error))
    choice = NotificationChoice.objects.filter(user=user).first() or NotificationChoice(user=user)
    return choices_page(request, NoticesForm(instance=choice), absence)


@requires(SIGNED_IN)
@require_POST
def end_own_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own, and that of an agent whom one manages: another's is not found."""
    absence = get_object_or_404(absences_to_change(actor(request)), pk=pk)
    end_absence(absence=absence, by=actor(request))
    messages.success(request, "Cette absence est ôtée.")
    return redirect("my_story_notices")
