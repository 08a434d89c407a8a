"""Which subjects an answer leaves aside, by words that would show that it speaks of them.

Owns the shipped words of the five aspects and how they are looked for; refuses to understand: a
subject may be named and not answered. Plain Python.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import snowballstemmer

from guichet.moderation.quality.words import WORD, bare

TOPICS_FILE = Path(__file__).with_name("topics.toml")


def ignored_topics(
    text: str,
    topics: Mapping[str, Sequence[str]],
    *,
    besides: Iterable[tuple[int, int, str]] = (),
) -> tuple[str, ...]:
    """The names of `topics` of which `text` says no word, in their order.

    `besides` are passages (start, end, …) that do not count, such as stock phrases: « la qualité
    de l'accueil est une priorité » answers nothing about the welcome.
    """
    said = f" {' '.join(stems_of(without(text, besides)))} "
    return tuple(
        name
        for name, words in topics.items()
        if not any(f" {' '.join(stems_of(word))} " in said for word in words)
    )


def topics_named(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The shipped words of each aspect of `names`; `KeyError` for one that is not known."""
    shipped = shipped_topics()
    return {name: shipped[name] for name in names}


def without(text: str, passages: Iterable[tuple[int, int, str]]) -> str:
    for start, end, *_ in passages:
        text = f"{text[:start]}{'.' * (end - start)}{text[end:]}"
    return text


def stems_of(text: str) -> tuple[str, ...]:
    """Stems are taken with accents, which the stemmer needs."""
    return tuple(stem(word) for word in WORD.findall(text.lower()))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A stemmer holds the word it works on: one for each call, since threads share modules."""
    return bare(str(snowballstemmer.stemmer("french").stemWord(word)))


@cache
def shipped_topics() -> dict[str, tuple[str, ...]]:
    topics = tomllib.loads(TOPICS_FILE.read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in topics.items()}
