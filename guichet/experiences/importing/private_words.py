"""Personal data that another platform let through, masked before the story is public here.

Owns which kinds are masked where; refuses to mask names by itself: patterns alone take places and
common words for names, and what is public already stays legible. Names are counted in the report.
"""

from __future__ import annotations

from collections.abc import Iterator

from guichet.experiences.importing.stories import ImportedStory
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import LABELS, Kind
from guichet.moderation.redaction import Mark, redacted

OF_STORIES = frozenset(Kind) - {Kind.NAME}
OF_ANSWERS = frozenset({Kind.NIR, Kind.IBAN, Kind.PLATE, Kind.BIRTH_DATE, Kind.FILE_NUMBER})
"""A service gives its own telephone, address and pages in its answers."""
TEXTS = ("title", "description", "wished")
LEFT = "(laissé, à relire)"
OF_NAMES = f"{LABELS[Kind.NAME]} {LEFT}"


def masked(story: ImportedStory) -> Iterator[str]:
    """Mask the texts of `story` in place; the label of each kind that was found."""
    found: set[str] = set()
    for name in TEXTS:
        story.values[name], labels = without_private_words(story.values[name], OF_STORIES)
        found |= labels
    pseudonym, labels = without_private_words(story.values["pseudonym"], OF_STORIES)
    story.values["pseudonym"] = pseudonym
    found |= labels - {OF_NAMES}
    story.second_word, labels = without_private_words(story.second_word, OF_STORIES)
    found |= labels
    for service in story.services:
        service.answer, labels = without_private_words(service.answer, OF_ANSWERS)
        found |= labels
    yield from sorted(found)


def without_private_words(text: str, kinds: frozenset[Kind]) -> tuple[str, set[str]]:
    if not text:
        return text, set()
    spans = found_by_patterns(text)
    marks = [Mark("", one.start, one.end, one.kind) for one in spans if one.kind in kinds]
    labels = {
        LABELS[one.kind] if one.kind in kinds else f"{LABELS[one.kind]} {LEFT}" for one in spans
    }
    return redacted(text, marks), labels
