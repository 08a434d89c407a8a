"""A text as plain words: elisions opened, « ne » left out, messages and sounds written out.

Owns the way back to what was written; refuses to look for anything, and leaves as it is what it
does not understand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from guichet.core.sounds import sound_of
from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.word_lists import french_words

END = "."
"""Stands for the end of a sentence, among the words."""
SHORTEST_BY_SOUND = 5
KEPT = 16_384
"""Words whose reading is kept in memory."""
_TOKEN = re.compile(r"[a-z]+(?:'(?=[a-z]))?|\d+|[.!?\n…]+")


@dataclass(frozen=True)
class PlainWords:
    """`joined` holds the words, each followed by a space; `places[i]` is where the word that begins
    at `begins[i]` of `joined` stands in the reading."""

    joined: str
    begins: tuple[int, ...]
    places: tuple[tuple[int, int], ...]


def plain_words(reading: Reading, by_sound: Mapping[str, str]) -> PlainWords:
    """`by_sound` writes a word that is not French as the word that sounds like it."""
    words: list[str] = []
    begins: list[int] = []
    places: list[tuple[int, int]] = []
    at = 0
    for token in _TOKEN.finditer(reading.bare):
        place = token.span()
        for word in known_as(token[0]) or (sounding(token[0].rstrip("'"), by_sound),):
            if word:
                words.append(word)
                begins.append(at)
                places.append(place)
                at += len(word) + 1
    return PlainWords("".join(f"{word} " for word in words), tuple(begins), tuple(places))


@lru_cache(maxsize=KEPT)
def known_as(token: str) -> tuple[str, ...]:
    """What a word known to the list, a French word or an end of sentence is read as; else nothing.

    A word left out is read as one empty word."""
    if token[0] in ".!?\n…":
        return (END,)
    written = message_words().get(token)
    if written is not None:
        return tuple(written.split()) or ("",)
    word = token.rstrip("'")
    is_read_as_it_is = len(word) < SHORTEST_BY_SOUND or word.isdigit() or word in french_words()
    return (word,) if is_read_as_it_is else ()


def sounding(word: str, by_sound: Mapping[str, str]) -> str:
    return by_sound.get(sound_of(word), word)


@cache
def message_words() -> dict[str, str]:
    content = files("guichet.moderation").joinpath("reference", "message_words.txt")
    lines = content.read_text("utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return {word: written for word, _, written in pairs}
