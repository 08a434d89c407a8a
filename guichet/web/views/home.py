"""The citizens' home, and the agents'."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.accounts.models import User
from guichet.core.access import PUBLIC, SIGNED_IN, requires
from guichet.directory.queries import agent_overview
from guichet.directory.search_page import common_kind_links
from guichet.experiences.answering.waiting import waiting_stories
from guichet.moderation.policies import moderates
from guichet.moderation.queue.queries import queue_counts


@requires(PUBLIC)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "web/home.html", {"kinds": common_kind_links()})


@requires(SIGNED_IN)
@require_safe
def agents_home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    context = {
        "overview": agent_overview(request.user),
        "stories": waiting_stories(request.user),
        "texts": queue_counts() if moderates(request.user) else None,
    }
    return render(request, "web/agents_home.html", context)
