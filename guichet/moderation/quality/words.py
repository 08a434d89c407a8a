"""A text as words with their places. Owns how words are cut and compared. Plain Python."""

from __future__ import annotations

import re
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+")
_BARE = str.maketrans("àâäáãéèêëíìîïóòôöõúùûüçÿñ", "aaaaaeeeeiiiiooooouuuucyn")


class Word(NamedTuple):
    """`text[start:end]` in lower case without accents."""

    bare: str
    start: int
    end: int


def bare(text: str) -> str:
    """In lower case without the accents of French, for comparison only."""
    return text.lower().translate(_BARE).replace("œ", "oe").replace("æ", "ae")


def words_in(text: str) -> list[Word]:
    """Each run of letters and figures; an apostrophe or a dash parts two words."""
    return [Word(bare(one.group()), one.start(), one.end()) for one in WORD.finditer(text)]


def bare_words(text: str) -> list[str]:
    return WORD.findall(bare(text))
