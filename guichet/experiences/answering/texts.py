"""The texts of an answer: how long each may be, and what a template left in it.

Owns the places to fill in and likeness to a template. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from guichet.moderation.quality.words import bare_words

LONGEST_ANSWER = 8_000
SHORTEST_ANSWER = 40
LONGEST_SIGNATURE = 120
HOLE = re.compile(r"\[[^\[\]\n]{1,80}\]")


def unfilled_holes(text: str) -> list[str]:
    """The places in square brackets that nobody filled in, each once, as they stand."""
    return list(dict.fromkeys(HOLE.findall(text)))


def is_unchanged(text: str, templates: Iterable[str]) -> bool:
    """True when `text` is one of `templates`, but for blanks, case, accents and punctuation."""
    bare = bare_words(text)
    return any(bare == bare_words(one) for one in templates)
