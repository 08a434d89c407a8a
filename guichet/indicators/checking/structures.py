"""The structures of a network as a table that the SQL of the checks joins.

Owns its columns; refuses rules.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from guichet.directory.models import Network, Structure

STRUCTURES = pa.schema(
    [
        ("sid", pa.int32()),
        ("code", pa.string()),
        ("level", pa.string()),
        ("opened_on", pa.date32()),
        ("closed_on", pa.date32()),
        ("in_scope", pa.bool_()),
    ]
)


def structures_table(network: Network, scope: Structure | None) -> pa.Table:
    """The network's structures: `sid` numbers them, `in_scope` those that the sender holds."""
    columns: list[list[object]] = [[] for _ in STRUCTURES]
    for row in structure_rows(network, scope):
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    arrays = [
        pa.array(column, field.type) for column, field in zip(columns, STRUCTURES, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=STRUCTURES)


def structure_rows(network: Network, scope: Structure | None) -> Iterator[tuple[object, ...]]:
    root = str(scope.path) if scope else ""
    rows = Structure.objects.filter(network=network).order_by("pk")
    values = rows.values_list("code", "level", "opened_on", "closed_on", "path")
    for sid, (code, level, opened_on, closed_on, path) in enumerate(values.iterator(5_000)):
        held = not root or f"{path}.".startswith(f"{root}.")
        yield sid, code, level, opened_on, closed_on, held
