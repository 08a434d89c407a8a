"""All open data in one folder: tables, schemas, catalogue and releases.

Owns that the folder is whole or is not there; refuses to overwrite a folder that is not an export.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from guichet.core.errors import RuleViolation
from guichet.publication.open_data.catalogue import (
    catalogue_document,
    published_releases,
    schema_of,
)
from guichet.publication.open_data.kept_files import all_tables
from guichet.publication.open_data.release_files import files_of
from guichet.publication.open_data.writers import FORMATS, write_table

CATALOGUE = "catalogue.json"
RELEASES = "millesimes"
Say = Callable[[str], None]


def export(target: Path, *, releases: str = "current", say: Say) -> None:
    """Write `target`; the export that stood there is replaced at once.

    `releases` are those whose files are copied: "none", "current" or "all".
    """
    target = target.resolve()
    refuse_foreign(target)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        draft.mkdir(parents=True)
        write_tables(draft, say)
        copy_releases(draft / RELEASES, releases, say)
        write_json(draft / CATALOGUE, catalogue_document())
        swap(draft, target)
    except OSError as error:
        raise RuleViolation(
            f"L'export n'a pas pu être écrit : {error.strerror or error}. Ce qui était dans "
            f"{target} n'a pas changé."
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    say(f"Écrit dans {target}.")


def refuse_foreign(target: Path) -> None:
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not (target / CATALOGUE).is_file():
        raise RuleViolation(
            f"{target} existe et n'est pas un export de données ouvertes : donnez un autre dossier."
        )


def write_tables(draft: Path, say: Say) -> None:
    for table in all_tables():
        count = 0
        for extension in FORMATS:
            path = draft / f"{table.name}.{extension}"
            write_table(table.columns, table.rows(), path)
            count += path.stat().st_size
        write_json(draft / f"{table.name}.schema.json", schema_of(table))
        say(f"{table.title} : {table.name}.csv, .parquet et .json ({count:,} octets)")


def copy_releases(draft: Path, wanted: str, say: Say) -> None:
    for release in published_releases():
        if wanted == "none" or (wanted == "current" and not release.is_current):
            continue
        files = files_of(release)
        if files is None:
            say(f"Édition {release.name} : ses fichiers ne sont pas sur ce serveur.")
            continue
        for name in files.hashes:
            copy = draft / release.name / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(files.folder / name, copy)
        say(f"Édition {release.name} : {len(files.hashes)} fichiers dans {RELEASES}/")


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def swap(draft: Path, target: Path) -> None:
    """Two renames: a reader finds the former export or the new one."""
    if not target.exists():
        draft.rename(target)
        return
    former = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    target.rename(former)
    draft.rename(target)
    shutil.rmtree(former, ignore_errors=True)
