"""Rows of an open table as CSV, JSON or Parquet, piece by piece.

Owns the bytes; refuses to hold a table in memory, and Django.
"""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from guichet.core.extensions import OpenColumn
from guichet.directory.csv_sheets import BOM, safe_cell

ROWS_AT_ONCE = 2_000
GZIP_LEVEL = 5
BLOCK_BYTES = 1 << 20
Rows = Iterable[Sequence[Any]]
Item = TypeVar("Item")


def batches_of(rows: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def written(value: Any) -> str:
    """A value in a cell: decimal point, ISO dates, "true" and "false", nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def csv_pieces(columns: Sequence[OpenColumn], rows: Rows) -> Iterator[bytes]:
    """Byte order mark, semicolons, every cell quoted; words that a spreadsheet would take for a
    formula begin with an apostrophe (numbers are ours, and stay numbers)."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    are_words = [column.kind == "string" for column in columns]
    buffer.write(BOM)
    writer.writerow([column.csv_name for column in columns])
    for batch in batches_of(rows, ROWS_AT_ONCE):
        for row in batch:
            cells = map(written, row)
            writer.writerow(
                safe_cell(cell) if is_word else cell
                for cell, is_word in zip(cells, are_words, strict=True)
            )
        yield taken(buffer)
    if rest := taken(buffer):
        yield rest


def taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def json_pieces(columns: Sequence[OpenColumn], rows: Rows) -> Iterator[bytes]:
    """An array of objects, one on each line, none of their keys left out."""
    names = [column.name for column in columns]
    start = "[\n"
    for batch in batches_of(rows, ROWS_AT_ONCE):
        lines = [
            json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=plain)
            for row in batch
        ]
        yield (start + ",\n".join(lines)).encode()
        start = ",\n"
    yield b"[]\n" if start == "[\n" else b"\n]\n"


def plain(value: Any) -> float | str:
    """What JSON lacks: decimals, dates."""
    return float(value) if isinstance(value, Decimal) else written(value)


PIECES: dict[str, Callable[[Sequence[OpenColumn], Rows], Iterator[bytes]]] = {
    "csv": csv_pieces,
    "json": json_pieces,
}
FORMATS = ("csv", "parquet", "json")
GZIP = ".gz"
OFFERED = ("csv.gz", "parquet", "json.gz", "csv", "json")
"""What is kept ready and offered, the lightest first; the export holds `FORMATS`."""

MEDIA_TYPES = {
    "csv.gz": "application/gzip",
    "json.gz": "application/gzip",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}


def write_table(columns: Sequence[OpenColumn], rows: Rows, path: Path) -> None:
    """Write `path`, whose extension says the format."""
    extension = path.suffix.removeprefix(".")
    if extension == "parquet":
        from guichet.publication.open_data.parquet_file import write_parquet

        write_parquet(columns, rows, path)
        return
    with path.open("wb") as file:
        for piece in PIECES[extension](columns, rows):
            file.write(piece)


def gzip_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes for the same content: without name nor date (RFC 1952)."""
    packer = zlib.compressobj(GZIP_LEVEL, wbits=zlib.MAX_WBITS | 16)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def write_gzip(path: Path) -> None:
    """The compressed file beside `path`."""
    with path.open("rb") as source, Path(f"{path}{GZIP}").open("wb") as target:
        for piece in gzip_pieces(iter(lambda: source.read(BLOCK_BYTES), b"")):
            target.write(piece)
