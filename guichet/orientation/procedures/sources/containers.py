"""The files of a folder, a zip or a tar, one by one, without ever writing any to disk.

Owns their safety: refuses names that leave the archive, links, and contents out of proportion.
"""

from __future__ import annotations

import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from guichet.core.words import grouped
from guichet.directory.sources.reading import cut

from .base import UnreadableSource

MAX_FILE_BYTES = 16 << 20
MAX_FILES = 50_000
MAX_CONTENT_BYTES = 2 << 30
# Pretty-printed sheets compress twenty times; a bomb, a thousand.
MAX_EXPANSION = 100
EXPANSION_TOLERATED_BYTES = 64 << 20

Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a container: its name in it, with slashes, and its bytes."""

    name: str
    content: bytes


def is_tar(path: Path) -> bool:
    """True for a tar, plain or compressed by gzip."""
    with path.open("rb") as raw:
        start = raw.read(512)
    if start.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as opened:
                start = opened.read(512)
        except (OSError, EOFError, zlib.error):
            return False
    return start[257:262] == b"ustar"


def is_zip(path: Path) -> bool:
    with path.open("rb") as raw:
        return raw.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def folder_members(folder: Path, wanted: Wanted) -> Iterator[Member]:
    """The wanted files of a folder and of those it holds, by name. Raises `UnreadableSource`."""
    top = folder.resolve()
    toll = Toll(None)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not wanted(name) or path.is_dir():
            continue
        if not path.is_file() or not path.resolve().is_relative_to(top):
            raise UnreadableSource(
                f"« {cut(name)} » est un lien qui sort du dossier : remplacez-le par le fichier."
            )
        try:
            with path.open("rb") as opened:
                yield Member(name, toll.read(opened, name))
        except OSError as error:
            raise UnreadableSource(
                f"Lecture refusée : {cut(name)}. Donnez à ce compte le droit de lire le dossier."
            ) from error


def zip_members(path: Path, wanted: Wanted) -> Iterator[Member]:
    """The wanted files of a zip, in its order. Raises `UnreadableSource`."""
    toll = Toll(path.stat().st_size)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            for info in infos:
                refuse_tricks(info.filename, is_link=stat.S_ISLNK(info.external_attr >> 16))
            for info in infos:
                if not info.is_dir() and wanted(info.filename):
                    toll.announce(info.filename, info.file_size)
                    with archive.open(info) as opened:
                        yield Member(info.filename, toll.read(opened, info.filename))
    except (RuntimeError, NotImplementedError) as error:
        raise UnreadableSource(
            "L'archive zip est protégée par un mot de passe ou compressée d'une façon inconnue. "
            "Décompressez-la et donnez le dossier obtenu."
        ) from error
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise UnreadableSource(
            "L'archive zip est coupée ou abîmée. Téléchargez-la de nouveau."
        ) from error


def tar_members(path: Path, wanted: Wanted) -> Iterator[Member]:
    """The wanted files of a tar, plain or .gz, in its order. Raises `UnreadableSource`."""
    toll = Toll(path.stat().st_size)
    try:
        with tarfile.open(path) as archive:
            for info in archive:
                refuse_tricks(info.name, is_link=not (info.isfile() or info.isdir()))
                toll.announce(info.name, info.size)
                if info.isfile() and wanted(info.name) and (opened := archive.extractfile(info)):
                    with opened:
                        yield Member(info.name, toll.read(opened, info.name))
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as error:
        raise UnreadableSource(
            "L'archive tar est coupée ou abîmée. Téléchargez-la de nouveau."
        ) from error


def refuse_tricks(name: str, *, is_link: bool) -> None:
    """Refuse a name that leaves its archive, and whatever is not a file or a folder."""
    path = PurePosixPath(name)
    leaves = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    if leaves or is_link:
        what = "n'est ni un fichier ni un dossier" if is_link else "sort de l'archive"
        raise UnreadableSource(
            f"L'archive contient « {cut(name)} », qui {what} : elle est refusée par prudence. "
            "Vérifiez d'où elle vient."
        )


class Opened(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Toll:
    """What was read so far of a container of `compressed_bytes` (None: not compressed)."""

    def __init__(self, compressed_bytes: int | None) -> None:
        self._compressed = compressed_bytes
        self._files = 0
        self._announced = 0
        self._read = 0

    def announce(self, name: str, size: int) -> None:
        """Refuse what the archive itself says to be too much, before reading it."""
        self._announced += size
        self._refuse_excess(name, size, self._announced)

    def read(self, opened: Opened, name: str) -> bytes:
        """The whole content of one file."""
        content = opened.read(MAX_FILE_BYTES + 1)
        self._files += 1
        self._read += len(content)
        self._refuse_excess(name, len(content), self._read)
        return content

    def _refuse_excess(self, name: str, size: int, total: int) -> None:
        if size > MAX_FILE_BYTES:
            raise UnreadableSource(
                f"« {cut(name)} » dépasse {grouped(MAX_FILE_BYTES)} octets : ce n'est pas une "
                "fiche. Vérifiez le catalogue."
            )
        if self._files > MAX_FILES or total > MAX_CONTENT_BYTES:
            raise UnreadableSource(
                f"Plus de {grouped(MAX_FILES)} fichiers ou de {grouped(MAX_CONTENT_BYTES)} octets "
                "de contenu : ce n'est pas un catalogue de fiches. Vérifiez le fichier."
            )
        if self._compressed is None or total <= EXPANSION_TOLERATED_BYTES:
            return
        if total > MAX_EXPANSION * max(self._compressed, 1):
            raise UnreadableSource(
                f"Le contenu décompressé fait plus de {MAX_EXPANSION} fois la taille de l'archive "
                ": la lecture est arrêtée par prudence. Vérifiez d'où elle vient."
            )
