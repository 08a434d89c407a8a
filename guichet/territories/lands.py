"""Which communes a road joins: islands and communes of Guyane that no road reaches are lands apart.

Owns the table `reference/roadless.csv`; refuses to guess how long a boat takes.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).parent / "reference" / "roadless.csv"
MAINLAND = "métropole"
CORSICA = "Corse"


def land_of(insee_code: str) -> str:
    """The name of the land that a commune stands on: two communes of one land are joined by road.

    "métropole", "Corse", an overseas département by its code, or an island by its name.
    """
    if apart := roadless().get(insee_code):
        return apart
    if insee_code.startswith(("2A", "2B")):
        return CORSICA
    return insee_code[:3] if insee_code.startswith(("97", "98")) else MAINLAND


@lru_cache(maxsize=1)
def roadless() -> dict[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["insee_code"]: row["land"] for row in csv.DictReader(table)}
