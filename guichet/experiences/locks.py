"""One order of locks for a story: its texts in moderation, then itself, then what belongs to it.

Owns that order, which is that of moderators' decisions: whoever takes the story first would wait
for a decision that waits for the story. Refuses to write.
"""

from __future__ import annotations

from guichet.experiences.models import Experience
from guichet.experiences.source_names import SECOND_WORD_SOURCE, STORY_SOURCE
from guichet.moderation.queue.actions import hold_texts


def hold_texts_of(story: int) -> None:
    """Hold what its author sent to moderation, until the transaction ends."""
    hold_texts(sources=(STORY_SOURCE, SECOND_WORD_SOURCE), reference=str(story))


def hold_story(story: int) -> Experience:
    """The story of this number as it stands now, held with its texts."""
    hold_texts_of(story)
    return Experience.objects.select_for_update().get(pk=story)
