"""What is masked in a text: judged, changed, added."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from guichet.accounts.models import User
from guichet.core.access import requires
from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.directory.views.actors import actor
from guichet.moderation.kinds import Kind
from guichet.moderation.models import ModeratedText
from guichet.moderation.policies import MODERATE
from guichet.moderation.queue.actions.marking import (
    change_marks,
    judge_marks,
    mask_selection,
    mask_words,
)
from guichet.moderation.queue.forms import (
    ChangeMarksForm,
    MaskSelectionForm,
    MaskWordsForm,
    PlacesForm,
)
from guichet.moderation.queue.views.shown import back_to, checked, text_or_404, with_typed
from guichet.moderation.redaction import MarkState


@requires(MODERATE)
@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One button says what is done (`acte`)."""
    text = text_or_404(pk)
    act = ACTS.get(request.POST.get("acte", ""))
    try:
        if act is None:
            raise RuleViolation("Choisissez ce qu'il faut faire de ces mots.")
        messages.success(request, act(text, actor(request), request))
    except RuleViolation as error:
        typed = request.POST.get("words", "").strip()
        messages.error(request, with_typed(error, "Ce que vous vouliez masquer", typed))
    return back_to(request, text, "masques")


def mask(text: ModeratedText, by: User, request: HttpRequest) -> str:
    form = checked(PlacesForm(request.POST))
    judge_marks(text=text, by=by, places=form.cleaned_data["places"], state=MarkState.ACCEPTED)
    return "Ces mots restent masqués."


def show(text: ModeratedText, by: User, request: HttpRequest) -> str:
    form = checked(PlacesForm(request.POST))
    judge_marks(text=text, by=by, places=form.cleaned_data["places"], state=MarkState.REJECTED)
    return "Ces mots seront visibles."


def edit(text: ModeratedText, by: User, request: HttpRequest) -> str:
    said = checked(ChangeMarksForm(request.POST)).cleaned_data
    change_marks(
        text=text,
        by=by,
        places=said["places"],
        kind=Kind(said["kind"]),
        words=said["words"],
        replacement=said["replacement"],
    )
    return "Le masque est changé."


def add(text: ModeratedText, by: User, request: HttpRequest) -> str:
    said = checked(MaskWordsForm(request.POST)).cleaned_data
    count = mask_words(
        text=text,
        by=by,
        words=said["words"],
        kind=Kind(said["kind"]),
        replacement=said["replacement"],
    )
    return f"Ces mots sont masqués {counted(count, 'fois', 'fois')}."


def select(text: ModeratedText, by: User, request: HttpRequest) -> str:
    said = checked(MaskSelectionForm(request.POST)).cleaned_data
    mask_selection(text=text, by=by, place=said["places"][0], kind=Kind(said["kind"]))
    return "La sélection est masquée."


Act = Callable[[ModeratedText, User, HttpRequest], str]
ACTS: dict[str, Act] = {
    "masquer": mask,
    "montrer": show,
    "changer": edit,
    "ajouter": add,
    "selection": select,
}
