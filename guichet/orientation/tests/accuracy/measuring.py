"""Answers measured against questions labelled by somebody else.

Owns what counts as right; refuses to print a frozen question, so that nobody tunes to it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = Path(__file__).parent / "questions.csv"


@dataclass(frozen=True)
class Question:
    """`accepted` are the kinds that a good counsellor would name as a first door."""

    key: str
    text: str
    accepted: frozenset[str]
    out_of_scope: bool


@dataclass(frozen=True)
class Given:
    """What was answered: the kinds in their order, and whether it was said to be out of scope."""

    kinds: tuple[str, ...]
    out_of_scope: bool


@dataclass(frozen=True)
class Accuracy:
    """Shares (0..1) of the questions in scope whose first, or one of the first three, services is
    accepted; of those out of scope that are recognised. `failures` are `key: given`."""

    top1: float
    top3: float
    out_of_scope: float
    refused: int
    failures: tuple[str, ...]
    kinds_given: frozenset[str]


def read_questions(path: Path = QUESTIONS) -> list[Question]:
    with path.open(encoding="utf-8", newline="") as table:
        return [
            Question(
                key=row["id"],
                text=row["question"],
                accepted=frozenset(filter(None, row["accepted"].split("|"))),
                out_of_scope=row["out_of_scope"] == "yes",
            )
            for row in csv.DictReader(table)
        ]


def measure(questions: Iterable[Question], ask: Callable[[str], Given]) -> Accuracy:
    top1 = top3 = in_scope = recognised = out = refused = 0
    failures: list[str] = []
    kinds: set[str] = set()
    for question in questions:
        given = ask(question.text)
        kinds.update(given.kinds)
        if question.out_of_scope:
            out += 1
            recognised += given.out_of_scope
            is_right = given.out_of_scope
        else:
            first = () if given.out_of_scope else given.kinds[:3]
            is_right = not question.accepted.isdisjoint(first)
            in_scope += 1
            top1 += bool(first) and first[0] in question.accepted
            top3 += is_right
            refused += given.out_of_scope
        if not is_right:
            said = "out of scope" if given.out_of_scope else ", ".join(given.kinds[:3]) or "nothing"
            failures.append(f"{question.key}: {said}")
    return Accuracy(
        top1 / in_scope,
        top3 / in_scope,
        recognised / out,
        refused,
        tuple(failures),
        frozenset(kinds),
    )
