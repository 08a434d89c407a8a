"""Parquet read by batches of rows, each cell as text.

Owns simple columns (texts, numbers, days); refuses nested ones. Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from guichet.indicators.files.staged import (
    LONGEST_CELL,
    MOST_COLUMNS,
    ROWS_AT_ONCE,
    Staged,
    UnreadableFile,
    empty_staged,
    refuse_too_many,
    told_as,
)
from guichet.indicators.files.titles import are_titles
from guichet.indicators.files.xlsx import plain_text

MOST_GROUP_BYTES = 600_000_000
MOST_BATCH_BYTES = 200_000_000
"""Of the text of one column over `ROWS_AT_ONCE` rows: six thousand bytes a cell."""

FOOTER_STRING_BYTES = 10_000_000
FOOTER_LISTS = 200_000
LONG_TEXTS = "Une colonne contient des textes démesurés (plus de 2 000 caractères) : retirez-la."
NO_TITLES = (
    "Aucune colonne de ce fichier n'a le nom attendu : nommez-les « indicateur », « version », "
    "« structure », « periode »… comme dans le fichier modèle de votre réseau."
)
DAMAGED = (
    "Ce fichier Parquet est abîmé ou coupé : exportez-le de nouveau, ou envoyez un fichier CSV."
)


def stage_parquet(path: Path, out: Path) -> Staged:
    """Stage a Parquet file; its rows are numbered from 1. Raises `UnreadableFile`."""
    with told_as(DAMAGED, pa.ArrowException):
        schema = pq.read_schema(path)
        if not are_titles(schema.names):
            raise UnreadableFile(NO_TITLES)
        refuse_wide(schema)
        refuse_nested(schema)
        texts = [field.name for field in schema if is_text(field.type)]
        with pq.ParquetFile(
            path,
            read_dictionary=texts,
            thrift_string_size_limit=FOOTER_STRING_BYTES,
            thrift_container_size_limit=FOOTER_LISTS,
        ) as source:
            refuse_bombs(source.metadata)
            staged = empty_staged(out, "parquet", schema.names, 0)
            write_batches(source, staged)
            return staged


def cell_count(path: Path) -> int:
    """How many cells the footer announces. Raises `UnreadableFile`."""
    with told_as(DAMAGED, pa.ArrowException):
        metadata = pq.read_metadata(path)
        return int(metadata.num_rows * metadata.num_columns)


def is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def refuse_wide(schema: pa.Schema) -> None:
    if len(schema.names) > MOST_COLUMNS:
        raise UnreadableFile(
            f"Ce fichier a {len(schema.names)} colonnes : un fichier d'observations en a au plus "
            f"{MOST_COLUMNS}. Gardez celles du fichier modèle de votre réseau."
        )


def refuse_bombs(metadata: pq.FileMetaData) -> None:
    """By what the footer announces; `write_batches` counts the rows that come."""
    refuse_too_many(metadata.num_rows)
    groups = [metadata.row_group(rank).total_byte_size for rank in range(metadata.num_row_groups)]
    if max(groups, default=0) > MOST_GROUP_BYTES:
        raise UnreadableFile("Ce fichier est trop grand : envoyez-le en plusieurs fichiers.")


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
            refuse_too_many(staged.row_count)
            arrays = [
                pa.array(range(first, staged.row_count + 1), pa.int64()),
                *(text_array(column) for column in batch.columns[:width]),
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def text_array(column: pa.Array) -> pa.Array:
    """The column as text. `ArrowInvalid` for what is no UTF-8."""
    column.validate(full=True)
    if pa.types.is_dictionary(column.type):
        column.dictionary.validate(full=True)
        refuse_long_texts(column)
        column = column.dictionary_decode()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_integer(column.type):
        return column.cast(pa.string()).fill_null("")
    return pa.array(list(texts_of(column)), pa.string())


def refuse_long_texts(column: pa.DictionaryArray) -> None:
    """Before its decoding: a value over `LONGEST_CELL` characters, or a batch out of proportion."""
    values = column.dictionary
    if not len(values) or not is_text(values.type):
        return
    if (pc.max(pc.utf8_length(values)).as_py() or 0) > LONGEST_CELL:
        raise UnreadableFile(LONG_TEXTS)
    lengths = pc.binary_length(values).take(column.indices)
    if (pc.sum(lengths).as_py() or 0) > MOST_BATCH_BYTES:
        raise UnreadableFile(LONG_TEXTS)


def texts_of(column: pa.Array) -> Iterator[str]:
    for value in column.to_pylist():
        yield plain_text(value)
