"""What people type, made safe to keep and compare: nothing that they meant is lost.

Owns the lengths and the cleaning; refuses to judge. Plain Python.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_TITLE = 150
LONGEST_STORY = 5_000
LONGEST_WISH = 2_000
LONGEST_PSEUDONYM = 60
LONGEST_SERVICE_NAME = 200
DERIVED_TITLE = 80

SPOOFING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
"""Marks that turn the order of what follows, up to the end of the page; the plain marks of right to
left (U+200E, U+200F) stay, Arabic and Hebrew need them."""

END_OF_SENTENCE = re.compile(r"[.!?…](?=\s|$)|\n")


def tidy(text: str) -> str:
    """`text` in NFC, its line breaks kept (two blank lines at most), without control characters,
    lone surrogates, nor marks that turn the page's direction."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = (
        mark if mark == "\n" or unicodedata.category(mark) != "Cc" else " "
        for mark in text.translate(SPOOFING)
        if unicodedata.category(mark) != "Cs"
    )
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in "".join(kept).split("\n"))
    return unicodedata.normalize("NFC", re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def tidy_line(text: str) -> str:
    """`text` on one line."""
    return " ".join(tidy(text).split())


def title_from(story: str) -> str:
    """The first sentence of a story without a title, 80 characters at most, cut at a word."""
    found = END_OF_SENTENCE.search(story)
    sentence = tidy_line(story[: found.start()] if found else story)
    if len(sentence) <= DERIVED_TITLE:
        return sentence
    cut = sentence[:DERIVED_TITLE].rpartition(" ")[0] or sentence[: DERIVED_TITLE - 1]
    return f"{cut.rstrip(' ,;:')}…"
