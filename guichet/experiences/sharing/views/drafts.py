"""A page of one draft: the key in its address is the only proof asked, and no cookie is set.

Owns who may open a draft; refuses one entered by an agent to anybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guichet.core.access import PUBLIC, requires
from guichet.core.redirects import see_other
from guichet.experiences.models import Draft
from guichet.experiences.sharing.actions import GONE, DraftGone
from guichet.experiences.sharing.steps import (
    REVIEW,
    SERVICES,
    STORY,
    Step,
    first_missing,
    progress_at,
    step_after,
    step_before,
)
from guichet.experiences.sharing.story import Story, story_of
from guichet.experiences.sharing.urgency import Urgent, urgent_in

DraftView = Callable[[HttpRequest, Draft], HttpResponse]
BACK_TO_REVIEW = "relire"
TOLD = "alerte"
"""In the address of the page that follows words which alert."""


def draft_page(view: DraftView) -> Callable[..., HttpResponse]:
    """A public page of the draft whose key the address holds."""

    @wraps(view)
    def opened(request: HttpRequest, key: str) -> HttpResponse:
        draft = (
            Draft.objects.select_related("entered_by", "entered_at", "follows")
            .filter(key=key)
            .first()
        )
        if draft is None:
            return gone_from(request)
        if draft.entered_by_id is not None and draft.entered_by_id != request.user.pk:
            if request.user.is_authenticated:
                return gone(request)
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, draft)
        except DraftGone:
            return gone_from(request)

    allowed = require_http_methods(["GET", "HEAD", "POST"])(opened)
    return requires(PUBLIC)(csrf_exempt(never_cache(allowed)))  # type: ignore[return-value]


def gone_from(request: HttpRequest) -> HttpResponse:
    """By GET, so that the browser's Back key posts nothing again."""
    return see_other(request.path) if request.method == "POST" else gone(request)


def gone(request: HttpRequest, words: str = GONE) -> HttpResponse:
    return unindexed(render(request, "experiences/sharing/gone.html", {"words": words}, status=404))


def unindexed(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def step_page(
    request: HttpRequest, draft: Draft, step: Step, context: dict[str, Any] | None = None
) -> HttpResponse:
    """The page of a step, under its progress. Once a danger is told, the numbers to call stand
    whole where it is told, on the page that follows and on the first one; elsewhere, a link."""
    before, story = step_before(step), story_of(draft)
    shown = {
        "draft": draft,
        "story": story,
        "urgent": danger_in(story),
        "shows_numbers": step in (SERVICES, STORY) or TOLD in request.GET,
        "progress": progress_at(step, story),
        "is_assisted": story.is_entered_by_an_agent,
        "previous_url": reverse(before.url_name, args=[draft.key]) if before else "",
        "is_for_review": bool(request.GET.get(BACK_TO_REVIEW)),
        **(context or {}),
    }
    return unindexed(render(request, f"experiences/sharing/{step.name}.html", shown))


def after(
    request: HttpRequest, draft: Draft, step: Step, *, tells: bool = False
) -> HttpResponseRedirect:
    """What follows a step that is done: the next one, or the review for who came from there.
    `tells`: it shows the numbers to call whole, if the story tells a danger."""
    story = story_of(draft)
    following = REVIEW if request.GET.get(BACK_TO_REVIEW) else step_after(step)
    missing = first_missing(story) if following is REVIEW else None
    told = f"?{TOLD}=oui" if tells and danger_in(story) else ""
    return see_other(reverse((missing or following).url_name, args=[draft.key]) + told)


def danger_in(story: Story) -> Urgent | None:
    return urgent_in(f"{story.description}\n{story.wished}")
