"""`/agents/experiences/saisir/`: an agent begins the story of a person who tells it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.redirects import see_other
from guichet.core.text import search_text
from guichet.directory.models import Structure
from guichet.directory.permissions import CAN_RESPOND, structures_covered
from guichet.directory.views.actors import actor
from guichet.experiences.models import Entry
from guichet.experiences.policies import ENTER_STORIES
from guichet.experiences.sharing.actions import begin_draft
from guichet.experiences.sharing.forms import EnterForm
from guichet.experiences.sharing.steps import SERVICES
from guichet.experiences.sharing.story import service_of
from guichet.experiences.sharing.views.asking_again import AGAIN

MOST_PLACES = 40


@requires(ENTER_STORIES)
@never_cache
@PAGE_WITH_FORM
def enter_story(request: HttpRequest) -> HttpResponse:
    """From which place, at the counter or by telephone; then the same five steps."""
    places = possible_places(request)
    sent = request.GET if AGAIN in request.GET else None
    form = EnterForm(request.POST or sent, places=places, picked=request.GET.get("structure", ""))
    if request.method == "POST" and not form.is_valid():
        return see_other(f"{request.path}?{chosen_so_far(request, form)}")
    if request.method == "POST":
        place = form.place
        about_here = form.cleaned_data["about_here"]
        draft = begin_draft(
            services=[service_of(place)] if about_here else [],
            entry=Entry(form.cleaned_data["entry"]),
            entered_by=actor(request),
            entered_at=place,
        )
        return see_other(reverse(SERVICES.url_name, args=[draft.key]))
    context = {"form": form, "has_places": bool(places)}
    return render(request, "experiences/sharing/enter.html", context)


def chosen_so_far(request: HttpRequest, form: EnterForm) -> str:
    """The address of the page that says what is missing: choices only are in it."""
    query = request.GET.copy()
    for name in form.fields:
        query[name] = request.POST.get(name, "")[:150]
    query[AGAIN] = "oui"
    return query.urlencode()


def possible_places(request: HttpRequest) -> list[Structure]:
    """The one that the address names, if the agent answers there; else all of theirs when they are
    few enough for a list, by name."""
    covered = structures_covered(request.user, CAN_RESPOND).open_ones().select_related("commune")
    named = covered.filter(code=search_text(request.GET.get("structure", ""))).first()
    if named is not None:
        return [named]
    found = list(covered.order_by("name", "pk")[: MOST_PLACES + 1])
    return found if len(found) <= MOST_PLACES else []
