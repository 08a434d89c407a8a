"""Figures of one part: what they depend on, and their files.

Owns the digest that says whether figures must be computed again; refuses formulas.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from guichet.core.periods import period
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.figures import (
    FIGURE_COLUMNS,
    QUANTILE_COLUMNS,
    figure_slices,
    quantile_slices,
)
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.method import FIGURES_VERSION, METHOD_VERSION
from guichet.indicators.rollup.freezing import part_rows
from guichet.publication.releasing.csv_text import line_of
from guichet.publication.releasing.parts import PartKey

Pools = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class RowsOfYear:
    """The published rows of one part: their Parquet file, their hashes, the members of pools."""

    parquet: Path
    rows_sha256: str
    base_sha256: str
    pools: Pools


@dataclass(frozen=True)
class FiguresInputs:
    """All that the figures of a part follow from; `before` is the year before."""

    key: PartKey
    definition: Definition
    through: date
    rows: RowsOfYear
    before: RowsOfYear | None

    @property
    def digest(self) -> str:
        rows, before = self.rows, self.before
        known = {
            "figures": FIGURES_VERSION,
            "method": METHOD_VERSION,
            "definition": {name: str(value) for name, value in asdict(self.definition).items()},
            "rows": rows.rows_sha256,
            "base": rows.base_sha256,
            "pools": sorted_pools(rows.pools),
            "rows_before": before.rows_sha256 if before else "",
            "pools_before": sorted_pools(before.pools) if before else [],
            "whole_years": whole_years(self.key.year, self.through),
        }
        return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def sorted_pools(pools: Pools) -> list[Any]:
    return sorted([code, sorted(members)] for code, members in pools.items())


def whole_years(year: int, through: date) -> list[bool]:
    """What `through` changes in figures once rows are known: which years are to date."""
    codes = (f"{year:04}", f"{year:04}-W", f"{year - 1:04}", f"{year - 1:04}-W")
    return [period(code).last_day <= through for code in codes]


@dataclass(frozen=True)
class FigureFiles:
    figures: Path
    parquet: Path
    quantiles: Path | None


def write_figures(inputs: FiguresInputs, folder: Path) -> FigureFiles:
    """Compute the figures of a part into files of `folder`, some rows at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = part_rows(inputs.rows.parquet)
    before = part_rows(inputs.before.parquet) if inputs.before else None
    slices = figure_slices(
        rows,
        before,
        inputs.definition,
        network=inputs.key.network,
        through=inputs.through,
        pools=dict(inputs.rows.pools),
        previous_pools=dict(inputs.before.pools) if inputs.before else {},
    )
    files = FigureFiles(folder / "figures.csv", folder / "figures.parquet", None)
    write_tables(FIGURE_COLUMNS, slices, files.figures, files.parquet)
    if inputs.definition.kind is not Kind.DISTRIBUTION:
        return files
    quantiles = folder / "quantiles.csv"
    slices = quantile_slices(rows, inputs.definition, inputs.key.network)
    write_tables(QUANTILE_COLUMNS, slices, quantiles)
    return FigureFiles(files.figures, files.parquet, quantiles)


def write_tables(
    columns: Sequence[str], slices: Iterable[pa.Table], text: Path, parquet: Path | None = None
) -> None:
    """CSV as § 12 writes it (no quotes, LF, an empty text for what is not known), and Parquet."""
    schema = pa.schema([(name, pa.string()) for name in columns])
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none")
    with ExitStack() as opened:
        lines = opened.enter_context(text.open("wb"))
        lines.write(line_of(columns))
        writer = None
        if parquet:
            writer = pyarrow.parquet.ParquetWriter(parquet, schema, compression="zstd")
            opened.enter_context(writer)
        for piece in slices:
            table = piece.cast(schema)
            pyarrow.csv.write_csv(table, lines, options)
            if writer:
                writer.write_table(table)


def pools_by_code(members: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """(pool, member) pairs as members by pool."""
    found: dict[str, list[str]] = {}
    for pool, member in members:
        found.setdefault(pool, []).append(member)
    return {pool: tuple(sorted(names)) for pool, names in found.items()}
