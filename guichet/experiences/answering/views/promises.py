"""Say that what was promised is done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.views.actors import actor
from guichet.experiences.answering import actions
from guichet.experiences.answering.forms import DoneForm
from guichet.experiences.answering.policies import ANSWER_STORY
from guichet.experiences.models import Addressee, Promise


@requires(ANSWER_STORY)
@PAGE_WITH_FORM
def keep_promise(request: HttpRequest, addressee: Addressee, promise: int) -> HttpResponse:
    kept = get_object_or_404(
        Promise.objects.select_related("reply__addressee", "where"),
        pk=promise,
        reply__addressee=addressee,
    )
    form = DoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.keep_promise(promise=kept, by=actor(request), words=form.cleaned_data["words"])
            messages.success(request, "C'est publié, et l'auteur du récit en est prévenu.")
            return redirect("answer_story", addressee.pk)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"addressee": addressee, "promise": kept, "form": form}
    return render(request, "experiences/answering/keep_promise.html", context)
