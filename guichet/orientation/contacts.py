"""The national numbers of networks: whom to call where no place gives a number of its own.

Owns the table `reference/contacts.csv`; refuses to say that a number was checked when it was not.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from guichet.directory.phones import normalise

TABLE = Path(__file__).parent / "reference" / "contacts.csv"


@dataclass(frozen=True, slots=True)
class NationalNumber:
    """A number to dial from anywhere in France; `noted_on` is the day of the sheet that gives it,
    None when it comes from common knowledge."""

    number: str
    display: str
    label: str
    cost: str
    noted_on: date | None


def national_number(kind: str) -> NationalNumber | None:
    """The number of the network of a kind of place, when it has one."""
    return numbers().get(kind)


@lru_cache(maxsize=1)
def numbers() -> dict[str, NationalNumber]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        return {row["kind"]: read_row(row) for row in csv.DictReader(table)}


def read_row(row: dict[str, str]) -> NationalNumber:
    phone = normalise(row["number"])
    if phone is None:
        raise ValueError(f"contacts.csv : {row['number']} n'est pas un numéro ({row['kind']}).")
    noted_on = date.fromisoformat(row["noted_on"]) if row["noted_on"] else None
    return NationalNumber(phone.e164, phone.national, row["label"], phone.cost, noted_on)
