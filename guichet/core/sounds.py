"""How a French word sounds, roughly: « mairie » and « merie » are the same. Owns no vocabulary."""

from __future__ import annotations

import re
from functools import lru_cache

_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"e?aux?|ots?$", "o"),
        (r"ph", "f"),
        (r"qu?|k|c(?=[aoulr])|ck|ch(?=[lr])", "c"),
        (r"sc(?=[eiy])|c(?=[eiy])|ss", "s"),
        (r"g(?=[eiy])", "j"),
        (r"gu(?=[ei])", "g"),
        (r"[ae]i|ey|ay", "e"),
        (r"y", "i"),
        (r"(?:[ea][nm])(?=[^aeiounm]|$)", "an"),
        (r"(?:[ie]i[nm]|i[nm])(?=[^aeiounm]|$)", "in"),
        (r"(?<!c)h", ""),
        (r"(.)\1+", r"\1"),
        (r"(?:e|es|er|et|ent|t|d|s|x|z)$", ""),
    )
]


@lru_cache(maxsize=65_536)
def sound_of(word: str) -> str:
    """The sound of a word written in lower case without accents; its end, often silent, is cut."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word
