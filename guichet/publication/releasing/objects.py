"""Files of releases, kept once under the SHA-256 of their bytes and shared by hard links.

Owns writing them so that a name never holds half a file; refuses to change one.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from guichet.core.files import sha256_of, synced

READ_ONLY = 0o444
WITHOUT_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS})


class ObjectStore:
    """`folder/<first two digits>/<sha256>`. Files are read-only: a link altered would alter every
    release that shares it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def holds(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def take(self, file: Path) -> str:
        """Move `file`, of the same file system, into the store; its SHA-256."""
        digest = sha256_of(file)
        kept = self.path(digest)
        if kept.is_file():
            file.unlink()
            return digest
        synced(file)
        file.chmod(READ_ONLY)
        kept.parent.mkdir(parents=True, exist_ok=True)
        file.rename(kept)
        synced(kept.parent)
        return digest

    def add(self, content: bytes) -> str:
        """Keep `content`; its SHA-256."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".{secrets.token_hex(8)}"
        try:
            draft.write_bytes(content)
            return self.take(draft)
        finally:
            draft.unlink(missing_ok=True)

    def adopt(self, file: Path, sha256: str) -> bool:
        """Link a file kept elsewhere into the store, if its bytes are those of the name."""
        if not file.is_file() or sha256_of(file) != sha256:
            return False
        kept = self.path(sha256)
        kept.parent.mkdir(parents=True, exist_ok=True)
        linked(file, kept)
        return True

    def link(self, sha256: str, target: Path) -> None:
        """Put the object under `target` too."""
        target.parent.mkdir(parents=True, exist_ok=True)
        linked(self.path(sha256), target)

    def stored(self) -> Iterator[str]:
        """The SHA-256 of every object, without reading them again."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            yield path.name

    def keep_only(self, wanted: Collection[str]) -> int:
        """Remove the objects that are not `wanted`, and drafts; how many objects went."""
        removed = 0
        for sha256 in list(self.stored()):
            if sha256 not in wanted:
                self.path(sha256).unlink(missing_ok=True)
                removed += 1
        for draft in self.folder.glob(".*"):
            draft.unlink(missing_ok=True)
        return removed


def linked(source: Path, target: Path) -> None:
    """One file under two names; a copy where the disk has no hard links."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in WITHOUT_LINKS:
            raise
        shutil.copy2(source, target)
        synced(target)
