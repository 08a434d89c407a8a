"""The staged form of a received file: text columns by position, and the line of each row.

Owns its writer; refuses to know what columns mean. Plain Python.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_AT_ONCE = 32_768
MOST_ROWS = 20_000_000
MOST_COLUMNS = 64
LONGEST_CELL = 2_000
FAULTS_KEPT = 1_000
DISK_TROUBLES = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
BROKEN = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    EOFError,
    SyntaxError,
    OverflowError,
    NotImplementedError,
    RecursionError,
    OSError,
)
TOO_LONG = "La case contient un texte démesuré : écrivez le code ou le nombre attendu."
TOO_MANY_ROWS = "Ce fichier a plus de 20 millions de lignes : envoyez-le en plusieurs fichiers."


class UnreadableFile(ValueError):
    """Why a file cannot be read at all, and how to save it again (French)."""


def refuse_too_many(rows: int) -> None:
    """A file announces or holds more lines than any network's in a month."""
    if rows > MOST_ROWS:
        raise UnreadableFile(TOO_MANY_ROWS)


@contextlib.contextmanager
def told_as(words: str, *others: type[Exception]) -> Iterator[None]:
    """What a broken file makes its reader raise, as `UnreadableFile(words)`; a disk that fails or
    is full stays an `OSError`, no memory left a `MemoryError`."""
    broken: tuple[type[Exception], ...] = (*BROKEN, *others)
    try:
        yield
    except (UnreadableFile, MemoryError):
        raise
    except broken as error:
        if isinstance(error, OSError) and error.errno in DISK_TROUBLES:
            raise
        raise UnreadableFile(words) from error


class CellFault(NamedTuple):
    """What is wrong in one cell (in the line, when `column` is empty), and how to mend it."""

    line: int
    column: str
    value: str
    message: str


@dataclass
class Staged:
    """`path` holds `line BIGINT, k0…kn VARCHAR`; `headers` are the titles, by position.

    `kind` is csv, xlsx or parquet; `faults` the first ones of reading, `fault_count` all.
    """

    path: Path
    kind: str
    headers: list[str]
    header_line: int
    row_count: int = 0
    faults: list[CellFault] = field(default_factory=list)
    fault_count: int = 0

    def add_fault(self, line: int, column: str, value: str, message: str) -> None:
        self.fault_count += 1
        if len(self.faults) < FAULTS_KEPT:
            self.faults.append(CellFault(line, column, value[:200], message))

    def cell(self, column: str, line: int) -> str:
        """What a spreadsheet calls the cell: « C22 »; empty where there is none."""
        for position, header in enumerate(self.headers):
            if header == column and self.kind != "parquet":
                return f"{letters(position)}{line}"
        return ""


def letters(position: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def empty_staged(path: Path, kind: str, headers: Sequence[str], header_line: int) -> Staged:
    """A staged file to write into. Raises `UnreadableFile` for too many columns."""
    titles = list(headers)
    while titles and not titles[-1].strip():
        titles.pop()
    if len(titles) > MOST_COLUMNS:
        raise UnreadableFile(
            f"Ce fichier a {len(titles)} colonnes : un fichier d'observations en a moins de "
            f"{MOST_COLUMNS}. Partez du fichier modèle de votre réseau."
        )
    return Staged(path, kind, [title.strip() for title in titles], header_line)


def write_rows(staged: Staged, records: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write the records (line, cells at the headers' width) of `staged`, in bounded memory.

    `UnreadableFile` past `MOST_ROWS`.
    """
    write_tables(staged, tables_of(records, schema_of(staged)))


def schema_of(staged: Staged) -> pa.Schema:
    cells = [(f"k{position}", pa.string()) for position in range(len(staged.headers))]
    return pa.schema([("line", pa.int64()), *cells])


def write_tables(staged: Staged, tables: Iterable[pa.Table]) -> None:
    """Write tables of the schema of `staged`. `UnreadableFile` past `MOST_ROWS`.

    An empty group of rows has no statistics, and DuckDB then reads the whole file ten times slower.
    """
    with pq.ParquetWriter(staged.path, schema_of(staged), compression="zstd") as writer:
        for table in tables:
            staged.row_count += table.num_rows
            refuse_too_many(staged.row_count)
            if table.num_rows:
                writer.write_table(table)


def tables_of(
    records: Iterable[tuple[int, Sequence[str]]], schema: pa.Schema
) -> Iterator[pa.Table]:
    lines: list[int] = []
    rows: list[Sequence[str]] = []
    for line, cells in records:
        lines.append(line)
        rows.append(cells)
        if len(rows) == ROWS_AT_ONCE:
            yield table_of(lines, rows, schema)
            lines, rows = [], []
    yield table_of(lines, rows, schema)


def table_of(lines: list[int], rows: list[Sequence[str]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * (len(schema) - 1)
    arrays = [pa.array(lines, pa.int64()), *(pa.array(column, pa.string()) for column in columns)]
    return pa.Table.from_arrays(arrays, schema=schema)
