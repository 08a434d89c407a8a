"""Words that say a danger to oneself or to others, as people in distress write them.

Owns the expressions (`reference/danger_expressions.txt`), chosen to miss as few as possible: a
person looks at each text at once. Refuses the figures of speech (« mourir de rire ») and violence
that is over (« il m'a frappé en 2015, jugement rendu »).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from guichet.moderation.detection.reading import Reading, read

SENTENCE_REACH = 120
"""Characters of a sentence that are read on each side of an expression: enough to date it, and
the time stays in proportion to the text."""
GLUED = "(?:(?:[jmtsndl]|qu)'?)?"
"""What a word is elided or, in messages, stuck to: « jveux », « m'étrangle »."""
_SENTENCE_END = re.compile(r"[.!?\n]")


@dataclass(frozen=True)
class Expressions:
    """`always` tell by themselves; `unless_calm` only where their sentence has no `calm`, or has
    `still` as well."""

    always: tuple[re.Pattern[str], ...]
    unless_calm: tuple[re.Pattern[str], ...]
    calm: re.Pattern[str]
    still: re.Pattern[str]


def danger_words(text: str) -> tuple[str, ...]:
    """The expressions found, as written, each once, in the order of the text."""
    reading = read(text)
    said = danger_expressions()
    places = [*places_of(said.always, reading)]
    places += (
        place
        for place in places_of(said.unless_calm, reading)
        if not is_calm(sentence_around(reading.bare, *place), said)
    )
    return as_written(reading, places)


def is_calm(sentence: str, said: Expressions) -> bool:
    """True of what is over, or of a matter of a file."""
    return bool(said.calm.search(sentence)) and not said.still.search(sentence)


def sentence_around(bare: str, start: int, end: int) -> str:
    """The sentence of an expression, cut at `SENTENCE_REACH` on each side."""
    before = _SENTENCE_END.split(bare[max(0, start - SENTENCE_REACH) : start])[-1]
    after = _SENTENCE_END.split(bare[end : end + SENTENCE_REACH], maxsplit=1)[0]
    return before + bare[start:end] + after


@cache
def danger_expressions() -> Expressions:
    always: list[re.Pattern[str]] = []
    unless_calm: list[re.Pattern[str]] = []
    lines, defined = shipped("danger_expressions")
    for line in lines:
        conditional = line.removeprefix("~ ")
        (always if conditional == line else unless_calm).append(
            whole_words(f"{GLUED}(?:{conditional})")
        )
    return Expressions(
        tuple(always),
        tuple(unless_calm),
        whole_words(defined["CALM"]),
        whole_words(defined["STILL"]),
    )


@cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """The expressions of a shipped list, whole words, over small letters without accents."""
    return tuple(whole_words(line) for line in shipped(name)[0])


def shipped(name: str) -> tuple[list[str], dict[str, str]]:
    """The expressions of a list, with what their `<NAME>` stand for put in place, and these
    definitions."""
    content = files("guichet.moderation").joinpath("reference", f"{name}.txt").read_text("utf-8")
    defined: dict[str, str] = {}
    found = []
    for line in content.splitlines():
        if not line or line.startswith("#"):
            continue
        definition = re.fullmatch(r"([A-Z]+) = (.+)", line)
        expression = re.sub(r"<([A-Z]+)>", lambda name: defined[name[1]], line)
        if definition:
            defined[definition[1]] = expression.partition(" = ")[2]
        else:
            found.append(expression)
    return found, defined


def whole_words(expression: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z'])(?:{expression})(?![a-z])")


def expressions(reading: Reading, patterns: tuple[re.Pattern[str], ...]) -> tuple[str, ...]:
    """What `patterns` find, as written, without repetition."""
    return as_written(reading, places_of(patterns, reading))


def places_of(patterns: tuple[re.Pattern[str], ...], reading: Reading) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in pattern.finditer(reading.bare):
            yield match.start(), match.end()


def as_written(reading: Reading, places: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """The words at `places`, in order; of places that overlap the first alone."""
    kept: dict[str, str] = {}
    last = -1
    for start, end in sorted(places):
        if start >= last:
            kept.setdefault(reading.bare[start:end], reading.plain[start:end])
            last = end
    return tuple(kept.values())
