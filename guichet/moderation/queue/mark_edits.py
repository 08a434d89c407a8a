"""Where words stand in a text, for marks that a moderator sets or moves.

Owns the comparison of what is typed with what is written; refuses to find personal data. Plain
Python.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from guichet.core.text import folded
from guichet.moderation.redaction import Mark, joined


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Everywhere that `words` stand in `text` as whole words, whatever capitals and blanks; inside
    other words when they stand nowhere else. Positions are (start, end excluded)."""
    pieces = [re.escape(piece) for piece in words.split()]
    if not pieces:
        return []
    written = r"\s+".join(pieces)
    before = r"(?<!\w)" if words.strip()[0].isalnum() else ""
    after = r"(?!\w)" if words.strip()[-1].isalnum() else ""
    whole = [one.span() for one in re.finditer(f"{before}{written}{after}", text, re.IGNORECASE)]
    return whole or [one.span() for one in re.finditer(written, text, re.IGNORECASE)]


def folded_occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Everywhere that `words` stand in `text` as whole words, whatever capitals, accents, blanks
    and hyphens."""
    read, places = "", []
    for place, character in enumerate(text):
        plain = folded(character)
        read += plain
        places += [place] * len(plain)
    pieces = [re.escape(piece) for piece in re.split(r"[\s-]+", folded(words)) if piece]
    if not pieces:
        return []
    written = r"[\s-]+".join(pieces)
    found = re.finditer(rf"(?<!\w){written}(?!\w)", read)
    return [(places[one.start()], places[one.end() - 1] + 1) for one in found]


def nearest(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    """The occurrence of `words` that touches `start` to `end`, the widest overlap first."""

    def overlap(span: tuple[int, int]) -> int:
        return min(span[1], end) - max(span[0], start)

    touching = [span for span in occurrences(text, words) if overlap(span) > 0]
    return max(touching, key=overlap, default=None)


def outside(marks: Iterable[Mark], covers: Iterable[Mark]) -> list[Mark]:
    """The marks that `covers` do not hide whole."""
    spans: dict[str, list[tuple[int, int]]] = {}
    by_part: dict[str, list[Mark]] = {}
    for cover in covers:
        by_part.setdefault(cover.part, []).append(cover)
    for part, alike in by_part.items():
        spans[part] = [(one.start, one.end) for one in joined(alike)]

    def is_hidden(mark: Mark) -> bool:
        known = spans.get(mark.part, [])
        before = bisect_right(known, mark.start, key=lambda span: span[0])
        return before > 0 and mark.end <= known[before - 1][1]

    return [mark for mark in marks if not is_hidden(mark)]


def with_new_marks(known: list[Mark], found: Iterable[Mark]) -> list[Mark]:
    """`known` and those of `found` that no known mark covers; a wider one takes the place of those
    that it covers."""
    new = outside(found, known)
    return sorted([*outside(known, new), *new])
