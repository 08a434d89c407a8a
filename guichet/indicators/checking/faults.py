"""Faults and warnings as kept in a batch and told to people.

Owns their shape and how many are kept; refuses sentences of rules. Plain Python.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from guichet.core.text import without_controls

KEPT = 1_000


@dataclass(frozen=True)
class Fault:
    """`line` of the file, `column` its title, `cell` what a spreadsheet calls it; `value` as
    read; `message` says what is wrong and how to mend it."""

    line: int
    column: str
    cell: str
    value: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Notice:
    """What a sender is told. `kind` is jump (to confirm), missing, or same_file (told only)."""

    kind: str
    message: str
    line: int = 0
    indicator: str = ""
    version: int = 0
    structure: str = ""
    period: str = ""
    cut: str = ""
    count: int = 1

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def storable(fault: Fault) -> Fault:
    """What a file holds may be anything; PostgreSQL refuses NUL."""
    if all(text.isprintable() for text in (fault.column, fault.value, fault.message)):
        return fault
    return Fault(
        fault.line,
        without_controls(fault.column),
        fault.cell,
        without_controls(fault.value),
        without_controls(fault.message),
    )


@dataclass
class Findings:
    """The first faults and warnings (`most` of each), and how many there are."""

    most: int = KEPT
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    warnings: list[Notice] = field(default_factory=list)
    warning_count: int = 0
    jump_count: int = 0

    def add(self, fault: Fault) -> None:
        self.fault_count += 1
        if len(self.faults) < self.most:
            self.faults.append(storable(fault))

    def count_more(self, faults: int) -> None:
        """Faults that exist beyond those kept."""
        self.fault_count += max(0, faults)

    def warn(self, warning: Notice) -> None:
        self.warning_count += 1
        if len(self.warnings) < self.most:
            self.warnings.append(warning)

    @property
    def is_refused(self) -> bool:
        return self.fault_count > 0
