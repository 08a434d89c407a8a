"""How much a text speaks of danger: the weighted clues and words of its gravest stretch.

Owns the sum and its two thresholds; the weights (`reference/danger_weights.txt`) are learnt by
`tests/accuracy/danger_training.py` from labelled texts. Refuses any sum that cannot be told to the
moderator: what weighed most is quoted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from guichet.moderation.detection.danger_clues import (
    CLEAR,
    Clue,
    by_sound,
    clues_in,
    without_idioms,
)
from guichet.moderation.detection.plain_words import END, PlainWords, plain_words
from guichet.moderation.detection.reading import Reading

SENTENCES_READ_TOGETHER = 3
LONGEST_SENTENCE = 40
"""Words: a text without punctuation is cut there."""
STEM = 6
"""First letters that stand for a word and its forms."""
SEVERAL = 1.5
"""What two clues of one family count for, or more; one counts for one."""
BIAS = "(bias)"
CLEARLY = "(clear)"
LOOK = "(look)"
"""The score from which a text is put before others; it alerts from 0."""
DECIMALS = 2
"""Those of the weights: the sum is the same in whatever order it is made."""
QUOTED = 6
LEAST_QUOTED, SHORTEST_QUOTED = 0.2, 5
"""A clue or a word that weighs less, or a shorter word, explains nothing: it is not quoted."""
ACTS = frozenset({"die", "hits", "injury", "means", "menace"})
GOING_ON = frozenset({"now", "fear", "control", "vital", "child_sign"})
UNTELLING = frozenset({"actor", "child", "frail", "now", "unheeded"})
"""Who and when: they weigh with the others and tell nothing by themselves."""


@dataclass(frozen=True)
class Stretch:
    """Sentences that follow each other, from the word of rank `start` to that of rank `end`
    (excluded): `features` by name, and their `clues`."""

    features: Mapping[str, float]
    clues: tuple[Clue, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Scored:
    """`score` of the gravest stretch; `places` of what weighed most in it, in the reading."""

    score: float
    places: tuple[tuple[int, int], ...]


def scored(reading: Reading) -> Scored:
    words = plain_words(reading, by_sound())
    weights = danger_weights()
    gravest = gravest_of(words, weights)
    score = weight_of(gravest.features, weights)
    return Scored(score, tuple(places_of_what_tells(gravest, weights, words)))


def gravest_stretch(reading: Reading) -> Stretch:
    return gravest_of(plain_words(reading, by_sound()), danger_weights())


def gravest_of(words: PlainWords, weights: Mapping[str, float]) -> Stretch:
    return max(stretches(words), key=lambda one: weight_of(one.features, weights))


def weight_of(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    known = (value * weights[name] for name, value in features.items() if name in weights)
    return round(weights[BIAS] + sum(known), DECIMALS)


def places_of_what_tells(
    told: Stretch, weights: Mapping[str, float], words: PlainWords
) -> list[tuple[int, int]]:
    """Where the weightiest clues and words of a stretch stand, in the order of the text."""

    def weight(clue: Clue) -> float:
        family = clue.family.rstrip(CLEAR)
        clearly = weights[CLEARLY] if family != clue.family else 0.0
        return 0.0 if family in UNTELLING else weights.get(family, 0.0) + clearly

    telling = [(weight(clue), clue.start, clue.end) for clue in told.clues]
    telling += (
        (weights.get(f"={word[:STEM]}", 0.0), rank, rank + 1)
        for rank, word in enumerate(words.joined.split()[told.start : told.end], told.start)
        if len(word) >= SHORTEST_QUOTED
    )
    return sorted(
        (words.places[start][0], words.places[end - 1][1])
        for one, start, end in sorted(telling, reverse=True)[:QUOTED]
        if one >= LEAST_QUOTED
    )


def stretches(words: PlainWords) -> list[Stretch]:
    """The text by groups of sentences that follow each other; at least one, maybe empty."""
    joined = without_idioms(words)
    spoken = joined.split()
    begins = sentence_begins(spoken)
    clues: list[list[Clue]] = [[] for _ in begins[1:]]
    for clue in clues_in(words, joined):
        clues[bisect_right(begins, clue.start) - 1].append(clue)
    clues = [still_true(sentence) for sentence in clues]
    stems = [
        {f"={word[:STEM]}" for word in spoken[start:end] if word.isalpha()}
        for start, end in pairwise(begins)
    ]
    found = []
    for first in range(max(1, len(stems) - SENTENCES_READ_TOGETHER + 1)):
        last = min(first + SENTENCES_READ_TOGETHER, len(stems))
        told = tuple(clue for sentence in clues[first:last] for clue in sentence)
        features = dict.fromkeys(set().union(*stems[first:last]), 1.0) | weighed(told)
        found.append(Stretch(features, told, begins[first], begins[last]))
    return found


def still_true(clues: list[Clue]) -> list[Clue]:
    """Of one sentence, without the acts that it puts in the past, unless they go on."""
    families = {clue.family.rstrip(CLEAR) for clue in clues}
    if "past" not in families or families & GOING_ON:
        return clues
    return [clue for clue in clues if clue.family.rstrip(CLEAR) not in ACTS]


def sentence_begins(words: Sequence[str]) -> list[int]:
    """Ranks of the first word of each sentence, and the rank after the last word."""
    begins = [0]
    for rank, word in enumerate(words, 1):
        if word == END or rank - begins[-1] >= LONGEST_SENTENCE:
            begins.append(rank)
    if begins[-1] < len(words) or len(begins) == 1:
        begins.append(len(words))
    return begins


def weighed(clues: Sequence[Clue]) -> dict[str, float]:
    """What the families of `clues` count for."""
    features: dict[str, float] = {}
    for clue in clues:
        family = clue.family.rstrip(CLEAR)
        features[family] = SEVERAL if family in features else 1.0
        if family != clue.family:
            features[CLEARLY] = SEVERAL if CLEARLY in features else 1.0
    return features


@cache
def danger_weights() -> dict[str, float]:
    """Weight by feature: a family of clues, or « = » and the first letters of a word."""
    content = files("guichet.moderation").joinpath("reference", "danger_weights.txt")
    lines = content.read_text("utf-8").splitlines()
    pairs = (line.split() for line in lines if line and not line.startswith("#"))
    return {name: float(weight) for name, weight in pairs}
