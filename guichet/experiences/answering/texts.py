"""An answer's text: made safe, and what a template left in it.

Owns the cleaning, the places to fill in and likeness to a template. Plain Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from guichet.moderation.quality.words import bare_words

LONGEST_ANSWER = 8_000
SHORTEST_ANSWER = 40
LONGEST_SIGNATURE = 120
HOLE = re.compile(r"\[[^\[\]\n]{1,80}\]")
DIRECTION_MARKS = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""They would let a text show in another order than it is written."""


def clean_paragraphs(text: str) -> str:
    """`text` in NFC, in paragraphs one blank line apart, without invisible marks nor blanks at the
    ends of lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join(clean_line(line) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def clean_line(line: str) -> str:
    shown = (
        " " if unicodedata.category(mark) == "Cc" else mark
        for mark in line
        if unicodedata.category(mark) != "Cs" and mark not in DIRECTION_MARKS
    )
    return unicodedata.normalize("NFC", "".join(shown)).rstrip()


def one_line(text: str) -> str:
    return " ".join(clean_paragraphs(text).split())


def unfilled_holes(text: str) -> list[str]:
    """The places in square brackets that nobody filled in, each once, as they stand."""
    return list(dict.fromkeys(HOLE.findall(text)))


def is_unchanged(text: str, templates: Iterable[str]) -> bool:
    """True when `text` is one of `templates`, but for blanks, case, accents and punctuation."""
    bare = bare_words(text)
    return any(bare == bare_words(one) for one in templates)
