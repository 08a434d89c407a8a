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

ALWAYS_SHOWN = {"q", "ou"}
"""Fields that stand outside « Plus de critères »."""

RESULTS = "resultats"
NO_STORY = Listed([], 0, is_capped=False, older=None, newer=None)
EMPTY: Mapping[str, tuple[str, str]] = {}


@dataclass(frozen=True)
class Refused:
    """A criterion whose value names nothing, and the address of the list without it."""

    label: str
    typed: str
    without_url: str


@dataclass(frozen=True)
class ListPage:
    """`why_empty` is "" when there are stories, else "words", "filters" or "nothing". No story is
    listed while something is `refused`."""

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
    refused: tuple[Refused, ...]
    has_more_refused: bool

    @property
    def search_url(self) -> str:
        """Where the form leads: to what it finds, below the fields of a small screen."""
        return f"{self.unfiltered_url}#{RESULTS}"

    @property
    def has_more_filters(self) -> bool:
        wish = self.wish
        chosen = (wish.scope.network, wish.feeling, wish.aspect, wish.answered, wish.promise)
        return any([*chosen, wish.period, self.has_more_refused])


def list_page(
    wish: ListWish, query: QueryDict, refused: Mapping[str, tuple[str, str]] = EMPTY
) -> ListPage:
    """`refused` as `FilterForm` gives it."""
    found = NO_STORY if refused else listed(wish, per_page=PER_PAGE)
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
        without_service_url=without(base, asked, "service"),
        why_empty=why_empty(wish, found),
        refused=tuple(
            Refused(label, typed, without(base, asked, name))
            for name, (label, typed) in refused.items()
        ),
        has_more_refused=not refused.keys() <= ALWAYS_SHOWN,
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


def without(base: str, asked: Mapping[str, str], name: str) -> str:
    return address(base, {key: value for key, value in asked.items() if key != name})


def address(base: str, asked: Mapping[str, str], **more: int) -> str:
    query = urlencode({**asked, **more})
    return f"{base}?{query}" if query else base
