"""What a reading is worth: an answer, a choice to offer, out of scope, or nothing understood.

Owns the thresholds (`docs/howto/orientation.md` says how they were set); refuses any wording.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from guichet.orientation.matching.index import Reading, Scored

LEAST_SCORE = 0.2
SURE_SCORE = 0.46
SURE_GAP = 0.1
CHOICE_GAP = 0.32
"""Documents whose score is within this share of the best one's are offered as a choice."""

OUT_SCORE = 0.3
"""Below, what resembles something out of scope is not understood rather than refused."""

OUT_GAP = 0.03
"""What is out of scope must come so far before the best need."""

MOST_CHOICES = 4


class Outcome(StrEnum):
    SURE = "sure"
    CHOICE = "choice"
    OUT_OF_SCOPE = "out_of_scope"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a document stands for: the kinds of services that answer, best first."""

    kinds: tuple[str, ...]
    out_of_scope: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """`keys` are the documents to answer with, best first; a sure answer has one."""

    outcome: Outcome
    keys: tuple[str, ...] = ()


def judge(reading: Reading, meant: Callable[[str], Meant]) -> Verdict:
    """The verdict on a reading; `meant` tells what each document stands for."""
    good = [one for one in reading.found if one.score >= LEAST_SCORE]
    if not good:
        return Verdict(Outcome.MISSED)
    if is_clearly_out(good, meant):
        return Verdict(Outcome.OUT_OF_SCOPE, (good[0].key,))
    good = [one for one in good if not meant(one.key).out_of_scope]
    if not good:
        return Verdict(Outcome.MISSED)
    best = good[0]
    offered = choices(good, meant)
    if best.score >= SURE_SCORE and stands_alone(best, good, meant):
        return Verdict(Outcome.SURE, (best.key,))
    if len(offered) == 1 and best.score >= SURE_SCORE:
        return Verdict(Outcome.SURE, (best.key,))
    return Verdict(Outcome.CHOICE, tuple(offered))


def is_clearly_out(good: list[Scored], meant: Callable[[str], Meant]) -> bool:
    """True when what comes first is out of scope, and no need comes close: a doubt is not a no."""
    if not meant(good[0].key).out_of_scope or good[0].score < OUT_SCORE:
        return False
    needs = [one.score for one in good if not meant(one.key).out_of_scope]
    return not needs or good[0].score - needs[0] >= OUT_GAP


def stands_alone(best: Scored, good: list[Scored], meant: Callable[[str], Meant]) -> bool:
    """True when whatever comes close would send to the same service."""
    door = meant(best.key).kinds[:1]
    return all(
        best.score - other.score >= SURE_GAP or door[0] in meant(other.key).kinds[:1]
        for other in good[1:]
    )


def choices(good: list[Scored], meant: Callable[[str], Meant]) -> list[str]:
    """The documents near the best one, without those that would send to the same services."""
    offered: list[str] = []
    doors: set[tuple[str, ...]] = set()
    for one in good:
        kinds = meant(one.key).kinds
        if one.score < good[0].score * (1 - CHOICE_GAP):
            continue
        if kinds not in doors:
            doors.add(kinds)
            offered.append(one.key)
    return offered[:MOST_CHOICES]
