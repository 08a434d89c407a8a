"""Cells as arrays of integers, and what `formulas` says of them.

Owns the arrays' shape; refuses rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import FACTOR, buckets_in_share
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.calculations.verdicts import least_whole

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Side:
    """One array for each counter, of one length: 0 where nothing was received."""

    definition: Definition
    counters: tuple[Ints, ...]
    expected: Ints
    received: Ints

    def take(self, rows: Ints | slice) -> Side:
        counters = tuple(counter[rows] for counter in self.counters)
        return Side(self.definition, counters, self.expected[rows], self.received[rows])

    def __sub__(self, part: Side) -> Side:
        """The rest of places without one of their parts, row by row."""
        counters = tuple(a - b for a, b in zip(self.counters, part.counters, strict=True))
        return Side(
            self.definition,
            counters,
            self.expected - part.expected,
            self.received - part.received,
        )

    @cached_property
    def whole(self) -> Ints:
        if self.definition.kind is Kind.DISTRIBUTION:
            return total(self.counters)
        return self.counters[-1]

    @cached_property
    def cases(self) -> Ints:
        """As `formulas.cases`."""
        if self.definition.kind is Kind.NET_SHARE:
            return self.counters[0] - self.counters[1]
        if self.definition.kind is Kind.DISTRIBUTION:
            return total(self.counters[: buckets_in_share(self.definition)])
        return self.counters[0]

    @cached_property
    def divisor(self) -> Ints:
        """The whole, 1 where there is nobody; 1 everywhere for a raw number."""
        if self.definition.kind is Kind.COUNT:
            return np.ones_like(self.whole)
        return np.maximum(self.whole, 1)

    @cached_property
    def has_value(self) -> Bools:
        return (self.received > 0) & (self.whole > 0)

    @cached_property
    def value(self) -> Floats:
        """In percent, points or the unit, within 4 units of the last place of a float."""
        return FACTOR[self.definition.kind] * (self.cases / self.divisor)

    @cached_property
    def is_enough(self) -> Bools:
        """As `verdicts.is_enough`."""
        whole = self.whole >= least_whole(self.definition)
        return whole & (self.received > 0) & (2 * self.received >= self.expected)

    def quotient(self, row: int) -> tuple[int, int]:
        """Numerator and denominator of the value of a row, exact and without limit of size."""
        factor = FACTOR[self.definition.kind]
        return factor * int(self.cases[row]), int(self.divisor[row])

    def counters_of(self, row: int) -> tuple[int, ...]:
        return tuple(int(counter[row]) for counter in self.counters)


def total(counters: Sequence[Ints]) -> Ints:
    found = counters[0]
    for counter in counters[1:]:
        found = found + counter
    return found
