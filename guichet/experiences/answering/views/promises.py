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
from guichet.experiences.answering.reviewing import Review, review_of_done
from guichet.experiences.models import Addressee, Promise


@requires(ANSWER_STORY)
@PAGE_WITH_FORM
def keep_promise(request: HttpRequest, addressee: Addressee, promise: int) -> HttpResponse:
    """What is found in the words is shown once, then they are published all the same."""
    kept = get_object_or_404(
        Promise.objects.select_related("reply__addressee", "where"),
        pk=promise,
        reply__addressee=addressee,
    )
    form = DoneForm(request.POST if request.method == "POST" else None)
    found: Review | None = None
    if form.is_valid():
        words = form.cleaned_data["words"]
        found = review_of_done(words, addressee)
        if not found.has_remarks or request.POST.get("anyway") == "1":
            try:
                actions.keep_promise(promise=kept, by=actor(request), words=words)
                messages.success(request, "C'est publié, et l'auteur du récit en est prévenu.")
                return redirect("answer_story", addressee.pk)
            except RuleViolation as error:
                form.add_error(None, str(error))
    context = {"addressee": addressee, "promise": kept, "form": form, "review": found}
    return render(request, "experiences/answering/keep_promise.html", context)
