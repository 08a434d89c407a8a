"""What computing needs to know of an indicator version, without a database.

Owns the plain form of a definition; refuses titles and words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guichet.indicators.calculations.kinds import Kind, counters_of


@dataclass(frozen=True)
class Definition:
    """`nature` is census or sample, `direction` higher, lower or none; `margin` and `target` are
    in points, percent or the unit, as `IndicatorVersion` says."""

    code: str
    version: int
    kind: Kind
    nature: str
    direction: str
    margin: Decimal
    minimum: int
    unit: str = "percent"
    target: Decimal | None = None
    is_summed: bool = True
    bounds: tuple[Decimal, ...] = ()
    reference_bound: Decimal | None = None

    @property
    def counters(self) -> tuple[str, ...]:
        return counters_of(self.kind, self.bounds)

    @property
    def is_sample(self) -> bool:
        return self.nature == "sample"
