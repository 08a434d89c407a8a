"""How easy a French text is to read: its score, its long sentences, its words of administration.

Owns the measure (Kandel and Moles, 1958: the Flesch formula with the weights of French) and the
shipped list of words; refuses to judge the style. Plain Python, light to import.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from guichet.moderation.quality.syllables import syllables_in
from guichet.moderation.quality.words import bare

WORDS_FILE = Path(__file__).with_name("plain_words.toml")
LONG_SENTENCE_WORDS = 25
"""Beyond it, a sentence loses most readers (guides to plain French of the administration)."""

FEWEST_WORDS = 20
"""Under it the formula says nothing."""

LEVELS = ((70, "facile"), (50, "courant"), (30, "difficile"), (-1_000, "très difficile"))
TOO_SHORT = "trop court pour être mesuré"
SENTENCE_END = re.compile(r"(?<=[.!?…])[»\")\s]*\s+|\n+")
ABBREVIATION = re.compile(r"(?:\b(?:M|MM|Mme|Mlle|Dr|art|cf|n|p|av|bd|St|Ste|etc)|\b[A-Z])\.$")
LONGEST_ABBREVIATION = 12
"""More characters than any, and the one before: a sentence is not read again at each of them."""
ENDINGS = "(?:s|e|es)?"
SPOKEN_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
"""« l'accueil » and « rendez-vous » are one word each, as in the texts of Kandel and Moles."""


class HardSentence(NamedTuple):
    """Characters `start` to `end` (excluded) of a sentence of more than 25 words."""

    start: int
    end: int
    words: int


class HardWord(NamedTuple):
    """`text[start:end]` and what could be written instead."""

    start: int
    end: int
    plain: str


@dataclass(frozen=True)
class Readability:
    """`score` is 0 (hard) to 100 (easy), None for a text of under 20 words; `level` says it."""

    score: int | None
    level: str
    hard_sentences: tuple[HardSentence, ...]
    hard_words: tuple[HardWord, ...]


def readability(text: str) -> Readability:
    sentences = list(sentences_in(text))
    score = kandel_moles(text, len(sentences))
    return Readability(
        score=score,
        level=TOO_SHORT if score is None else level_of(score),
        hard_sentences=tuple(one for one in sentences if one.words > LONG_SENTENCE_WORDS),
        hard_words=tuple(hard_words_in(text)),
    )


def kandel_moles(text: str, sentences: int) -> int | None:
    """207 − 1.015 × words a sentence − 73.6 × syllables a word, kept within 0 to 100."""
    words = SPOKEN_WORD.findall(text)
    if len(words) < FEWEST_WORDS or not sentences:
        return None
    syllables = sum(syllables_in(word) for word in words)
    score = 207 - 1.015 * len(words) / sentences - 73.6 * syllables / len(words)
    return max(0, min(100, round(score)))


def level_of(score: int) -> str:
    return next(label for lowest, label in LEVELS if score >= lowest)


def sentences_in(text: str) -> Iterator[HardSentence]:
    """Each sentence that holds a word, with its place; an abbreviation ends none, a line does."""
    start = 0
    for found in [*SENTENCE_END.finditer(text), None]:
        end = found.start() if found else len(text)
        last_word = text[max(start, end - LONGEST_ABBREVIATION) : end]
        if found and "\n" not in found[0] and ABBREVIATION.search(last_word):
            continue
        count = len(SPOKEN_WORD.findall(text, start, end))
        if count:
            skipped = len(text[start:end]) - len(text[start:end].lstrip())
            yield HardSentence(start + skipped, start + len(text[start:end].rstrip()), count)
        start = found.end() if found else end


def hard_words_in(text: str) -> Iterator[HardWord]:
    """Words of the shipped list, in the order of the text; the longest wins."""
    pattern, meanings = hard_words()
    for found in pattern.finditer(same_length_bare(text)):
        plain = next(meaning for name, meaning in meanings.items() if found[name])
        yield HardWord(found.start(), found.end(), plain)


def same_length_bare(text: str) -> str:
    """`bare`, character for character, so that places are those of `text`."""
    return "".join(one if len(folded := bare(one)) != 1 else folded for one in text)


@cache
def hard_words() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern with a named group a word, and what each group would be in plain words."""
    entries = tomllib.loads(WORDS_FILE.read_text(encoding="utf-8"))["word"]
    pairs = [(bare(word), entry["plain"]) for entry in entries for word in entry["words"]]
    pairs.sort(key=lambda pair: -len(pair[0]))
    groups = [f"(?P<w{number}>{spelled(word)})" for number, (word, _) in enumerate(pairs)]
    meanings = {f"w{number}": plain for number, (_, plain) in enumerate(pairs)}
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)"), meanings


def spelled(word: str) -> str:
    """The pattern of `word` with its usual endings; a verb also in its commonest forms."""
    if " " in word or "-" in word or "'" in word:
        return re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]")
    if word.endswith("er"):
        return rf"{re.escape(word[:-2])}(?:er|e|es|ee|ees|ons|ez|ent|era|erons|eront|ant)"
    return rf"{re.escape(word)}{ENDINGS}"
