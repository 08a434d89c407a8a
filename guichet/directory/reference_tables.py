"""The networks and kinds of places that every installation knows, from the CSV files beside.

Owns their loading and which kind took over from which; refuses to delete any.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from guichet.directory.kind_search import NamedKind
from guichet.directory.models import Network, StructureKind

REFERENCE = Path(__file__).parent / "reference"


@dataclass(frozen=True, slots=True)
class KindRow:
    """A row of `kinds.csv`. `replaced_by` is the code of today's kind when this one is former."""

    code: str
    label: str
    network: str
    level: str
    open_on_holidays: bool
    is_common: bool
    replaced_by: str
    words: tuple[str, ...]


def load_reference() -> None:
    """Write the shipped networks and kinds, creating or updating; kinds from imports stay.

    A former kind's words go to the kind that replaced it, so that « pôle emploi » finds France
    Travail.
    """
    with transaction.atomic():
        Network.objects.bulk_create(
            [Network(**row) for row in read_table("networks.csv")],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "publication_level"],
        )
        networks = dict(Network.objects.values_list("code", "pk"))
        StructureKind.objects.bulk_create(
            [
                StructureKind(
                    code=row.code,
                    label=row.label,
                    network_id=networks[row.network] if row.network else None,
                    level=row.level,
                    open_on_holidays=row.open_on_holidays,
                    is_common=row.is_common,
                    words=words_with_former(row.code),
                )
                for row in shipped_kinds().values()
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                "label",
                "network",
                "level",
                "open_on_holidays",
                "is_common",
                "words",
            ],
        )


def searchable_kinds() -> list[NamedKind]:
    """Today's kinds, for `find_kinds`: former ones are found under what replaced them."""
    former = [row.code for row in shipped_kinds().values() if row.replaced_by]
    rows = StructureKind.objects.exclude(code__in=former).order_by("code")
    return [
        NamedKind(code, label, tuple(words), is_common)
        for code, label, words, is_common in rows.values_list("code", "label", "words", "is_common")
    ]


def current_kind(code: str) -> str:
    """The code of today's kind: « pole_emploi » → « france_travail »; any other as it is."""
    row = shipped_kinds().get(code)
    return row.replaced_by if row and row.replaced_by else code


def with_former_kinds(code: str) -> tuple[str, ...]:
    """`code`, then the former kinds that it replaced: a filter by kind must take them all."""
    former = [row.code for row in shipped_kinds().values() if row.replaced_by == code]
    return (code, *former)


def words_with_former(code: str) -> list[str]:
    """What people call a kind and those that it replaced, each once."""
    kinds = shipped_kinds()
    return list(dict.fromkeys(word for one in with_former_kinds(code) for word in kinds[one].words))


@lru_cache(maxsize=1)
def shipped_kinds() -> dict[str, KindRow]:
    return {
        row["code"]: KindRow(
            code=row["code"],
            label=row["label"],
            network=row["network"],
            level=row["level"],
            open_on_holidays=row["open_on_holidays"] == "yes",
            is_common=row["is_common"] == "yes",
            replaced_by=row["replaced_by"],
            words=tuple(word for word in row["words"].split("|") if word),
        )
        for row in read_table("kinds.csv")
    }


def read_table(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
