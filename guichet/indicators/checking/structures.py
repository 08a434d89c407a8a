"""The structures of a network as a table that the SQL of the checks joins.

Owns its columns; refuses rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from guichet.directory.models import Network, Structure
from guichet.indicators.checking.known import KnownGrain
from guichet.indicators.checking.published_sums import ABOVE

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


def places_of_publication(network: Network, grains: Iterable[KnownGrain]) -> pa.Table:
    """For each grain published at a coarser level than it is sent, the place of each structure:
    itself, or its nearest ancestor of that level. Empty without such a grain, and then unasked."""
    coarser = [grain for grain in grains if grain.is_published_coarser]
    rows: list[tuple[int, str, str]] = []
    if coarser:
        found = Structure.objects.filter(network=network).values_list("code", "level", "path")
        by_path = {str(path): (code, level) for code, level, path in found}
        for path, (code, _) in by_path.items():
            held = {grain.publication_level: "" for grain in coarser}
            nearest = path
            while nearest:
                place, level = by_path.get(nearest, ("", ""))
                held[level] = held.get(level) or place
                nearest = nearest.rpartition(".")[0]
            rows += [
                (grain.key, code, held[grain.publication_level])
                for grain in coarser
                if held[grain.publication_level]
            ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(ABOVE)
    arrays = [pa.array(values, one.type) for values, one in zip(columns, ABOVE, strict=True)]
    return pa.Table.from_arrays(arrays, schema=ABOVE)


def named(codes: Iterable[str]) -> dict[str, str]:
    """« Caf – Lille (caf-lille) » by code, in one query."""
    asked = set(codes)
    found = Structure.objects.filter(code__in=asked).values_list("code", "name") if asked else ()
    return {code: f"{name} ({code})" for code, name in found}
