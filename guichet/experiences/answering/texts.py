"""The texts of an answer: how long each may be, and what a template left in it.

Owns the places to fill in and how much of it is one's own words. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from guichet.moderation.quality.boilerplate import mark_stock, mark_templates
from guichet.moderation.quality.words import words_in

LONGEST_ANSWER = 8_000
SHORTEST_ANSWER = 40
LONGEST_SIGNATURE = 120
SAME_WORDS = 3
"""In a row: a word changed here and there makes no text of one's own."""

LEAST_OWN_WORDS = 6
LEAST_OWN_SHARE = 0.15
"""Of the words of an answer that a template makes up for most."""

HOLE = re.compile(r"\[[^\[\]\n]{1,80}\]")


def unfilled_holes(text: str) -> list[str]:
    """The places in square brackets that nobody filled in, each once, as they stand."""
    return list(dict.fromkeys(HOLE.findall(text)))


@dataclass(frozen=True)
class OwnWords:
    """Of the `total` words of an answer, how many stand neither in a template nor in a stock
    phrase; `from_template` those that stand in a template."""

    total: int
    own: int
    from_template: int

    @property
    def are_too_few(self) -> bool:
        """True when a template makes up most of it, and hardly a word was written for the person;
        a template that was followed by a whole answer passes."""
        if self.from_template <= self.own:
            return False
        return self.own < LEAST_OWN_WORDS or self.own < LEAST_OWN_SHARE * self.total


def own_words(text: str, templates: Iterable[str]) -> OwnWords:
    """Counted whatever the blanks, case, accents and punctuation."""
    words = words_in(text)
    if not words:
        return OwnWords(0, 0, 0)
    sources: list[str] = [""] * len(words)
    mark_templates(words, templates, sources, SAME_WORDS)
    from_template = sum(map(bool, sources))
    mark_stock(words, sources)
    return OwnWords(len(words), sources.count(""), from_template)
