"""The needs and synonyms that every installation starts with, from the files beside.

Owns their loading; refuses to touch a row that the team has edited.
"""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import load_reference as load_directory_reference
from guichet.orientation.catalogue import catalogue_changed
from guichet.orientation.models import CatalogueVersion, Need, NeedAnswer, Synonym
from guichet.orientation.procedures.importing import load_shipped_procedures

REFERENCE = Path(__file__).parent / "reference"
NEED_FIELDS = (
    "title",
    "theme",
    "audience",
    "phrases",
    "words",
    "procedures",
    "documents",
    "advice",
    "urgent",
    "online",
    "out_of_scope",
)


def shipped_needs() -> Iterator[dict[str, Any]]:
    """The tables of `reference/needs/*.toml`; the theme is the file's name."""
    for path in sorted((REFERENCE / "needs").glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["need"]:
            yield {"theme": path.stem, **row}


def shipped_synonyms() -> Iterator[dict[str, Any]]:
    """The rows of `reference/synonyms.csv`."""
    with (REFERENCE / "synonyms.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            yield {
                "typed": row["typed"],
                "means": row["means"],
                "replaces": row["replaces"] == "yes",
            }


def load_reference(sender: Any = None, **options: Any) -> None:
    """Write the shipped needs, synonyms and procedures that this database has not yet; after each
    migration, and as often as wanted."""
    if Need._meta.db_table not in connection.introspection.table_names():
        return
    digest = digest_of_tables()
    if not CatalogueVersion.objects.filter(shipped=digest).exists():
        with transaction.atomic():
            if not StructureKind.objects.exists():
                load_directory_reference()
            load_needs()
            load_synonyms()
            catalogue_changed()
            CatalogueVersion.objects.update(shipped=digest)
    if settings.LOAD_SHIPPED_PROCEDURES:
        load_shipped_procedures()


def digest_of_tables() -> str:
    """SHA-256 of the shipped tables: they are loaded once for each of their editions."""
    digest = hashlib.sha256()
    for path in (*sorted((REFERENCE / "needs").glob("*.toml")), REFERENCE / "synonyms.csv"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def load_needs() -> None:
    """A need that is no longer shipped, and that nobody edited, is not proposed any more."""
    edited = set(Need.objects.filter(edited_at__isnull=False).values_list("code", flat=True))
    rows = [row for row in shipped_needs() if row["code"] not in edited]
    defaults = {"audience": "particuliers", "online": [], "out_of_scope": False}
    Need.objects.bulk_create(
        [
            Need(code=row["code"], **{name: (defaults | row)[name] for name in NEED_FIELDS})
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=NEED_FIELDS,
    )
    Need.objects.filter(edited_at__isnull=True).exclude(
        code__in=[row["code"] for row in rows]
    ).update(is_active=False)
    keys = dict(Need.objects.values_list("code", "pk"))
    codes = [row["code"] for row in rows]
    NeedAnswer.objects.filter(need__code__in=codes).delete()
    NeedAnswer.objects.bulk_create(
        NeedAnswer(
            need_id=keys[row["code"]],
            rank=rank,
            kind_id=answer["kind"],
            why=answer["why"],
            when=answer.get("when", ""),
            only_some=answer.get("only_some", False),
            find_url=answer.get("find_url", ""),
        )
        for row in rows
        for rank, answer in enumerate(row.get("services", []))
    )


def load_synonyms() -> None:
    edited = set(Synonym.objects.filter(edited_at__isnull=False).values_list("typed", flat=True))
    Synonym.objects.bulk_create(
        [Synonym(**row) for row in shipped_synonyms() if row["typed"] not in edited],
        update_conflicts=True,
        unique_fields=["typed"],
        update_fields=["means", "replaces"],
    )
