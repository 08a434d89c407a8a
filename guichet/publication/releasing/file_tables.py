"""Files of a release read as tables by DuckDB, all columns as text.

Owns the connection and the reading; refuses to interpret.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from guichet.core.duck import confined, quoted
from guichet.indicators.calculations.figures import FIGURE_COLUMNS, KEY_COLUMNS, QUANTILE_COLUMNS

KEY = KEY_COLUMNS
ROWS = (*KEY, "counters", "expected", "received")
BASE = (
    "network",
    "indicator",
    "version",
    "level",
    "place",
    "ancestors",
    "departement",
    "region",
    "period",
    "cut",
    "counters",
    "expected",
    "received",
)
POOLS = ("network", "indicator", "version", "year", "pool", "member")
COLUMNS = {
    "rows": ROWS,
    "base": BASE,
    "figures": FIGURE_COLUMNS,
    "pools": POOLS,
    "quantiles": QUANTILE_COLUMNS,
}
MEMORY = "2GB"
NO_NULL = "\\N"


def file_tables(
    temporary: Path, *folders: Path
) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A connection without a database that reads `folders`, and overflows to `temporary`."""
    return confined(memory=MEMORY, spill=temporary, folders=folders, keeps_order=False)


def table_of(kind: str, paths: Sequence[Path]) -> str:
    """SQL of the rows of these CSV files of one `kind`; no row when there is no file."""
    columns = COLUMNS[kind]
    if not paths:
        empty = ", ".join(f"''::VARCHAR AS {quoted_name(name)}" for name in columns)
        return f"(SELECT {empty} WHERE false)"
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    files = ", ".join(quoted(path) for path in paths)
    return (
        f"read_csv([{files}], columns={{{types}}}, auto_detect=false, header=true, delim=',', "
        f"quote='', escape='', nullstr={quoted(NO_NULL)})"
    )


def quoted_name(name: str) -> str:
    return '"' + name + '"'
