"""Learn the weights of the clues of danger: `python -m …tests.accuracy.danger_training`.

Owns the fit and the choice of the thresholds, on labelled texts that may be read: never on the
frozen ones. Refuses a weight whose sign says the contrary of its family (`CALMING`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from guichet.moderation.detection.danger_clues import by_sound
from guichet.moderation.detection.danger_score import (
    BIAS,
    LOOK,
    stretches,
    weight_of,
)
from guichet.moderation.detection.plain_words import plain_words
from guichet.moderation.detection.reading import read
from guichet.moderation.tests.accuracy.danger_measuring import (
    DEVELOPMENT,
    DEVELOPMENT_LATER,
    labelled_blocks,
    labelled_dangers,
    ordinary_texts,
    own_texts,
)

CALMING = frozenset({"calm", "past", "trade", "errand"})
WORD_SCALE = 0.7
"""Words are trusted less than clues: what they may weigh is held smaller."""
LIGHTEST = 0.02
SEEN_IN = 3
"""Texts that must hold a word before it may weigh anything."""
RIDGE, STEPS, RATE, RECHOSEN = 0.01, 800, 0.3, 20
FOLDS = 5
ALERTED_SHARE, LOOKED_SHARE = 0.12, 0.3
"""Ordinary texts, not learnt from, that may alert or be put before others for nothing."""
WRITTEN = Path(__file__).parents[2] / "reference" / "danger_weights.txt"
HEADING = """\
# What a clue of danger is worth: families of danger_clues.txt, « = » before the first letters
# of a word. Learnt by tests/accuracy/danger_training.py from labelled texts written for the
# project: not edited by hand. Of ordinary texts held out, {alerted:.0%} score 0 or more (alert),
# {looked:.0%} the weight of (look) or more.
"""
Features = list[Mapping[str, float]]


@dataclass(frozen=True)
class Example:
    features: Features
    is_danger: bool
    weight: float
    is_ordinary: bool


def examples() -> list[Example]:
    lots = (
        (((kind != "none", text) for kind, text in labelled_blocks(DEVELOPMENT)), 2.0, False),
        (((kind != "none", text) for kind, text in labelled_blocks(DEVELOPMENT_LATER)), 2.0, False),
        (((kind != "none", text) for kind, text in own_texts()), 1.0, False),
        (labelled_dangers(), 0.5, False),
        (((False, text) for text in ordinary_texts()), 1.5, True),
    )
    return [
        Example(features_of(text), is_danger, weight, is_ordinary)
        for texts, weight, is_ordinary in lots
        for is_danger, text in texts
    ]


def features_of(text: str) -> Features:
    return [one.features for one in stretches(plain_words(read(text), by_sound()))]


def learnt(learning: Sequence[Example]) -> dict[str, float]:
    """Logistic regression of the gravest stretch of each text, chosen again as weights change."""
    seen = Counter(
        name for one in learning for name in set().union(*(each for each in one.features))
    )
    names = sorted(name for name, times in seen.items() if times >= SEEN_IN or name[0] != "=")
    rank = {name: position for position, name in enumerate(names)}
    rows = np.zeros((sum(len(one.features) for one in learning), len(names)))
    ends: list[int] = []
    row = 0
    for one in learning:
        for each in one.features:
            for name, value in each.items():
                if name in rank:
                    rows[row, rank[name]] = value * (WORD_SCALE if name[0] == "=" else 1.0)
            row += 1
        ends.append(row)
    signs = np.array([0 if name[0] == "=" else -1 if name in CALMING else 1 for name in names])
    weights, bias = fitted(
        rows,
        [0, *ends],
        np.array([one.is_danger for one in learning], float),
        np.array([one.weight for one in learning]),
        signs,
    )
    scale = np.where([name[0] == "=" for name in names], WORD_SCALE, 1.0)
    return {BIAS: bias, **dict(zip(names, (weights * scale).tolist(), strict=True))}


def fitted(
    rows: NDArray[np.float64],
    bounds: Sequence[int],
    is_danger: NDArray[np.float64],
    counted: NDArray[np.float64],
    signs: NDArray[np.int64],
) -> tuple[NDArray[np.float64], float]:
    weights, bias = np.zeros(rows.shape[1]), -1.0
    chosen = rows[[]]
    for step in range(STEPS):
        if step % RECHOSEN == 0:
            scores = rows @ weights
            pairs = pairwise(bounds)
            chosen = rows[[start + int(np.argmax(scores[start:end])) for start, end in pairs]]
        likely = 1 / (1 + np.exp(-(chosen @ weights + bias)))
        wrong = (likely - is_danger) * counted / counted.sum()
        weights = weights - RATE * (chosen.T @ wrong + RIDGE * weights / 2)
        bias -= RATE * float(wrong.sum())
        weights = np.where(weights * signs < 0, 0, weights)
    return weights, bias


def score_of(features: Features, weights: Mapping[str, float]) -> float:
    return max(weight_of(one, weights) for one in features)


def held_out_scores(known: Sequence[Example]) -> list[float]:
    """Of each ordinary text, by weights learnt without it; the highest first."""
    order = list(range(len(known)))
    random.Random(1).shuffle(order)
    found: list[float] = []
    for fold in range(FOLDS):
        aside = set(order[fold::FOLDS])
        weights = learnt([one for rank, one in enumerate(known) if rank not in aside])
        ordinary = (known[rank] for rank in aside if known[rank].is_ordinary)
        found += (score_of(one.features, weights) for one in ordinary)
    return sorted(found, reverse=True)


def main() -> None:
    known = examples()
    scores = held_out_scores(known)
    alert, look = (scores[int(share * len(scores))] for share in (ALERTED_SHARE, LOOKED_SHARE))
    weights = {name: weight for name, weight in learnt(known).items() if abs(weight) >= LIGHTEST}
    weights |= {BIAS: weights[BIAS] - alert, LOOK: look - alert}
    lines = sorted(weights.items(), key=lambda one: (one[0][0] == "=", one[0]))
    heading = HEADING.format(alerted=ALERTED_SHARE, looked=LOOKED_SHARE)
    written = "".join(f"{name} {weight:.2f}\n" for name, weight in lines)
    WRITTEN.write_text(heading + written, "utf-8")


if __name__ == "__main__":
    main()
