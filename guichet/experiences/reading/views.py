"""The public pages of stories."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guichet.core.access import PUBLIC, requires
from guichet.experiences.models import Experience, State
from guichet.experiences.reading.forms import FilterForm, wish_of
from guichet.experiences.reading.list_page import list_page
from guichet.experiences.reading.story_page import story_page

TAKEN_BACK = {
    State.WITHDRAWN: "Son auteur a retiré ce récit.",
    State.REMOVED: "La modération a retiré ce récit.",
}
NO_STORY = "Ce récit n'existe pas, ou n'est pas publié."


@requires(PUBLIC)
@require_safe
def experiences(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    page = list_page(wish_of(request.GET, form), request.GET)
    return render(request, "experiences/reading/list.html", {"page": page, "form": form})


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
