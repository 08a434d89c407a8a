"""Atom feeds: the latest stories of everything, a service, a network or a territory (RFC 4287).

Owns what an entry says; refuses whole stories: a feed reader keeps what it read, even of a story
that is taken back. Controls that XML forbids are left out.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from guichet.core.text import without_controls
from guichet.experiences.reading.cards import card
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.reading.scope_page import FEED
from guichet.experiences.reading.scopes import EVERYTHING, Scope

ENTRIES = 50
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


def feed_of(scope: Scope) -> HttpResponse:
    """The feed, to be fetched again after a quarter of an hour."""
    stories = listed(ListWish(scope=scope), per_page=ENTRIES).items
    about = "" if scope == EVERYTHING else f" : {scope.name}"
    feed = Atom1Feed(
        title=f"{settings.INSTITUTION} – récits des usagers{about}",
        link=settings.PUBLIC_URL + scope.url,
        description="",
        language="fr",
        feed_url=settings.PUBLIC_URL + scope.url + FEED,
        author_name=settings.INSTITUTION,
    )
    for story in stories:
        shown = card(story)
        words = [shown.excerpt, f"{shown.feeling}. {shown.answer}.", shown.services, *shown.marks]
        feed.add_item(
            title=without_controls(shown.title),
            link=settings.PUBLIC_URL + shown.url,
            unique_id=f"{settings.PUBLIC_URL}/experiences/{story.pk}",
            description=without_controls(" – ".join(part for part in words if part)),
            pubdate=story.published_at,
            updateddate=max(filter(None, (story.published_at, story.first_reply_at))),
        )
    answer = HttpResponse(content_type=MEDIA_TYPE, headers={"Cache-Control": "public, max-age=900"})
    feed.write(answer, "utf-8")
    return answer
