"""Which kind of place do these words mean? « la sécu » → caisse primaire d'assurance maladie.

Owns the comparison of names; refuses any list of kinds of its own, and procedures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz.distance import OSA

from guichet.core.sounds import sound_of
from guichet.core.text import folded, search_text

SURE_SCORE = 0.89
SURE_GAP = 0.05
LEAST_SCORE = 0.35
EXACT = 0.999
READ_WORDS = 12
SAME_SOUND = 0.9
LEAST_SOUND = 3
HEAD_WEIGHT = 1.5

_LINKS_AND_CHATTER = """
    a au aux avec c ce ces cette chez combien d dans de des du elle en est et il j je l la le les
    leur ma mes moi mon n ne nos notre nous ou par pas plus pour pres proche qu que quel quelle
    qui s sa se ses son sur un une vers vos votre vous y cherche chercher trouver trouve voir
    aller joindre contacter contact adresse horaire horaires telephone numero ouvert ouverte
    village quartier
"""
_EMPTY_WORDS = frozenset(_LINKS_AND_CHATTER.split())
_DOTTED_ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b")
_SPELT_ACRONYM = re.compile(r"\b(?:[a-z] ){2,}[a-z]\b")
_PARENTHESES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class NamedKind:
    """A kind of place: its label, and what people call it. `is_common` settles ties."""

    code: str
    label: str
    words: tuple[str, ...] = ()
    is_common: bool = False


@dataclass(frozen=True, slots=True)
class KindMatch:
    """A kind that a text may mean.

    `score` is 0..1. `is_sure`: the text means this kind and nothing else, so that it may be
    applied without asking; only the first match can be sure. `rest` is what the kind does not
    explain, in lower case without accents: « mairie de lyon » leaves « lyon ».
    """

    code: str
    score: float
    is_sure: bool
    rest: str = ""


def find_kinds(text: str, kinds: Iterable[NamedKind], limit: int = 8) -> list[KindMatch]:
    """The kinds that `text` may mean, best first, at most `limit`; an empty list when none.

    Accents, plurals, articles, acronyms (« C.A.F. »), missing spaces and typing errors are
    forgiven. Rare words weigh more than common ones (inverse document frequency), and the first
    word more than the next, which are often a place.
    """
    said = _words_of(text)[:READ_WORDS]
    if not said:
        return []
    book = _book(tuple(kinds))
    heard = {word: book.hear(word) for word in said}
    best: dict[int, tuple[float, tuple[str, ...]]] = {}
    for name in book.names_near(said, heard):
        score, rest = _compare(said, heard, name, book)
        if score > best.get(name.kind, (LEAST_SCORE, ()))[0]:
            best[name.kind] = (score, rest)
    found = [(score, book.kinds[kind], rest) for kind, (score, rest) in best.items()]
    found.sort(key=lambda one: (-one[0], not one[1].is_common, len(one[1].label), one[1].code))
    runner_up = found[1][0] if len(found) > 1 else 0.0
    return [
        KindMatch(
            kind.code,
            score,
            is_sure=place == 0 and not rest and _stands_out(score, runner_up),
            rest=" ".join(rest),
        )
        for place, (score, kind, rest) in enumerate(found[:limit])
    ]


def _stands_out(score: float, runner_up: float) -> bool:
    """An exact name stands out from all that is not exact; another needs a clear lead."""
    if score >= EXACT:
        return runner_up < EXACT
    return score >= SURE_SCORE and score - runner_up >= SURE_GAP


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to name the kind of rank `kind`, cut into words."""

    kind: int
    words: tuple[str, ...]
    joined: str


class _Book:
    """The names of all kinds, found by word, with the weight and the sound of each word."""

    def __init__(self, kinds: tuple[NamedKind, ...]) -> None:
        self.kinds = kinds
        names = [
            _Name(rank, words, "".join(words))
            for rank, kind in enumerate(kinds)
            for words in _names_of(kind)
        ]
        self.names_with: dict[str, list[_Name]] = defaultdict(list)
        self.names_of_length: dict[int, list[_Name]] = defaultdict(list)
        for name in names:
            self.names_of_length[len(name.joined)].append(name)
            for word in set(name.words):
                self.names_with[word].append(name)
        self.weights = {
            word: log(1 + len(kinds) / len({name.kind for name in having}))
            for word, having in self.names_with.items()
        }
        self.unknown_weight = log(1 + len(kinds))
        self.sounds = {word: sound_of(word) for word in self.weights}
        self.words_of_sound: dict[str, list[str]] = defaultdict(list)
        for word, sound in self.sounds.items():
            if len(sound) >= LEAST_SOUND:
                self.words_of_sound[sound].append(word)

    def hear(self, word: str) -> dict[str, float]:
        """The written words that `word` may stand for, with their likeness (0..1)."""
        sound = sound_of(word)
        if word in self.weights:
            same = self.words_of_sound.get(sound, ())
            return dict.fromkeys(same, SAME_SOUND) | {word: 1.0}
        return {
            written: likeness
            for written in self.weights
            if (likeness := _likeness(word, sound, written, self.sounds[written]))
        }

    def names_near(self, said: list[str], heard: dict[str, dict[str, float]]) -> Iterator[_Name]:
        """The names that share a word with what was said, or its length without spaces."""
        length = sum(map(len, said))
        near = {
            name: None
            for likenesses in heard.values()
            for written in likenesses
            for name in self.names_with[written]
        }
        yield from near
        for other in (length - 1, length, length + 1):
            yield from (name for name in self.names_of_length.get(other, ()) if name not in near)


@lru_cache(maxsize=8)
def _book(kinds: tuple[NamedKind, ...]) -> _Book:
    return _Book(kinds)


def _names_of(kind: NamedKind) -> list[tuple[str, ...]]:
    """The label without its parentheses, what stands in them, and the words; each cut up."""
    texts = [_PARENTHESES.sub(" ", kind.label), *kind.words]
    for inside in _PARENTHESES.findall(kind.label):
        texts += re.split(r",| ou ", inside)
    names = dict.fromkeys(tuple(_words_of(text)) for text in texts)
    return [name for name in names if name]


def _words_of(text: str) -> list[str]:
    line = folded(search_text(text))
    line = _DOTTED_ACRONYM.sub(lambda found: found[0].replace(".", ""), line)
    line = " ".join(re.findall(r"[^\W_]+", line))
    line = _SPELT_ACRONYM.sub(lambda found: found[0].replace(" ", ""), line)
    return [_singular(word) for word in line.split() if word not in _EMPTY_WORDS]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("aux"):
        return word[:-2] + "l"
    if len(word) > 3 and word[-1] in "sx" and not word.endswith("ss"):
        return word[:-1]
    return word


def _compare(
    said: list[str], heard: dict[str, dict[str, float]], name: _Name, book: _Book
) -> tuple[float, tuple[str, ...]]:
    """0.6 × the share of what was said that is in the name + 0.4 × the share of the name said."""
    joined = _joined_likeness(said, name)
    left = dict.fromkeys(name.words, 0.0)
    said_weight = explained = 0.0
    rest = []
    for place, word in enumerate(said):
        written, likeness = _closest(heard[word], name.words)
        weight = book.weights[written] if written else _weight_said(word, heard[word], book)
        weight *= 1 if place else HEAD_WEIGHT
        said_weight += weight
        explained += weight * likeness
        if written:
            left[written] = max(left[written], likeness)
        else:
            rest.append(word)
    name_weight = sum(book.weights[word] for word in left)
    covered = sum(book.weights[word] * likeness for word, likeness in left.items())
    score = 0.6 * explained / said_weight + 0.4 * covered / name_weight if explained else 0.0
    return (joined, ()) if joined > score else (score, tuple(rest))


def _closest(likenesses: dict[str, float], name: tuple[str, ...]) -> tuple[str, float]:
    return max(
        ((word, likenesses[word]) for word in name if word in likenesses),
        key=lambda pair: pair[1],
        default=("", 0.0),
    )


def _weight_said(word: str, likenesses: dict[str, float], book: _Book) -> float:
    if not likenesses:
        return book.unknown_weight
    closest = max(likenesses, key=lambda written: likenesses[written])
    return book.weights[closest]


def _joined_likeness(said: list[str], name: _Name) -> float:
    """For missing spaces: « francetravail »."""
    if len(said) == len(name.words):
        return 0.0
    one = "".join(said)
    if one == name.joined:
        return 1.0
    near = (
        min(len(one), len(name.joined)) >= 8 and OSA.distance(one, name.joined, score_cutoff=1) <= 1
    )
    return 0.9 if near else 0.0


def _likeness(word: str, sound: str, written: str, written_sound: str) -> float:
    """How well `word` may stand for `written`: typing error, sound, or beginning of the word."""
    shortest = min(len(word), len(written))
    if shortest <= 2:
        return 0.0
    if len(sound) >= LEAST_SOUND and sound == written_sound:
        return SAME_SOUND
    if len(word) >= 4 and written.startswith(word):
        return 0.85
    allowed = 0 if shortest <= 4 else 1 if shortest <= 7 else 2
    if not allowed or abs(len(word) - len(written)) > allowed:
        return 0.0
    errors = OSA.distance(word, written, score_cutoff=allowed)
    return 0.9 - 0.1 * (errors - 1) if errors <= allowed else 0.0
