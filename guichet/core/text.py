"""Text as people type it, made safe and comparable. Owns no vocabulary of the field."""

from __future__ import annotations

import re
import unicodedata

SEARCH_LENGTH = 200
NOT_CHARACTERS = "\ufffe\uffff"
"""XML forbids them, and with them a whole feed would be unreadable."""


def without_controls(text: str) -> str:
    """`text` in NFC without control characters (PostgreSQL refuses NUL), lone surrogates nor what
    is no character."""
    kept = (
        " " if unicodedata.category(character) == "Cc" else character
        for character in text
        if unicodedata.category(character) != "Cs" and character not in NOT_CHARACTERS
    )
    return unicodedata.normalize("NFC", "".join(kept))


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
