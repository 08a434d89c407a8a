"""A ZIP written while it is read: many files, bounded memory, no temporary file.

Owns the bytes; refuses to choose the files, and Django.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

BLOCK_BYTES = 1 << 18
COMPRESSED_ALREADY = {".parquet", ".zip", ".gz"}


class Outlet(io.RawIOBase):
    """What is written to it waits to be taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(cast(bytes, piece))
        self._pieces.append(content)
        return len(content)

    def taken(self) -> bytes:
        content = b"".join(self._pieces)
        self._pieces.clear()
        return content


def archive(
    files: Iterable[tuple[str, Path]], at: datetime, *, is_compressed: bool = True
) -> Iterator[bytes]:
    """The pieces of a ZIP of these (name in it, path), all dated `at`: the same files give the
    same bytes."""
    outlet = Outlet()
    stamp = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(cast(BinaryIO, outlet), "w", allowZip64=True) as whole:
        for name, path in files:
            entry = zipfile.ZipInfo(name, date_time=stamp)
            entry.external_attr = 0o644 << 16
            gains = is_compressed and path.suffix not in COMPRESSED_ALREADY
            entry.compress_type = zipfile.ZIP_DEFLATED if gains else zipfile.ZIP_STORED
            with path.open("rb") as source, whole.open(entry, "w", force_zip64=True) as target:
                while block := source.read(BLOCK_BYTES):
                    target.write(block)
                    if piece := outlet.taken():
                        yield piece
    yield outlet.taken()
