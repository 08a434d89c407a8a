"""Pass a story on, and settle one that another network proposes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.views.actors import actor
from guichet.experiences.answering import actions
from guichet.experiences.answering.forms import PassOnForm, ReasonForm
from guichet.experiences.answering.places import places_to_pass_on
from guichet.experiences.answering.policies import ANSWER_STORY, SETTLE_PASSAGE, open_passage
from guichet.experiences.answering.views.answers import shown
from guichet.experiences.models import Addressee, Passage


@requires(ANSWER_STORY)
@PAGE_WITH_FORM
def pass_on_story(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    """Services found by name, those near in the tree first."""
    words = search_text(request.GET.get("q", ""))
    places = places_to_pass_on(addressee, words)
    form = PassOnForm(request.POST if request.method == "POST" else None, places=places)
    if form.is_valid():
        try:
            passage = actions.pass_on(
                addressee=addressee,
                target=form.chosen,
                by=actor(request),
                reason=form.cleaned_data["reason"],
            )
            proposed = passage.outcome == Passage.Outcome.PROPOSED
            what = "proposé" if proposed else "transmis"
            messages.success(request, f"Le récit est {what} à « {passage.target} ».")
            return redirect("stories_inbox")
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"addressee": addressee, "words": words, "places": places, "form": form}
    return render(request, "experiences/answering/pass_on.html", context)


@requires(ANSWER_STORY)
@require_POST
def cancel_passage(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    try:
        actions.cancel_passage(passage=passage_or_404(addressee), by=actor(request))
        messages.success(request, "La proposition est annulée : la réponse reste à vous.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("answer_story", addressee.pk)


@requires(SETTLE_PASSAGE)
@require_POST
def accept_passage(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    try:
        actions.accept_passage(passage=passage_or_404(addressee), by=actor(request))
        messages.success(request, "Vous avez accepté ce récit : l'auteur en est prévenu.")
    except RuleViolation as error:
        messages.error(request, str(error))
        return redirect("stories_inbox")
    return redirect("answer_story", addressee.pk)


@requires(SETTLE_PASSAGE)
@require_POST
def send_back_passage(request: HttpRequest, addressee: Addressee) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            passage = passage_or_404(addressee)
            actions.send_back(passage=passage, by=actor(request), reason=reason)
            messages.success(request, f"Le récit est renvoyé à « {passage.origin} ».")
            return redirect("stories_inbox")
        except RuleViolation as error:
            form.add_error("reason", str(error))
    return shown(request, addressee, sending_back=form)


def passage_or_404(addressee: Addressee) -> Passage:
    passage = open_passage(addressee)
    if passage is None:
        raise Http404("Ce récit n'est proposé à aucun service.")
    return passage
