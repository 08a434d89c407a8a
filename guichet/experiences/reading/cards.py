"""Stories as lists, feeds and blocks show them.

Owns the few words of a story in a list; refuses HTML.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from guichet.core.words import counted
from guichet.experiences.models import Experience, Feeling
from guichet.experiences.reading.story_page import (
    FEELING_KINDS,
    FEELING_WORDS,
    days_to_answer,
    marks_of,
)

EXCERPT_LENGTH = 240


@dataclass(frozen=True)
class StoryCard:
    story: Experience
    url: str
    title: str
    excerpt: str
    feeling: str
    feeling_kind: str
    published_on: date
    services: str
    place: str
    answer: str
    marks: list[str]


def card(story: Experience) -> StoryCard:
    """One of `listing.listed`'s stories."""
    feeling = Feeling(story.feeling)
    return StoryCard(
        story=story,
        url=story.get_absolute_url(),
        title=story.title or "Récit sans titre",
        excerpt=shortened(getattr(story, "excerpt", "")),
        feeling=FEELING_WORDS[feeling],
        feeling_kind=FEELING_KINDS[feeling],
        published_on=timezone.localdate(story.published_at),
        services=", ".join(names(story)),
        place=story.read_in.name if story.read_in else "",
        answer=answer_words(story),
        marks=marks_of(story),
    )


def cards(stories: Iterable[Experience]) -> list[StoryCard]:
    return [card(one) for one in stories]


def names(story: Experience) -> list[str]:
    return [name for one in story.addressees.all() if (name := str(one))]


def answer_words(story: Experience) -> str:
    if story.first_reply_at is None:
        return "Sans réponse pour l'instant"
    days = days_to_answer(story, story.first_reply_at)
    if days is None:
        return "Avec une réponse"
    return f"Réponse en {counted(days, 'jour', 'jours')}" if days else "Réponse le jour même"


def shortened(text: str) -> str:
    """The beginning of a text, cut between two words."""
    flat = " ".join(text.split())
    if len(flat) <= EXCERPT_LENGTH:
        return flat
    return f"{flat[:EXCERPT_LENGTH].rsplit(' ', 1)[0].rstrip(',;:. ')}…"
