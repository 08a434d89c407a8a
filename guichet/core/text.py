"""Text as people type it, made safe and comparable. Owns no vocabulary of the field."""

from __future__ import annotations

import re
import unicodedata

SEARCH_LENGTH = 200
NOT_CHARACTERS = "\ufffe\uffff"
"""XML forbids them, and with them a whole feed would be unreadable."""
TURNING_MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""They turn the order of what follows, up to the end of the page. The plain marks of right to left
(U+200E, U+200F) stay: Arabic and Hebrew need them."""
_LEFT_OUT = frozenset(NOT_CHARACTERS + TURNING_MARKS)


def without_controls(text: str) -> str:
    """`text` in NFC without control characters (PostgreSQL refuses NUL), lone surrogates, marks
    that turn the page, nor what is no character."""
    kept = (
        " " if unicodedata.category(character) == "Cc" else character
        for character in text
        if unicodedata.category(character) != "Cs" and character not in _LEFT_OUT
    )
    return unicodedata.normalize("NFC", "".join(kept))


def one_line(text: str) -> str:
    """`text` made safe, blanks of any kind as single spaces."""
    return " ".join(without_controls(text).split())


def in_paragraphs(text: str) -> str:
    """`text` made safe, its line breaks kept: no blanks around lines, one empty line at most."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")
    lines = (re.sub(r" {2,}", " ", without_controls(line)).strip() for line in broken)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def is_storable(text: str) -> bool:
    """False for what PostgreSQL cannot compare with any text: NUL, lone surrogates."""
    return "\0" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)


def search_text(text: str) -> str:
    """What is searched when somebody types `text`: safe, on one line, at most 200 characters."""
    return re.sub(r"\s+", " ", without_controls(text[: SEARCH_LENGTH * 4])).strip()[:SEARCH_LENGTH]


def folded(text: str) -> str:
    """`text` in lower case without accents or ligatures, for comparison only."""
    opened = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    decomposed = unicodedata.normalize("NFKD", opened)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
