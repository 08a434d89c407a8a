"""Parquet read by batches of rows, each cell as text.

Owns simple columns (texts, numbers, days); refuses nested ones. Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from guichet.indicators.files.staged import ROWS_AT_ONCE, Staged, UnreadableFile, empty_staged
from guichet.indicators.files.xlsx import plain_text

MOST_ROWS = 200_000_000
DAMAGED = (
    "Ce fichier Parquet est abîmé ou coupé : exportez-le de nouveau, ou envoyez un fichier CSV."
)


def stage_parquet(path: Path, out: Path) -> Staged:
    """Stage a Parquet file; its rows are numbered from 1. Raises `UnreadableFile`."""
    try:
        with pq.ParquetFile(path) as source:
            if source.metadata.num_rows > MOST_ROWS:
                raise UnreadableFile(
                    "Ce fichier a trop de lignes : envoyez-le en plusieurs fichiers."
                )
            staged = empty_staged(out, "parquet", source.schema_arrow.names, 0)
            refuse_nested(source.schema_arrow)
            write_batches(source, staged)
            return staged
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, UnreadableFile) or getattr(error, "errno", None):
            raise
        raise UnreadableFile(DAMAGED) from error


def refuse_nested(schema: pa.Schema) -> None:
    for field in schema:
        if pa.types.is_nested(field.type) or pa.types.is_binary(field.type):
            raise UnreadableFile(
                f"La colonne « {field.name} » n'est ni un texte, ni un nombre, ni une date : "
                "convertissez-la."
            )


def write_batches(source: pq.ParquetFile, staged: Staged) -> None:
    width = len(staged.headers)
    schema = pa.schema(
        [("line", pa.int64()), *((f"k{position}", pa.string()) for position in range(width))]
    )
    with pq.ParquetWriter(staged.path, schema, compression="zstd") as writer:
        for batch in source.iter_batches(batch_size=ROWS_AT_ONCE):
            first = staged.row_count + 1
            staged.row_count += batch.num_rows
            arrays = [
                pa.array(range(first, staged.row_count + 1), pa.int64()),
                *(text_array(column) for column in batch.columns[:width]),
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def text_array(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_integer(column.type):
        return column.cast(pa.string()).fill_null("")
    return pa.array(list(texts_of(column)), pa.string())


def texts_of(column: pa.Array) -> Iterator[str]:
    for value in column.to_pylist():
        yield plain_text(value)
