"""Give a story to a colleague, leave a note."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from guichet.core.access import requires
from guichet.core.errors import RuleViolation
from guichet.directory.views.actors import actor
from guichet.experiences.answering import actions
from guichet.experiences.answering.forms import AssignForm, NoteForm
from guichet.experiences.answering.policies import ANSWER_STORY
from guichet.experiences.answering.views.answers import shown
from guichet.experiences.models import Addressee
from guichet.experiences.responders import who_may_answer


@requires(ANSWER_STORY)
@require_POST
def assign_story(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    form = AssignForm(request.POST, people=who_may_answer(addressee.structure))
    if not form.is_valid():
        messages.error(
            request, "Cette personne ne peut pas répondre ici : choisissez-en une autre."
        )
        return redirect("answer_story", addressee.pk)
    try:
        held = actions.assign(addressee=addressee, to=form.chosen, by=actor(request))
        given = f"confié à {held.assigned_to}" if held.assigned_to else "rendu à toute l'équipe"
        messages.success(request, f"Le récit est {given}.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("answer_story", addressee.pk)


@requires(ANSWER_STORY)
@require_POST
def note_story(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.note(addressee=addressee, by=actor(request), text=form.cleaned_data["note"])
            messages.success(request, "La note est enregistrée.")
            return redirect("answer_story", addressee.pk)
        except RuleViolation as error:
            form.add_error("note", str(error))
    return shown(request, addressee, note=form)
