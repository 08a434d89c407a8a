"""The plain part of a CSV, read by blocks of lines ten times as fast as line by line.

Owns blocks without quotes whose lines are as wide as the titles; refuses to read the others,
which `csv_text` reads and tells. Plain Python.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from guichet.indicators.files.staged import LONGEST_CELL

BLOCK_BYTES = 1 << 21
LONGEST_LINE = 1 << 16
UTF_8 = "utf-8-sig"
"""The encoding whose blocks are read here: nothing is to be decoded."""


@dataclass
class Reached:
    """Where what is not read yet begins: its byte, and the number of the line before it."""

    offset: int
    line: int


def after_titles(path: Path, header_line: int) -> Reached | None:
    """The line below the titles; None when lines end otherwise than with a line feed."""
    with path.open("rb") as file:
        above = b"".join(file.readline() for _ in range(header_line))
    return Reached(len(above), header_line) if ends_are_usual(above) else None


def ends_are_usual(block: bytes) -> bool:
    return block.endswith(b"\n") and block.count(b"\r") == block.count(b"\r\n")


def plain_tables(
    path: Path, delimiter: str, schema: pa.Schema, reached: Reached
) -> Iterator[pa.Table]:
    """Tables of `schema` up to the first block that is not plain; `reached` follows."""
    with path.open("rb") as file:
        file.seek(reached.offset)
        while block := file.read(BLOCK_BYTES):
            block += file.readline(LONGEST_LINE)
            table = plain_table(block, delimiter, schema, reached.line + 1)
            if table is None:
                return
            yield table
            reached.offset += len(block)
            reached.line += table.num_rows


def plain_table(
    block: bytes, delimiter: str, schema: pa.Schema, first_line: int
) -> pa.Table | None:
    """The lines of a block, each a row; None when one of them says that it is no plain row."""
    if b'"' in block or b"\0" in block or not ends_are_usual(block):
        return None
    if block.startswith(codecs.BOM_UTF8):
        return None
    cells = cells_of(block, delimiter, schema.names[1:])
    if cells is None or cells.num_rows != block.count(b"\n"):
        return None
    if any(longest(column) > LONGEST_CELL for column in cells.columns):
        return None
    if pc.any(pc.equal(pc.utf8_trim_whitespace(cells.column(0)), "")).as_py():
        return None
    lines = pa.array(np.arange(first_line, first_line + cells.num_rows, dtype=np.int64))
    return pa.Table.from_arrays([lines, *cells.columns], schema=schema)


def cells_of(block: bytes, delimiter: str, names: list[str]) -> pa.Table | None:
    try:
        return pa.csv.read_csv(
            pa.py_buffer(block),
            read_options=pa.csv.ReadOptions(
                column_names=names, use_threads=False, block_size=len(block) + 1
            ),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, quote_char=False),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def longest(column: pa.ChunkedArray) -> int:
    return int(pc.max(pc.binary_length(column)).as_py() or 0)
