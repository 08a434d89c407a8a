"""What accepting a batch changes, as pages show it.

Owns the plain form of `Batch.changes` and of its warnings; refuses to compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guichet.indicators.models import Batch


@dataclass(frozen=True)
class Replaced:
    """A key whose counters change; `batch` is the number of the batch that counted."""

    line: int
    indicator: str
    version: int
    structure: str
    period: str
    cut: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    batch: int


@dataclass(frozen=True)
class Missing:
    """Structures expected for an indicator and period, that nobody sent yet."""

    indicator: str
    version: int
    period: str
    count: int
    message: str


@dataclass(frozen=True)
class Changes:
    """`new`, `replaced`, `same` are numbers of keys; `rows` the first replaced ones."""

    new: int
    replaced: int
    same: int
    rows: tuple[Replaced, ...]
    missing: tuple[Missing, ...]

    @property
    def missing_count(self) -> int:
        return sum(one.count for one in self.missing)


def changes(batch: Batch) -> Changes:
    """As found when the batch was last checked."""
    told: dict[str, Any] = batch.changes
    rows = (
        Replaced(**(row | {"before": tuple(row["before"]), "after": tuple(row["after"])}))
        for row in told.get("rows", [])
    )
    missing = (
        Missing(
            notice["indicator"],
            notice["version"],
            notice["period"],
            notice["count"],
            notice["message"],
        )
        for notice in batch.warnings
        if notice["kind"] == "missing"
    )
    return Changes(
        told.get("new", 0),
        told.get("replaced", 0),
        told.get("same", 0),
        tuple(rows),
        tuple(missing),
    )
