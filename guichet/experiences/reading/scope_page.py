"""`/experiences/services|reseaux|territoires/<code>/`: figures, definitions, last stories.

Owns what the page of a scope says; refuses to count.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from guichet.core.words import NBSP
from guichet.experiences.reading.cards import StoryCard, cards
from guichet.experiences.reading.figure_words import ShownFigure, shown_figures, stories_in_words
from guichet.experiences.reading.figures import figures_of, nation
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.reading.scopes import Scope

LATEST = 5
FEED = "flux.atom"


@dataclass(frozen=True)
class ScopePage:
    """`about` leads to the page of the service itself; `above` is the région of a département."""

    scope: Scope
    heading: str
    figures: list[ShownFigure]
    stories: str
    cards: list[StoryCard]
    all_url: str
    feed_url: str
    canonical: str
    about: str
    above: tuple[str, str] | None

    @property
    def has_known_figures(self) -> bool:
        """Else the stories come first: a reader need not pass five figures that say nothing."""
        return any(one.is_known for one in self.figures)


def scope_page(scope: Scope) -> ScopePage:
    figures = figures_of(scope)
    above = scope.territory.region if scope.territory else None
    return ScopePage(
        scope=scope,
        heading=f"Récits{NBSP}: {scope.name}",
        figures=shown_figures(figures, nation()),
        stories=stories_in_words(figures, scope),
        cards=cards(listed(ListWish(scope=scope), per_page=LATEST).items),
        all_url=list_url(scope),
        feed_url=scope.url + FEED,
        canonical=settings.PUBLIC_URL + scope.url,
        about=scope.structure.get_absolute_url() if scope.structure else "",
        above=above and (above[1], reverse("stories_of_territory", args=[above[0]])),
    )


def list_url(scope: Scope) -> str:
    """The list narrowed to this scope."""
    asked = {}
    if scope.structure is not None:
        asked["service"] = scope.structure.code
    if scope.network is not None:
        asked["reseau"] = scope.network.code
    if scope.territory is not None:
        asked["ou"] = scope.territory.code
    return f"{reverse('experiences')}?{urlencode(asked)}" if asked else reverse("experiences")
