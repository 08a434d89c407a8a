"""The lake: received files, accepted rows, and folders where work is prepared.

Owns paths and writes that last (temporary file, fsync, rename); refuses to change what is there.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings

from guichet.core.errors import RuleViolation
from guichet.core.files import synced
from guichet.indicators.full_disk import is_full_disk

if TYPE_CHECKING:
    from guichet.indicators.models import Batch

CHUNK_BYTES = 1 << 20
LOCK_NAME = ".lock"

FULL_DISK = (
    "Le disque du serveur est plein : rien n'a été enregistré. Prévenez la personne qui "
    "administre la plateforme, puis envoyez de nouveau."
)


def root() -> Path:
    return Path(settings.LAKE)


def rows_path(batch: Batch) -> Path:
    """Accepted rows of a batch of observations (Parquet)."""
    return root() / batch.rows_file


def received_path(batch: Batch) -> Path:
    """The file as it came."""
    return root() / batch.received_file


def rows_name(number: int) -> str:
    return f"batches/rows/{number}.parquet"


def received_name(sha256: str, suffix: str) -> str:
    return f"batches/received/{sha256}{suffix}"


def preparing_folder() -> Path:
    return root() / "batches" / "preparing"


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder of the lake where files are prepared, removed at the end.

    A lock on it says that its maker lives: what a killed one left is removed by the next.
    """
    parent = preparing_folder()
    with plain_words_when_full():
        parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers()
    with exclusive(parent / "starting"):
        folder = Path(tempfile.mkdtemp(dir=parent))
        lock = (folder / LOCK_NAME).open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        with plain_words_when_full():
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()


def remove_leftovers() -> None:
    """Remove the folders of workshops whose maker is dead."""
    with exclusive(preparing_folder() / "starting"):
        for folder in preparing_folder().iterdir():
            if folder.is_dir() and not is_held(folder / LOCK_NAME):
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_held(path: Path) -> bool:
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextlib.contextmanager
def plain_words_when_full() -> Iterator[None]:
    """`RuleViolation` in place of the system's or DuckDB's error when no room is left."""
    try:
        yield
    except Exception as error:
        if is_full_disk(error):
            raise RuleViolation(FULL_DISK) from error
        raise


def settle(prepared: Path, name: str) -> None:
    """Move a prepared file to `name` of the lake, on disk for good: whole or not at all."""
    target = root() / name
    target.parent.mkdir(parents=True, exist_ok=True)
    synced(prepared)
    prepared.replace(target)
    synced(target.parent)


def copy_hashed(source: IO[bytes], target: Path) -> tuple[str, int]:
    """Copy in bounded memory; returns the SHA-256 and the number of bytes."""
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    return digest.hexdigest(), size
