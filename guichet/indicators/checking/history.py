"""What counted before a batch, read from the lake beside the rows being checked.

Owns which files are read and the views `history` and `overlap`; refuses to compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from guichet.core.duck import quoted
from guichet.core.periods import period
from guichet.directory.models import Network
from guichet.indicators import lake
from guichet.indicators.checking.rows import SLOTS, keep_table
from guichet.indicators.models import Batch

PERIODS = pa.schema(
    [
        ("version_key", pa.int64()),
        ("indicator", pa.string()),
        ("version", pa.int32()),
        ("period", pa.string()),
        ("ordinal", pa.int32()),
    ]
)


@dataclass(frozen=True)
class PastFile:
    """Rows of one counting batch; `cells` are its (indicator, version, period)."""

    number: int
    path: Path
    cells: frozenset[tuple[str, int, str]]


def past_files(
    network: Network, source: str, versions: Iterable[tuple[str, int]]
) -> list[PastFile]:
    """The counting batches of a network and source that hold one of these versions."""
    wanted = set(versions)
    batches = (
        Batch.objects.counting()
        .filter(network=network, source=source, content=Batch.Content.OBSERVATIONS)
        .exclude(rows_file="")
        .order_by("number")
    )
    found = []
    for batch in batches.only("number", "rows_file", "contents"):
        cells = frozenset(
            (code, number, when)
            for code, number, when, _ in batch.contents
            if (code, number) in wanted
        )
        if cells:
            found.append(PastFile(batch.number or 0, lake.rows_path(batch), cells))
    return found


def make_history(
    engine: duckdb.DuckDBPyConnection,
    files: list[PastFile],
    version_keys: dict[tuple[str, int], int],
) -> None:
    """The view `history`: rows of the files as keys (version_key, sid, cut_code, ordinal), with
    the number of their batch; the tables `past_periods` and `past_files` beside it."""
    cells = {cell for file in files for cell in file.cells}
    rows = [
        (version_keys[code, number], code, number, when, period(when).first_day.toordinal())
        for code, number, when in sorted(cells)
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(PERIODS)
    arrays = [pa.array(values, one.type) for values, one in zip(columns, PERIODS, strict=True)]
    keep_table(engine, "past_periods", pa.Table.from_arrays(arrays, schema=PERIODS))
    numbers = pa.table(
        {
            "filename": pa.array([str(file.path) for file in files], pa.string()),
            "batch": pa.array([file.number for file in files], pa.int64()),
        }
    )
    keep_table(engine, "past_files", numbers)
    make_view(engine, "history", files)


def make_overlap(
    engine: duckdb.DuckDBPyConnection, files: list[PastFile], cells: set[tuple[str, int, str]]
) -> bool:
    """The view `overlap`: as `history`, of the files that hold one of the cells. False if none."""
    read = [file for file in files if file.cells & cells]
    make_view(engine, "overlap", read)
    return bool(read)


def make_view(engine: duckdb.DuckDBPyConnection, name: str, files: list[PastFile]) -> None:
    counters = ", ".join(f"h.c{slot}" for slot in SLOTS)
    source = ", ".join(quoted(file.path) for file in files)
    origin = (
        f"read_parquet([{source}], filename = true) h"
        if files
        else f"(SELECT '' AS filename, '' AS indicator, 1 AS version, '' AS period, '' AS cut, "
        f"'' AS structure, {', '.join(f'0::BIGINT AS c{slot}' for slot in SLOTS)} LIMIT 0) h"
    )
    engine.execute(
        f"""
        CREATE VIEW {name} AS
        SELECT p.version_key, s.sid, h.cut AS cut_code, p.ordinal, p.period, f.batch, {counters}
        FROM {origin}
        JOIN past_periods p USING (indicator, version, period)
        JOIN structures s ON s.code = h.structure
        JOIN past_files f USING (filename)
        """
    )
