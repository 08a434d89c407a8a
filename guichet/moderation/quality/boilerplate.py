"""How much of an answer was written for anybody: stock phrases, templates, former answers.

Owns how likeness is found (runs of words) and where it stands; refuses to judge. Plain Python.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from guichet.moderation.quality.words import Word, bare_words, words_in

STOCK_FILE = Path(__file__).with_name("stock_phrases.toml")
STOCK = "formule toute faite"
ANSWERED_BEFORE = "déjà écrit dans une autre réponse"
OF_TEMPLATE = "vient d'un modèle de réponse"
STOCK_RUN = 5
"""Words in a row of a stock phrase; all of them in a shorter phrase."""

ANSWER_RUN = 8
"""Words in a row of a past answer: fewer happen by chance."""

TEMPLATE_RUN = 5
"""Words in a row of a template; all of them in a shorter one."""

Run = tuple[str, ...]


class Passage(NamedTuple):
    """Characters `start` to `end` (excluded), and what they repeat."""

    start: int
    end: int
    source: str


@dataclass(frozen=True)
class Boilerplate:
    """`share` is the part of the words, 0 to 1, that stand in `passages`; these do not overlap and
    come in the order of the text."""

    share: float
    passages: tuple[Passage, ...]


def boilerplate_share(
    text: str, others: Iterable[str] = (), templates: Iterable[str] = ()
) -> Boilerplate:
    """What of `text` repeats a stock phrase, one of `templates` or one of `others` (past answers of
    the network)."""
    words = words_in(text)
    if not words:
        return Boilerplate(0.0, ())
    sources: list[str] = [""] * len(words)
    mark_answers(words, others, sources)
    mark_templates(words, templates, sources)
    mark_stock(words, sources)
    repeated = sum(1 for source in sources if source)
    return Boilerplate(repeated / len(words), tuple(passages(words, sources)))


def mark_stock(words: Sequence[Word], sources: list[str]) -> None:
    for length, phrases in stock_runs().items():
        for place, run in enumerate(runs([word.bare for word in words], length)):
            if run in phrases:
                sources[place : place + length] = [STOCK] * length


def mark_answers(words: Sequence[Word], others: Iterable[str], sources: list[str]) -> None:
    """Looks runs of the text up in each past answer: nothing of these is kept in memory."""
    places: dict[Run, list[int]] = {}
    for place, run in enumerate(runs([word.bare for word in words], ANSWER_RUN)):
        places.setdefault(run, []).append(place)
    for other in others:
        for run in runs(bare_words(other), ANSWER_RUN):
            for place in places.pop(run, ()):
                sources[place : place + ANSWER_RUN] = [ANSWERED_BEFORE] * ANSWER_RUN
        if not places:
            break


def mark_templates(
    words: Sequence[Word],
    templates: Iterable[str],
    sources: list[str],
    longest_run: int = TEMPLATE_RUN,
) -> None:
    """Of each template, runs of `longest_run` words, or the whole where it is shorter."""
    written = [word.bare for word in words]
    for template in templates:
        whole = bare_words(template)
        length = min(longest_run, len(whole))
        known = set(runs(whole, length)) if length else set()
        for place, run in enumerate(runs(written, length)):
            if run in known:
                sources[place : place + length] = [OF_TEMPLATE] * length


def runs(words: Sequence[str], length: int) -> Iterator[Run]:
    return zip(*(words[offset:] for offset in range(length)), strict=False)


def passages(words: Sequence[Word], sources: Sequence[str]) -> Iterator[Passage]:
    """Neighbouring words of one source make one passage."""
    current: Passage | None = None
    last = ""
    for word, source in zip(words, sources, strict=True):
        if current and source == last:
            current = current._replace(end=word.end)
        else:
            if current:
                yield current
            current = Passage(word.start, word.end, source) if source else None
        last = source
    if current:
        yield current


@cache
def stock_phrases() -> tuple[str, ...]:
    """The shipped phrases, in the order of their file."""
    groups = tomllib.loads(STOCK_FILE.read_text(encoding="utf-8"))
    return tuple(phrase for group in groups.values() for phrase in group)


@cache
def stock_runs() -> dict[int, frozenset[Run]]:
    """By their length, the runs of words that give a stock phrase away."""
    found: dict[int, set[Run]] = {}
    for phrase in stock_phrases():
        words = bare_words(phrase)
        length = min(STOCK_RUN, len(words))
        found.setdefault(length, set()).update(runs(words, length))
    return {length: frozenset(each) for length, each in found.items()}
