"""Rows of an open table as Parquet; pages name the format without loading what writes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from guichet.core.extensions import OpenColumn
from guichet.publication.open_data.writers import Rows, batches_of

ROWS_OF_A_GROUP = 20_000
ARROW_TYPES = {
    "string": pyarrow.string(),
    "integer": pyarrow.int64(),
    "number": pyarrow.float64(),
    "boolean": pyarrow.bool_(),
    "date": pyarrow.date32(),
    "datetime": pyarrow.timestamp("s", tz="UTC"),
}


def write_parquet(columns: Sequence[OpenColumn], rows: Rows, path: Path) -> None:
    """Typed columns, each with its description; a group of rows at a time."""
    schema = pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                ARROW_TYPES[column.kind],
                metadata={"title": column.label, "description": column.description},
            )
            for column in columns
        ]
    )
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches_of(rows, ROWS_OF_A_GROUP):
            values = zip(*batch, strict=True)
            arrays = [
                pyarrow.array([arrow_value(each) for each in column], type=field.type)
                for column, field in zip(values, schema, strict=True)
            ]
            writer.write_table(pyarrow.table(arrays, schema=schema))


def arrow_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return float(value) if isinstance(value, Decimal) else value
