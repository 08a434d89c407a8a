"""`manifest.json` of a backup: what it holds, made by what, with the hash of every byte.

Owns its form and its verification. Refuses a manifest that was altered, and paths that leave the
backup. Plain Python.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from guichet.core.files import sha256_of

FORMAT = 1
NAME = "manifest.json"
DATABASE_DUMP = "database.dump"
SECRET_KEY = "secret_key"  # noqa: S105 - a file name
LAKE = "lake"
ERASURES = "erasures"
BLOCK_BYTES = 1 << 20
WITHOUT_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS})


class BadBackup(Exception):
    """The backup cannot be trusted; the text is a French sentence."""


@dataclass(frozen=True)
class SavedFile:
    """A file of the backup, by its path inside it."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """`rows` counts the rows of each saved table; `programs_major` is that of pg_dump."""

    made_by: str
    made_at: str
    server_major: int
    programs_major: int
    database_bytes: int
    migrations: tuple[tuple[str, str], ...]
    rows: dict[str, int]
    files: tuple[SavedFile, ...]
    format: int = FORMAT
    seal: str = ""

    @property
    def total_bytes(self) -> int:
        return bytes_on_disk(self.files)

    @property
    def lake_files(self) -> list[SavedFile]:
        return [file for file in self.files if file.path.startswith(f"{LAKE}/")]

    @property
    def lake_bytes(self) -> int:
        return bytes_on_disk(self.lake_files)

    @property
    def holds_secret_key(self) -> bool:
        return any(file.path == SECRET_KEY for file in self.files)


def bytes_on_disk(files: Iterable[SavedFile]) -> int:
    """Equal files are one on the disk, under several names."""
    return sum({file.sha256: file.bytes for file in files}.values())


def write_manifest(manifest: Manifest, folder: Path) -> None:
    sealed = replace(manifest, seal=seal_of(asdict(manifest)))
    text = json.dumps(asdict(sealed), ensure_ascii=False, indent=1)
    (folder / NAME).write_text(text, encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup, whole and unaltered; raises BadBackup."""
    path = folder / NAME
    if not path.is_file():
        raise BadBackup(f"{folder} n'est pas une sauvegarde de Guichet Ouvert : il manque {NAME}.")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] > FORMAT:
            raise BadBackup(
                "Cette sauvegarde a été faite par une version plus récente de Guichet Ouvert : "
                "mettez à jour cette installation d'abord."
            )
        if values["seal"] != seal_of(values):
            raise BadBackup(f"{path} a été modifié depuis la sauvegarde : elle n'est pas sûre.")
        return parsed(values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup(f"{path} est illisible : la sauvegarde est abîmée.") from error


def parsed(values: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **values,
            "migrations": tuple((app, name) for app, name in values["migrations"]),
            "rows": {str(name): int(count) for name, count in values["rows"].items()},
            "files": tuple(SavedFile(**file) for file in values["files"]),
        }
    )


def seal_of(values: dict[str, Any]) -> str:
    """Hash of everything else, so that a changed count or name is seen."""
    unsealed = {name: value for name, value in values.items() if name != "seal"}
    canonical = json.dumps(unsealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def verify_files(manifest: Manifest, folder: Path) -> None:
    """Reads every file again; raises BadBackup that names all those missing or altered."""
    faults = [fault for file in manifest.files if (fault := fault_of(file, folder))]
    if faults:
        shown = "\n".join(faults[:20]) + ("\n…" if len(faults) > 20 else "")
        raise BadBackup(f"La sauvegarde est abîmée, rien n'a été changé :\n{shown}")


def fault_of(file: SavedFile, folder: Path) -> str:
    inside = PurePosixPath(file.path)
    if inside.is_absolute() or ".." in inside.parts or inside.as_posix() != file.path:
        return f"  {file.path} : chemin interdit"
    path = folder / inside
    if path.is_symlink() or not path.is_file():
        return f"  {file.path} : absent"
    if path.stat().st_size != file.bytes:
        return f"  {file.path} : {path.stat().st_size} octets au lieu de {file.bytes}"
    if sha256_of(path) != file.sha256:
        return f"  {file.path} : contenu modifié"
    return ""


def saved(path: Path, folder: Path) -> SavedFile:
    """The description of a file already in the backup `folder`."""
    return SavedFile(path.relative_to(folder).as_posix(), path.stat().st_size, sha256_of(path))


def copy_hashed(source: Path, target: Path) -> str:
    """Copies a file and returns the SHA-256 of what was written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("xb") as writer:
        for block in blocks_of(reader):
            digest.update(block)
            writer.write(block)
    shutil.copystat(source, target)
    return digest.hexdigest()


def link_again(first: Path, target: Path) -> None:
    """Another name for a file already copied; a second copy where the disk has no hard links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(first, target)
    except OSError as error:
        if error.errno not in WITHOUT_LINKS:
            raise
        shutil.copy2(first, target)


def blocks_of(file: BinaryIO) -> Iterable[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block
