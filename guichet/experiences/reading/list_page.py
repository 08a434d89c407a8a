"""The list as its page shows it: words, and the addresses of what comes next.

Owns the wording and the canonical addresses; refuses to search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from guichet.core.words import counted, grouped
from guichet.experiences.reading.cards import StoryCard, cards
from guichet.experiences.reading.listing import (
    COUNTED_TO,
    PER_PAGE,
    Listed,
    ListWish,
    listed,
)

PARAMETERS = (
    "q",
    "ou",
    "reseau",
    "service",
    "ressenti",
    "aspect",
    "reponse",
    "promesse",
    "periode",
)
"""In the order of canonical addresses."""

RESULTS = "resultats"


@dataclass(frozen=True)
class ListPage:
    """`why_empty` is "" when there are stories, else "words", "filters" or "nothing"."""

    wish: ListWish
    cards: list[StoryCard]
    count: str
    canonical: str
    unfiltered_url: str
    older_url: str
    newer_url: str
    first_url: str
    without_service_url: str
    why_empty: str
    has_unknown_service: bool

    @property
    def search_url(self) -> str:
        """Where the form leads: to what it finds, below the fields of a small screen."""
        return f"{self.unfiltered_url}#{RESULTS}"

    @property
    def has_more_filters(self) -> bool:
        wish = self.wish
        chosen = (wish.scope.network, wish.feeling, wish.aspect, wish.answered, wish.promise)
        return any([*chosen, wish.period, self.has_unknown_service])


def list_page(wish: ListWish, query: QueryDict) -> ListPage:
    found = listed(wish, per_page=PER_PAGE)
    given = {name: str(query.get(name, "")).strip() for name in PARAMETERS}
    asked = {name: value for name, value in given.items() if value}
    base = reverse("experiences")
    return ListPage(
        wish=wish,
        cards=cards(found.items),
        count=count_words(found),
        canonical=settings.PUBLIC_URL + address(base, asked),
        unfiltered_url=base,
        older_url=address(base, asked, apres=found.older) if found.older else "",
        newer_url=address(base, asked, avant=found.newer) if found.newer else "",
        first_url=address(base, asked) if found.newer else "",
        without_service_url=address(base, {k: v for k, v in asked.items() if k != "service"}),
        why_empty=why_empty(wish, found),
        has_unknown_service="service" in asked and wish.scope.structure is None,
    )


def count_words(found: Listed) -> str:
    if found.is_capped:
        return f"Plus de {grouped(COUNTED_TO)} récits"
    return counted(found.count, "récit", "récits")


def why_empty(wish: ListWish, found: Listed) -> str:
    if found.items:
        return ""
    if not found.has_words:
        return "words"
    return "filters" if wish.narrows else "nothing"


def address(base: str, asked: Mapping[str, str], **more: int) -> str:
    query = urlencode({**asked, **more})
    return f"{base}?{query}" if query else base
