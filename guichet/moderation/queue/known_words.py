"""Words masked once in what somebody wrote, known again in what they add.

Owns which words are carried over; refuses those that a moderator showed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guichet.moderation.kinds import Kind
from guichet.moderation.models import OriginalText
from guichet.moderation.queue.mark_edits import folded_occurrences
from guichet.moderation.redaction import Mark, MarkState, read_marks

SHORTEST = 3
"""Characters under which words stand too often by chance."""


@dataclass(frozen=True)
class KnownWords:
    """What was masked, and what stood instead when somebody chose it."""

    words: str
    kind: Kind
    replacement: str = ""


def words_masked(*, source: str, reference: str) -> list[KnownWords]:
    """Those of every version whose original is kept, the longest first; names of two words in both
    orders."""
    originals = OriginalText.objects.filter(text__source=source, text__reference=reference)
    found = {one for original in originals for one in masked_in(original)}
    return sorted(found, key=lambda one: (-len(one.words), one.words, one.kind))


def masked_in(original: OriginalText) -> Iterator[KnownWords]:
    texts = {part["name"]: part["text"] for part in original.parts}
    for mark in read_marks(original.marks):
        words = texts.get(mark.part, "")[mark.start : mark.end].split()
        if mark.state is MarkState.REJECTED or len("".join(words)) < SHORTEST:
            continue
        yield KnownWords(" ".join(words), mark.kind, mark.replacement)
        if mark.kind is Kind.NAME and len(words) == 2:
            yield KnownWords(" ".join(reversed(words)), mark.kind, mark.replacement)


def known_marks(part: str, text: str, known: Iterable[KnownWords]) -> list[Mark]:
    """Where the words stand in `text`, whatever capitals and accents; the first of `known` wins."""
    found: dict[tuple[int, int], Mark] = {}
    for one in known:
        for start, end in folded_occurrences(text, one.words):
            mark = Mark(part, start, end, one.kind, replacement=one.replacement)
            found.setdefault((start, end), mark)
    return sorted(found.values())
