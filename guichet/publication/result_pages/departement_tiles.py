"""Where each département stands on the map of squares (`docs/decisions/departement-tiles.md`).

Owns the shipped table; refuses values.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

TABLE = Path(__file__).resolve().parents[1] / "reference" / "departement_tiles.csv"


@cache
def departement_tiles() -> dict[str, tuple[int, int]]:
    """Column and row of each code, overseas included."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            row["departement"]: (int(row["column"]), int(row["row"]))
            for row in csv.DictReader(lines)
        }
