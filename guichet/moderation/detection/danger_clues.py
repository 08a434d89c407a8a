"""The clues of danger of a text, by what they speak of, and where they stand.

Owns the writing of `reference/danger_clues.txt` and `danger_idioms.txt`; refuses to weigh them
(`danger_score` does).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from guichet.core.sounds import sound_of
from guichet.moderation.detection.plain_words import PlainWords

NUMBER = r"(?:\d+|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente)"
NUMBERS = NUMBER[3:-1].split("|")[1:]
SHORTEST_STEM, LONGEST_STEM = 2, 10
KEPT = 16_384
"""Words whose patterns are kept in memory."""
HIDDEN = "_"
CLEAR_MARK, CLEAR = "!", "+"
"""Opens a clue that says more than the others of its family; ends the name of its family."""


@dataclass(frozen=True)
class Clue:
    """`family` is what the words speak of; `start` and `end` are ranks of words."""

    family: str
    start: int
    end: int


@dataclass(frozen=True)
class Lexicon:
    """Patterns by the word, or the stem of a word, with which they begin."""

    by_word: dict[str, list[tuple[str, re.Pattern[str]]]]
    by_stem: dict[str, list[tuple[str, re.Pattern[str]]]]
    vocabulary: frozenset[str]

    known: dict[str, list[tuple[str, re.Pattern[str]]]] = field(default_factory=dict)

    def at(self, word: str) -> list[tuple[str, re.Pattern[str]]]:
        """The patterns that may begin with `word`."""
        if word not in self.known:
            if len(self.known) >= KEPT:
                self.known.clear()
            self.known[word] = [*self.looked_up(word)]
        return self.known[word]

    def looked_up(self, word: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        yield from self.by_word.get("#" if word.isdigit() else word, ())
        for length in range(SHORTEST_STEM, min(len(word), LONGEST_STEM) + 1):
            yield from self.by_stem.get(word[:length], ())


def clues_in(words: PlainWords, joined: str) -> list[Clue]:
    """Each clue, in order, of `joined` (idioms hidden); of clues of one family that overlap, the
    first."""
    last: dict[str, int] = {}
    found = []
    for rank, family, end in matches(lexicon("danger_clues"), words, joined):
        if rank >= last.get(family, 0):
            found.append(Clue(family, rank, end))
            last[family] = end
    return found


def without_idioms(words: PlainWords) -> str:
    """The words, those of a way of speaking hidden."""
    joined = words.joined
    for rank, _, end in matches(lexicon("danger_idioms"), words, joined):
        start = words.begins[rank]
        stop = words.begins[end] if end < len(words.begins) else len(joined)
        joined = joined[:start] + re.sub(r"[^ ]", HIDDEN, joined[start:stop]) + joined[stop:]
    return joined


def matches(lexicon: Lexicon, words: PlainWords, joined: str) -> Iterator[tuple[int, str, int]]:
    """Rank of the first word, family, rank after the last word: the longest of a family first."""
    for rank, (begin, word) in enumerate(zip(words.begins, joined.split(), strict=True)):
        longest: dict[str, int] = {}
        for family, pattern in lexicon.at(word):
            if match := pattern.match(joined, begin):
                longest[family] = max(longest.get(family, 0), match.end())
        for family, end in longest.items():
            yield rank, family, bisect_left(words.begins, end)


@cache
def by_sound() -> dict[str, str]:
    """Words of the clues, by their sound; a sound that two share is left out."""
    found: dict[str, str] = {}
    for word in sorted(lexicon("danger_clues").vocabulary):
        sound = sound_of(word)
        found[sound] = word if sound not in found else ""
    return {sound: word for sound, word in found.items() if word and len(sound) > 2}


@cache
def lexicon(name: str) -> Lexicon:
    by_word: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    by_stem: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    vocabulary: set[str] = set()
    for family, line in listed(name):
        items = line.split()
        if items[0] == CLEAR_MARK:
            family, items = f"{family}{CLEAR}", items[1:]
        pattern = re.compile("".join(map(written, items)))
        for first in firsts(items):
            index = by_stem if first.endswith("*") else by_word
            index.setdefault(first.rstrip("*"), []).append((family, pattern))
        vocabulary.update(
            word for word in re.findall(r"(?<![a-z#])[a-z]+(?![a-z*])", line) if len(word) > 4
        )
    return Lexicon(by_word, by_stem, frozenset(vocabulary))


def listed(name: str) -> Iterator[tuple[str, str]]:
    """Family and line of each clue, what `<NAME>` stands for put in its place."""
    content = files("guichet.moderation").joinpath("reference", f"{name}.txt").read_text("utf-8")
    defined: dict[str, str] = {}
    family = name
    for line in content.splitlines():
        if not line or line.startswith("# "):
            continue
        if definition := re.fullmatch(r"([A-Z]+) = (.+)", line):
            defined[definition[1]] = definition[2]
        elif line.startswith("["):
            family = line.strip("[]")
        else:
            yield family, re.sub(r"<([A-Z]+)>", lambda one: defined[one[1]], line)


def written(item: str) -> str:
    """One item of a clue as a regular expression over joined words."""
    if item.startswith(".."):
        return rf"(?:[a-z0-9]+ ){{0,{item[2:]}}}"
    choices = "|".join(
        one.replace("_", " ").replace("#", NUMBER if one == "#" else r"\d").replace("*", "[a-z]*")
        for one in item.lstrip("?").split("|")
        if one
    )
    return f"(?:(?:{choices}) )?" if item.startswith("?") else f"(?:{choices}) "


def firsts(items: list[str]) -> Iterator[str]:
    """The words, or stems with their star, with which a clue may begin."""
    for item in items:
        for one in filter(None, item.lstrip("?").split("|")):
            word = one.split("_")[0]
            if word == "#":
                yield from ("#", *NUMBERS)
            else:
                yield "#" if word[0].isdigit() or word[0] == "#" else word
        if not item.startswith("?"):
            return
