"""The names under which moderation knows the texts of stories. Plain Python."""

from __future__ import annotations

STORY_SOURCE = "story"
SECOND_WORD_SOURCE = "second_word"
