"""A stretch of text that is personal data, and how several findings become one list.

Owns positions; refuses to look into the text. Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from guichet.moderation.kinds import Kind


@dataclass(frozen=True, order=True)
class Span:
    """Characters `start` to `end` (excluded) of the text; `score` 0..1 is how sure the clue is."""

    start: int
    end: int
    kind: Kind
    score: float


def merged(spans: Iterable[Span]) -> list[Span]:
    """In the order of the text, those that overlap made one, under the kind of the surest."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start < kept[-1].end:
            last = kept[-1]
            surest = max(last, span, key=lambda one: (one.score, one.end - one.start))
            kept[-1] = replace(surest, start=last.start, end=max(last.end, span.end))
        else:
            kept.append(span)
    return kept
