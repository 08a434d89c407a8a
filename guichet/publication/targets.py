"""What a figure aims at and whether it is there, in the same words for every figure.

Owns whether a declared value reaches what its own source aims at; refuses to compare it with
anything else.
"""

from __future__ import annotations

from guichet.core.periods import period
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.verdicts import reaches
from guichet.publication import wording
from guichet.publication.published.figures import Figure

NO_TARGET = "sans objectif pour ce territoire"
NOT_APPLICABLE = "not_applicable"


def target_of(figure: Figure, definition: Definition) -> str:
    """« objectif : 85 %, atteint »; of a declared value, that of its source, else « objectif pour
    décembre 2026 : 95 %, pas encore atteint ». Empty where there is none."""
    if figure.aimed_at is None:
        return wording.target_in_words(figure, definition)
    return wording.aim_in_words(figure, definition, verdict_of(figure, definition))


def verdict_of(figure: Figure, definition: Definition) -> str:
    """`met`, `not_met` or, of a period that ends before the one aimed for, `not_yet`; empty where
    the source aims at nothing."""
    if figure.value is None or figure.aimed_at is None:
        return ""
    if reaches(figure.value, figure.aimed_at, definition.direction):
        return "met"
    is_ahead = period(figure.period).last_day < period(figure.aimed_for).last_day
    return "not_yet" if is_ahead else "not_met"


def target_state(figure: Figure, definition: Definition | None) -> str:
    """As files and the API say it: what the edition says of a computed figure; of a declared value
    `verdict_of`, or `not_applicable` where its source aims at nothing there: the indicator's own
    target says nothing of it. None is the definition of an indicator that is not known any more."""
    if figure.state != "declared":
        return figure.target
    return (definition and verdict_of(figure, definition)) or NOT_APPLICABLE
