"""`/agents/experiences/`: the stories of one's services."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.core.access import requires
from guichet.core.text import search_text
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.experiences.answering.forms import InboxFilters
from guichet.experiences.answering.inbox import (
    EMPTY,
    inbox,
    networks_with_stories,
    services_with_stories,
)
from guichet.experiences.answering.policies import manages_somewhere
from guichet.orientation.policies import ADVISE


@requires(ADVISE)
@require_safe
def stories_inbox(request: HttpRequest) -> HttpResponse:
    """Of all one's services, or with `?structure=` of one and those under it."""
    structure = chosen_structure(request)
    tab = request.GET.get("liste", "")
    form = InboxFilters(
        request.GET,
        services=services_with_stories(request.user, structure),
        networks=networks_with_stories(request.user),
    )
    wish = form.wish(tab if tab in EMPTY else "", structure)
    context = {
        "list": inbox(request.user, wish, request.GET.get("page")),
        "form": form,
        "wish": wish,
        "structure": structure,
        "manages": manages_somewhere(request.user),
    }
    return render(request, "experiences/answering/inbox.html", context)


def chosen_structure(request: HttpRequest) -> Structure | None:
    """The one that the address names; 404 when the agent may not read it: the stories of all their
    services would pass for its own."""
    code = search_text(request.GET.get("structure", ""))
    if not code:
        return None
    found = Structure.objects.filter(code=code).first()
    if found is None or not powers_of(request.user).may_read(found):
        raise Http404("Ce service n'existe pas, ou vous n'en suivez pas les récits.")
    return found
