"""Words that say a danger to oneself or to others, as people in distress write them.

Owns the expressions (`reference/danger_expressions.txt`; plain sentences of other languages in
`danger_other_languages.txt`), chosen to miss as few as possible: a person looks at each text at
once. Refuses the figures of speech (« mourir de rire ») and violence
that is over (« il m'a frappé en 2015, jugement rendu »).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from guichet.moderation.detection.danger_score import LOOK, danger_weights, scored
from guichet.moderation.detection.reading import Reading, read

SENTENCE_REACH = 120
"""Characters of a sentence that are read on each side of an expression: enough to date it, and
the time stays in proportion to the text."""
GLUED = "(?:(?:[jmtsndl]|qu)'?)?"
"""What a word is elided or, in messages, stuck to: « jveux », « m'étrangle »."""
SEVERAL_WORDS = "plusieurs mots ensemble"
"""Shown when no clue weighs enough by itself to be quoted."""
CALM_AROUND = 2
"""How far under the score of what is looked at, times it, an expression no longer alerts."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?\n]")
_ONE_LETTER = str.maketrans("أإآٱىةیکё", "اااايهيكе")


@dataclass(frozen=True)
class Expressions:
    """`always` tell by themselves; `unless_calm` only where their sentence has no `calm`, or has
    `still` as well."""

    always: re.Pattern[str]
    unless_calm: re.Pattern[str]
    calm: re.Pattern[str]
    still: re.Pattern[str]


class Grade(StrEnum):
    """What is done of a text: `ALERT` mails all moderators, `LOOK` puts it before others."""

    NONE = "none"
    LOOK = "look"
    ALERT = "alert"


@dataclass(frozen=True)
class Danger:
    """`words` are what weighed most, as written, in the order of the text; none without grade."""

    grade: Grade
    words: tuple[str, ...]


def danger_of(text: str) -> Danger:
    """What an expression says, or what clues and words weigh together."""
    reading = read(text)
    foreign = places_in_other_languages(reading)
    places = foreign + places_said(reading)
    found = scored(reading)
    grade = Grade.ALERT if foreign else graded(found.score, is_said=bool(places))
    if grade is Grade.NONE:
        return Danger(grade, ())
    return Danger(grade, as_written(reading, places or found.places) or (SEVERAL_WORDS,))


def graded(score: float, *, is_said: bool) -> Grade:
    """An expression alerts; where all around it is calm, the text is looked at all the same."""
    look_from = danger_weights()[LOOK]
    if score >= 0 or (is_said and score >= CALM_AROUND * look_from):
        return Grade.ALERT
    return Grade.LOOK if is_said or score >= look_from else Grade.NONE


def danger_words(text: str) -> tuple[str, ...]:
    """What alerts in `text`, as written; empty when nothing does."""
    found = danger_of(text)
    return found.words if found.grade is Grade.ALERT else ()


def places_said(reading: Reading) -> list[tuple[int, int]]:
    """Where expressions of danger stand, those of the past or of a file left out."""
    said = danger_expressions()
    places = [match.span() for match in said.always.finditer(reading.bare)]
    places += (
        match.span()
        for match in said.unless_calm.finditer(reading.bare)
        if not is_calm(sentence_around(reading.bare, *match.span()), said)
    )
    return places


def places_in_other_languages(reading: Reading) -> list[tuple[int, int]]:
    """Where a danger is said plainly in another language than French: it alerts by itself, for
    what calms is only known in French."""
    expressions = expressions_of_other_languages()
    return [match.span() for match in expressions.finditer(in_plain_letters(reading.bare))]


def in_plain_letters(bare: str) -> str:
    """Small letters of every alphabet, the forms of one Arabic or Cyrillic letter written as one;
    of the same length."""
    return bare.lower().translate(_ONE_LETTER)


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
    lines, defined = shipped("danger_expressions")
    conditional = [line.removeprefix("~ ") for line in lines if line.startswith("~ ")]
    always = [line for line in lines if not line.startswith("~ ")]
    return Expressions(
        whole_words(f"{GLUED}(?:{'|'.join(always)})"),
        whole_words(f"{GLUED}(?:{'|'.join(conditional)})"),
        whole_words(defined["CALM"]),
        whole_words(defined["STILL"]),
    )


@cache
def expressions_of_other_languages() -> re.Pattern[str]:
    """Whole words, but in Chinese, which writes none apart."""
    lines, _ = shipped("danger_other_languages")
    plain = in_plain_letters(read("\n".join(lines)).bare).split("\n")
    apart = [line for line in plain if not _CHINESE.search(line)]
    glued = [line for line in plain if _CHINESE.search(line)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(apart)})(?!\w)|{'|'.join(glued)}")


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


def as_written(reading: Reading, places: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    """The words at `places`, in order; of places that overlap the first alone."""
    kept: dict[str, str] = {}
    last = -1
    for start, end in sorted(places):
        if start >= last:
            kept.setdefault(reading.bare[start:end], reading.plain[start:end])
            last = end
    return tuple(kept.values())
