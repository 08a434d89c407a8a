"""A form that does not pass is asked again by GET, with what was typed and what to mend.

Owns `?verifier=oui`, which shows remarks, and the ways out of a step; refuses to answer a POST with
a page: without JavaScript the browser's Back key would then show an error of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from guichet.core.redirects import see_other
from guichet.experiences.models import Draft
from guichet.experiences.sharing.steps import Step, step_before
from guichet.experiences.sharing.story import story_of
from guichet.experiences.sharing.third_person import in_third_person
from guichet.experiences.sharing.unfinished import (
    Unfinished,
    drop_unfinished,
    keep_unfinished,
    unfinished,
)
from guichet.experiences.sharing.views.drafts import TOLD
from guichet.experiences.sharing.views.finding import PIECE

AGAIN = "verifier"
LEAVE, BEFORE = "quitter", "avant"
"""What the buttons « Finir plus tard » and « Revenir à l'étape précédente » send."""
PASSING = (PIECE, TOLD)
"""What the address of the page says of one moment only."""

AnyForm = TypeVar("AnyForm", bound=forms.Form)


def is_asked_again(request: HttpRequest) -> bool:
    return request.method != "POST" and AGAIN in request.GET


def form_to_show(
    request: HttpRequest, draft: Draft, name: str, make: Callable[[Any], AnyForm]
) -> AnyForm:
    """The form `name` of what is posted; else of what was typed and did not pass, with its errors
    when they are asked for; else new."""
    make = spoken_by(draft, make)
    if request.method == "POST":
        return make(request.POST)
    left = unfinished(draft, name)
    if left is None:
        return make(None)
    if not is_asked_again(request):
        return begun_again(make(None), left)
    form = make(left.query)
    form.full_clean()
    form.errors.pop(NON_FIELD_ERRORS, None)
    for problem in left.problems:
        form.add_error(None, problem)
    return form


def spoken_by(draft: Draft, make: Callable[[Any], AnyForm]) -> Callable[[Any], AnyForm]:
    """The same form, in the third person for an agent."""
    if not story_of(draft).is_entered_by_an_agent:
        return make
    return lambda sent: in_third_person(make(sent))


def begun_again(form: AnyForm, left: Unfinished) -> AnyForm:
    """A form where what was typed stands, without a word on it; what was sworn is asked anew."""
    for name, field in form.fields.items():
        is_promise = isinstance(field, forms.BooleanField)
        if name in left.typed and not field.widget.is_hidden and not is_promise:
            several = getattr(field.widget, "allow_multiple_selected", False)
            values = left.typed[name]
            form.initial[name] = values if several else values[-1]
    return form


def asked_again(
    request: HttpRequest,
    draft: Draft,
    name: str = "",
    form: forms.Form | None = None,
    problem: str = "",
) -> HttpResponseRedirect:
    """The same page by GET, with its remarks; what was typed in the form `name` is kept until
    then."""
    if name:
        keep_unfinished(draft, name, form, [problem] if problem else [])
    return see_other(again_address(request))


def left(request: HttpRequest, draft: Draft, step: Step, form: forms.Form) -> HttpResponseRedirect:
    """Out of a step that is not done: what was typed stands there when the story is opened again,
    an answer only once « Continuer » is pressed."""
    if form.has_changed():
        keep_unfinished(draft, step.name, form)
    else:
        drop_unfinished(draft, step.name)
    return see_other(way_out(request, draft, step))


def way_out(request: HttpRequest, draft: Draft, step: Step) -> str:
    before = step_before(step) if request.POST.get(LEAVE) == BEFORE else None
    return reverse(before.url_name if before else "share_later", args=[draft.key])


def again_address(request: HttpRequest) -> str:
    query = request.GET.copy()
    for passing in PASSING:
        query.pop(passing, None)
    query[AGAIN] = "oui"
    return f"{request.path}?{query.urlencode()}"
