"""The tables beside the method, read without a database."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "methods" / "observation_example"


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def definitions() -> dict[str, Definition]:
    """Those of `indicators.csv`, by code."""
    return {
        row["code"]: Definition(
            code=row["code"],
            version=int(row["version"]),
            kind=Kind(row["kind"]),
            nature=row["nature"],
            direction=row["direction"],
            margin=Decimal(row["margin"]),
            minimum=int(row["minimum"]),
            unit=row["unit"],
            target=Decimal(row["target"]) if row["target"] else None,
        )
        for row in table("indicators.csv")
    }
