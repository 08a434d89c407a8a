"""The public pages of stories."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.core.limits import limits_searches
from guichet.directory.models import Network, Structure
from guichet.directory.queries import code_known_elsewhere
from guichet.experiences.models import Experience, State
from guichet.experiences.reading.feeds import feed_of
from guichet.experiences.reading.forms import FilterForm, wish_of
from guichet.experiences.reading.list_page import list_page
from guichet.experiences.reading.quick_filters import quick_filters
from guichet.experiences.reading.scope_page import scope_page
from guichet.experiences.reading.scopes import EVERYTHING, Scope, territory_of_code
from guichet.experiences.reading.story_page import story_page

TAKEN_BACK = {
    State.WITHDRAWN: "Son auteur a retiré ce récit.",
    State.REMOVED: "La modération a retiré ce récit.",
}
NO_STORY = "Ce récit n'existe pas, ou n'est pas publié."


@requires(PUBLIC)
@require_safe
@limits_searches("q service")
def experiences(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    page = list_page(wish_of(request.GET, form), request.GET, form.refused)
    context = {"page": page, "form": form, "quick_filters": quick_filters(request.GET)}
    return render(request, "experiences/reading/list.html", context)


@requires(PUBLIC)
@require_safe
def experience(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """410 once taken back: whoever kept the address knows that nothing is to be found there."""
    story = Experience.objects.select_related("procedure", "read_in").filter(pk=pk).first()
    if story is not None and State(story.state) in TAKEN_BACK:
        words = TAKEN_BACK[State(story.state)]
        return render(request, "experiences/reading/taken_back.html", {"words": words}, status=410)
    if story is None or not story.is_published:
        raise Http404(NO_STORY)
    if request.path != story.get_absolute_url():
        return redirect(story, permanent=True)
    return render(request, "experiences/reading/story.html", {"page": story_page(story)})


@requires(PUBLIC)
@require_safe
def of_service(request: HttpRequest, code: str, *, is_feed: bool = False) -> HttpResponse:
    """A structure that was merged sends to the one that took over."""
    found = Structure.objects.select_related("merged_into", "network").filter(code=code).first()
    today = found.merged_into.code if found and found.merged_into else code_known_elsewhere(code)
    if found is None or found.merged_into is not None:
        if today is None or today == code:
            raise Http404("Ce service n'existe pas ou n'existe plus.")
        name = "feed_of_service" if is_feed else "stories_of_service"
        return redirect(name, code=today, permanent=True)
    return shown(request, Scope(structure=found), is_feed=is_feed)


@requires(PUBLIC)
@require_safe
def of_network(request: HttpRequest, network: str, *, is_feed: bool = False) -> HttpResponse:
    found = Network.objects.filter(code=network).first()
    if found is None:
        raise Http404("Ce réseau n'existe pas.")
    return shown(request, Scope(network=found), is_feed=is_feed)


@requires(PUBLIC)
@require_safe
def of_territory(request: HttpRequest, territory: str, *, is_feed: bool = False) -> HttpResponse:
    found = territory_of_code(territory)
    if found is None:
        raise Http404("Ce territoire n'existe pas.")
    if found.code != territory:
        name = "feed_of_territory" if is_feed else "stories_of_territory"
        return redirect(name, territory=found.code, permanent=True)
    return shown(request, Scope(territory=found), is_feed=is_feed)


def shown(request: HttpRequest, scope: Scope, *, is_feed: bool) -> HttpResponse:
    if is_feed:
        return feed_of(scope)
    return render(request, "experiences/reading/scope.html", {"page": scope_page(scope)})


@requires(PUBLIC)
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    return feed_of(EVERYTHING)
