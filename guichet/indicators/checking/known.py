"""What a file is checked against, as plain values: definitions, grains, places of a network.

Owns these values and the choice of a grain for a period; refuses a database. Plain Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from guichet.core.periods import Period, PeriodKind
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.grains_in_force import nearest_grain


@dataclass(frozen=True)
class KnownGrain:
    """`first_day` to `ended_on` (None: it goes on) are those of its periods' first days."""

    key: int
    version: int
    level: str
    period_kind: PeriodKind
    cuts: tuple[str, ...]
    source: str
    first_period: str
    first_day: date
    ended_on: date | None
    publication_level: str = ""

    @property
    def is_published_coarser(self) -> bool:
        return self.publication_level not in ("", self.level)


@dataclass(frozen=True)
class KnownVersion:
    """`key` is the primary key; `grains` those of the network, oldest first."""

    key: int
    definition: Definition
    grains: tuple[KnownGrain, ...] = ()

    def grain_for(self, period: Period) -> KnownGrain | None:
        """The grain in force when the period begins; else the nearest one; None without any."""
        return nearest_grain(self.grains, period.first_day)

    @property
    def first_grain(self) -> KnownGrain | None:
        return self.grains[0] if self.grains else None


@dataclass(frozen=True)
class Known:
    """`versions` by (indicator code, number). `source` is the batch's; `scope` the code of the
    structure that the sender holds, "" for the whole network."""

    network: str
    source: str
    today: date
    versions: dict[tuple[str, int], KnownVersion] = field(default_factory=dict)
    scope: str = ""
    owned_elsewhere: frozenset[str] = frozenset()

    def numbers_of(self, indicator: str) -> list[int]:
        return sorted(number for code, number in self.versions if code == indicator)

    @property
    def indicators(self) -> list[str]:
        return sorted({code for code, _ in self.versions})

    @property
    def granted(self) -> list[str]:
        """Indicators that the network sends under `source`: none that another source computes."""
        return sorted(
            {
                code
                for (code, _), version in self.versions.items()
                if any(grain.source == self.source for grain in version.grains)
            }
        )


def listed(codes: Sequence[str], most: int = 12) -> str:
    """ "S01, S02 et 4 autres"."""
    if len(codes) <= most:
        return ", ".join(codes)
    return f"{', '.join(codes[:most])} et {len(codes) - most} autres"


def comparable(code: str) -> str:
    """A code without what spreadsheets and people change: case, spaces, zeros at the start."""
    return "".join(code.split()).casefold().lstrip("0").removesuffix(".0")
