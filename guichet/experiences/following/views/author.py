"""`/suivi/<token>/`: the author's page, and what its buttons do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guichet.experiences.following.access import opened_by_link, token_in
from guichet.experiences.following.queries import follow_page
from guichet.experiences.models import Author

THANKS: dict[str, str] = {}


@opened_by_link
@require_safe
def follow(request: HttpRequest, author: Author) -> HttpResponse:
    context = {
        "page": follow_page(author, token_in(request)),
        "thanks": THANKS.get(request.GET.get("fait", ""), ""),
    }
    return render(request, "experiences/following/follow.html", context)
