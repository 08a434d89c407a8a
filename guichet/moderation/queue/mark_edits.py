"""Where words stand in a text, for marks that a moderator sets or moves.

Owns the comparison of what is typed with what is written; refuses to find personal data. Plain
Python.
"""

from __future__ import annotations

import re


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


def nearest(text: str, words: str, start: int, end: int) -> tuple[int, int] | None:
    """The occurrence of `words` that touches `start` to `end`, the widest overlap first."""

    def overlap(span: tuple[int, int]) -> int:
        return min(span[1], end) - max(span[0], start)

    touching = [span for span in occurrences(text, words) if overlap(span) > 0]
    return max(touching, key=overlap, default=None)
