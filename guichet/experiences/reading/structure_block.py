"""The short block « Récits des usagers » of a page about a structure or a territory.

Owns what fits; refuses HTML. Five queries.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet.directory.models import Structure
from guichet.experiences.reading.cards import StoryCard, cards
from guichet.experiences.reading.figure_words import ShownFigure, shown_figures, stories_in_words
from guichet.experiences.reading.figures import figures_of
from guichet.experiences.reading.listing import latest, with_services
from guichet.experiences.reading.scopes import Scope

SHOWN = 2


@dataclass(frozen=True)
class StoriesBlock:
    """`figures` are those of answers, where there are enough; `url` leads to all the rest. Each
    story says its service where there are several."""

    url: str
    stories: str
    figures: list[ShownFigure]
    cards: list[StoryCard]
    has_services: bool


def structure_block(structure: Structure) -> StoriesBlock:
    return block_of(Scope(structure=structure))


def block_of(scope: Scope) -> StoriesBlock:
    """Of a structure, or of a département or a région that the page has found."""
    figures = figures_of(scope)
    answers = shown_figures(figures)[:2]
    return StoriesBlock(
        url=scope.url,
        stories=stories_in_words(figures, scope),
        figures=[one for one in answers if one.is_known],
        cards=cards(with_services(latest(scope, SHOWN))),
        has_services=scope.includes_below,
    )
