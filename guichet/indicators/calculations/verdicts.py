"""Comparison with the rest, target and change (`docs/methods/observation.md`, § 11).

Owns the order of the rules; refuses rounded values and words for readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import exact_fraction
from guichet.indicators.calculations.intervals import LEAST_FOR_MEAN, difference_interval
from guichet.indicators.calculations.kinds import Kind, whole_of

AnyNumber = TypeVar("AnyNumber", Fraction, Decimal)
LEAST_COMPARED = 10
"""Cases, whatever the minimum to publish: of three, one more or less is no difference."""

INSUFFICIENT = "insufficient"
NO_CLEAR_DIFFERENCE = "no_clear_difference"
NO_CLEAR_CHANGE = "no_clear_change"

DIFFERENCES = {
    "higher": ("better", "worse"),
    "lower": ("worse", "better"),
    "none": ("above", "below"),
}
CHANGES = {
    "higher": ("improved", "worsened"),
    "lower": ("worsened", "improved"),
    "none": ("rose", "fell"),
}
"""By direction: the word for a value above the other, the word for one below."""


@dataclass(frozen=True)
class Cell:
    """Counters, in the order of the definition (None when nothing was received), and coverage."""

    counters: tuple[int, ...] | None
    expected: int
    received: int

    def __sub__(self, part: Cell) -> Cell:
        """The rest: this place without one of its parts."""
        received = self.received - part.received
        counters = None
        if self.counters is not None and received:
            taken = part.counters or (0,) * len(self.counters)
            counters = tuple(a - b for a, b in zip(self.counters, taken, strict=True))
        return Cell(counters, self.expected - part.expected, received)


@dataclass(frozen=True)
class Comparison:
    """The other side's value and the gap (own − other), exact, and the verdict's code ("" when
    nothing is compared)."""

    other: Fraction | None = None
    gap: Fraction | None = None
    verdict: str = ""


def state(definition: Definition, cell: Cell) -> str:
    """`missing`, `no_whole` or `published`."""
    if not cell.received or cell.counters is None:
        return "missing"
    return "published" if whole_of(definition.kind, cell.counters) else "no_whole"


def target(definition: Definition, cell: Cell) -> str:
    """`met` or `not_met`, of the exact value; "" without a target or a value."""
    value = exact_fraction(definition, cell.counters)
    if value is None or definition.target is None:
        return ""
    is_met = reaches(value, Fraction(definition.target), definition.direction)
    return "met" if is_met else "not_met"


def reaches(value: AnyNumber, wanted: AnyNumber, direction: str) -> bool:
    """Whether a value is what is wanted, or better; more is better unless `direction` is lower."""
    return value <= wanted if direction == "lower" else value >= wanted


def compare(definition: Definition, own: Cell, rest: Cell) -> Comparison:
    """A unit or a place with the rest of its territory or nation (`territory - unit`)."""
    words = (*DIFFERENCES[definition.direction], NO_CLEAR_DIFFERENCE)
    return judged(definition, own, rest, words)


def change(definition: Definition, own: Cell, earlier: Cell | None) -> Comparison:
    """A row with the same row of an earlier period; None when there is none to compare with
    (no row, a year to date, a pool of other members)."""
    if earlier is None:
        return Comparison()
    words = (*CHANGES[definition.direction], NO_CLEAR_CHANGE)
    return judged(definition, own, earlier, words)


def judged(
    definition: Definition, own: Cell, other: Cell, words: tuple[str, str, str]
) -> Comparison:
    """The rules 1 to 7, in their order; `words`: above, below, neither."""
    value = exact_fraction(definition, own.counters)
    if value is None or definition.kind is Kind.COUNT or other.expected == 0:
        return Comparison()
    other_value = exact_fraction(definition, other.counters)
    if other_value is None or not (is_enough(definition, own) and is_enough(definition, other)):
        return Comparison(other_value, None, INSUFFICIENT)
    above, below, neither = words
    gap = value - other_value
    if abs(gap) <= Fraction(definition.margin) or holds_zero(definition, own, other):
        return Comparison(other_value, gap, neither)
    return Comparison(other_value, gap, above if gap > 0 else below)


def is_enough(definition: Definition, cell: Cell) -> bool:
    """Enough cases, and half of the expected cells at least, to enter a comparison."""
    if not cell.received or 2 * cell.received < cell.expected or cell.counters is None:
        return False
    return whole_of(definition.kind, cell.counters) >= least_whole(definition)


def least_whole(definition: Definition) -> int:
    """The minimum of the definition, and 10 at least; of a mean of a sample, 30."""
    is_mean = definition.kind is Kind.MEAN and definition.is_sample
    return max(definition.minimum, LEAST_FOR_MEAN if is_mean else LEAST_COMPARED)


def holds_zero(definition: Definition, own: Cell, other: Cell) -> bool:
    """Whether the interval of the difference of two samples holds zero; no for a census."""
    limits = difference_interval(definition, own.counters, other.counters)
    return limits is not None and limits[0] <= Decimal(0) <= limits[1]
