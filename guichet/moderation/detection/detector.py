"""Personal data found by patterns and by the language model."""

from __future__ import annotations

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.detection.spans import Span


def found(text: str) -> list[Span]:
    return found_by_patterns(text)
