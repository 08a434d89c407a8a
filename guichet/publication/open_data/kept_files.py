"""Files of the open tables, kept ready under the lake until the rows change.

Owns which file is the newest and how it is replaced at once; refuses to write half a file.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from guichet.core.extensions import OpenTable, open_tables
from guichet.publication.open_data.writers import FORMATS, OFFERED, PIECES, write_gzip, write_table

DRAFT = ".draft-"


@dataclass(frozen=True)
class KeptFile:
    """A file ready to send; `mark` changes with its contents."""

    path: Path
    mark: str
    byte_size: int
    made_at: datetime


def all_tables() -> list[OpenTable]:
    return sorted(open_tables, key=lambda table: (table.rank, table.title))


def table_named(name: str) -> OpenTable | None:
    return next((table for table in open_tables if table.name == name), None)


def folder_of(table: OpenTable) -> Path:
    """Its name begins with a dot: backups leave out what can be made again."""
    return Path(settings.LAKE) / ".open_data" / table.name


def stamp_of(table: OpenTable) -> str:
    """Of its rows, its columns and the files that are offered."""
    names = " ".join([*(f"{one.name}:{one.heading}" for one in table.columns), *OFFERED])
    return hashlib.sha256(f"{table.stamp()}|{names}".encode()).hexdigest()[:20]


def kept_file(table: OpenTable, extension: str) -> KeptFile | None:
    """The newest that was made, even when the rows have changed since; None before the first."""
    made = newest_folder(table)
    path = made / f"{table.name}.{extension}" if made else None
    if made is None or path is None:
        return None
    try:
        facts = path.stat()
    except OSError:
        return None
    at = datetime.fromtimestamp(facts.st_mtime, UTC)
    return KeptFile(path, f"{made.name}-{extension}", facts.st_size, at)


def newest_folder(table: OpenTable) -> Path | None:
    folders = [(path.stat().st_mtime_ns, path) for path in made_folders(table)]
    return max(folders)[1] if folders else None


def made_folders(table: OpenTable) -> Iterator[Path]:
    folder = folder_of(table)
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if not path.name.startswith("."))


def refresh(table: OpenTable) -> bool:
    """Make the files of a table again if its rows have changed; whether it was done."""
    stamp = stamp_of(table)
    target = folder_of(table) / stamp
    if target.is_dir():
        return False
    folder_of(table).mkdir(parents=True, exist_ok=True)
    draft = folder_of(table) / f"{DRAFT}{secrets.token_hex(6)}"
    try:
        draft.mkdir()
        for extension in FORMATS:
            path = draft / f"{table.name}.{extension}"
            write_table(table.columns, table.rows(), path)
            if extension in PIECES:
                write_gzip(path)
        former = list(made_folders(table))
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for folder in former:
        shutil.rmtree(folder, ignore_errors=True)
    return True


def refresh_all() -> list[str]:
    """The names of the tables whose files were made again. Drafts of a job that was killed go:
    the caller sees to it that only one runs."""
    for table in all_tables():
        if folder_of(table).is_dir():
            for draft in folder_of(table).glob(f"{DRAFT}*"):
                shutil.rmtree(draft, ignore_errors=True)
    return [table.name for table in all_tables() if refresh(table)]
