"""The words of a text, and what each is by itself: first name, French word, town, small word.

Owns the cutting into words and their judgement alone; refuses the sentence (`clues`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guichet.moderation.detection.reading import HIDDEN, Reading
from guichet.moderation.detection.word_lists import (
    family_names,
    first_names,
    french_words,
    names_that_are_words,
    not_names,
    spaced,
    towns,
)

_WORD = re.compile(r"(?<![\d_])[^\W\d_]+(?:['-][^\W\d_]+)*(?![\w])")
_REFERENCE_GOES_ON = re.compile(r"-\d")
"""« BOI-IR-RICI-150-20 » holds no word."""
_ELIDED = re.compile(r"(?:[ldjmtsncLDJMTSNC]|[Qq]u|QU|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)'")
_SENTENCE_END = re.compile(r"[.!?…:;\n\x1f]|[«»\"(]|(?:^|\s)[-–•*]\s")
PARTICLES = frozenset(
    "de du des d' la le les l' da das do dos di del della van von der den ten ter ben bin ibn el al"
    " ould ait mac mc o' saint sainte st ste abou abu bou n' m' s' t' y e".split()
)
SHORTENED = frozenset("jean anne marie".split())
"""« Jean-Phi », « Marie-Jo », « Anne-So »."""
INVERTED = frozenset("t ci la".split())
ILLNESSES = frozenset(
    "alzheimer parkinson crohn basedow hodgkin asperger tourette guillain-barre lyme"
    " charcot".split()
)
BORN_ABROAD = frozenset("born nacido nacida nascido nascida nato nata geboren geb".split())
ACRONYM_LENGTH = 5
KEPT_WORDS = 20_000
"""Words whose judgement is remembered: the same ones come back in every text."""


@dataclass
class Word:
    """A word, with `before` what stands between it and the word before, in small letters."""

    start: int
    end: int
    text: str
    bare: str
    before: str = ""
    begins: bool = False
    in_capitals: bool = False

    @cached_property
    def is_capital(self) -> bool:
        """Has a capital that says something: not when everything around is in capitals."""
        return self.text[0].isupper() and not self.in_capitals

    @cached_property
    def is_upper(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()

    @cached_property
    def parts(self) -> list[str]:
        return self.bare.split("-")

    @cached_property
    def is_small(self) -> bool:
        """A small word, an organisation, a country: never a name without a strong clue."""
        return is_small(self.bare)

    @cached_property
    def is_first(self) -> bool:
        return is_first(self.bare)

    @cached_property
    def is_family(self) -> bool:
        return is_family(self.bare)

    @cached_property
    def is_word(self) -> bool:
        return is_word(self.bare)

    @cached_property
    def is_town(self) -> bool:
        return is_town(self.bare)

    @cached_property
    def is_only_a_town(self) -> bool:
        """A town's name that is neither a word nor a name: « Corre », « Cazeneuve »."""
        return self.is_town and not (
            self.is_first or self.is_family or self.is_word or self.is_small
        )

    @cached_property
    def is_acronym(self) -> bool:
        """« DDPP » in a text that is not all in capitals."""
        return (
            self.is_upper
            and not self.in_capitals
            and len(self.text) <= ACRONYM_LENGTH
            and not self.is_first
            and not self.is_family
        )

    @cached_property
    def is_unknown(self) -> bool:
        """Neither a French word, a town, an organisation nor initials: perhaps a name."""
        return not (self.is_word or self.is_town or self.is_small or self.is_acronym) and (
            len(self.bare) > 2 or "'" in self.bare
        )


@lru_cache(maxsize=KEPT_WORDS)
def is_small(bare: str) -> bool:
    return bare in not_names() or bare in ILLNESSES or bare in BORN_ABROAD or len(bare) < 2


@lru_cache(maxsize=KEPT_WORDS)
def is_first(bare: str) -> bool:
    names, bare = first_names(), bare.replace("æ", "ae").replace("œ", "oe")
    if bare in names:
        return True
    first, hyphen, others = bare.partition("-")
    if not hyphen or first not in names or bare in french_words():
        return False
    return first not in not_names() or others in names


@lru_cache(maxsize=KEPT_WORDS)
def is_family(bare: str) -> bool:
    names = family_names()
    return bare in names or ("-" in bare and any(part in names for part in bare.split("-")))


@lru_cache(maxsize=KEPT_WORDS)
def is_word(bare: str) -> bool:
    """A French word of every day; first names that are rare words do not count as such."""
    if bare in first_names():
        return bare in names_that_are_words()
    opened = bare.replace("œ", "oe")
    if opened in french_words() or bare in not_names():
        return True
    parts = bare.split("-")
    if len(parts) == 1:
        return is_addressed_verb(bare)
    if parts[0] in SHORTENED and not set(parts[1:]) & (not_names() | INVERTED):
        return False
    return all(
        part in french_words() or part in not_names() or part in INVERTED or is_addressed_verb(part)
        for part in parts
    )


def is_addressed_verb(bare: str) -> bool:
    """« Calmez », « donnez »: of a verb in -er, as one speaks to somebody; « Gomez » is a name."""
    return bare.endswith("ez") and f"{bare[:-1]}r" in french_words() and not is_family(bare)


@lru_cache(maxsize=KEPT_WORDS)
def is_town(bare: str) -> bool:
    return bare.split("-", 1)[0] in ("saint", "sainte", "st", "ste") or spaced(bare) in towns()


def words_of(reading: Reading) -> list[Word]:
    """In order; « l'agent » is two words, « d' » and its like keep their apostrophe."""
    found: list[Word] = []
    last = 0
    for match in _WORD.finditer(reading.plain):
        start = match.start()
        if match[0].isupper() and _REFERENCE_GOES_ON.match(reading.plain, match.end()):
            continue
        elided = _ELIDED.match(match[0])
        pieces = [(start, start + elided.end())] if elided else []
        if start + (elided.end() if elided else 0) < match.end():
            pieces.append((start + (elided.end() if elided else 0), match.end()))
        for begin, end in pieces:
            before = reading.bare[last:begin]
            found.append(
                Word(begin, end, reading.plain[begin:end], reading.bare[begin:end], before)
            )
            last = end
    _mark_beginnings(found)
    _mark_capitals(found)
    return found


def _mark_beginnings(words: list[Word]) -> None:
    for position, word in enumerate(words):
        before = word.before
        word.begins = position == 0 or (
            _SENTENCE_END.search(before) is not None and not _is_abbreviation(words, position)
        )


def _is_abbreviation(words: list[Word], position: int) -> bool:
    """« M. Petit », « Dr. Roy », « B. Le Goff »: the full stop ends no sentence."""
    last = words[position - 1]
    return words[position].before == ". " and (
        len(last.bare) == 1 or last.bare in ("mr", "mme", "mlle", "dr", "pr", "me", "ste", "st")
    )


def _mark_capitals(words: list[Word]) -> None:
    """Stretches of a line or a sentence where nearly every word is in capitals."""
    stretch: list[Word] = []
    for word in [*words, None]:
        if stretch and (word is None or re.search(r"[.!?\n]", word.before)):
            long = [one for one in stretch if len(one.text) > 1]
            upper = sum(one.text.isupper() for one in long)
            if len(long) >= 3 and upper >= 0.7 * len(long) and _has_words(long):
                for one in stretch:
                    one.in_capitals = one.text.isupper()
            stretch = []
        if word is not None:
            stretch.append(word)


def _has_words(words: list[Word]) -> bool:
    return sum(word.bare in not_names() or word.bare in french_words() for word in words) >= 2


def is_close(word: Word) -> bool:
    """Right behind the word before: a space, a hyphen."""
    return word.before in (" ", "", "-", " - ", "  ") and HIDDEN not in word.before
