"""Files of a release read as tables by DuckDB, all columns as text.

Owns the connection and the reading; refuses to interpret.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from guichet.indicators.figures import FIGURE_COLUMNS, KEY_COLUMNS, QUANTILE_COLUMNS

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


@contextmanager
def file_tables(temporary: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection without a database, whose overflow goes to `temporary`."""
    temporary.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET temp_directory = ?", [str(temporary)])
        connection.execute("SET memory_limit = ?", [MEMORY])
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        yield connection
    finally:
        connection.close()


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def table_of(kind: str, paths: Sequence[Path]) -> str:
    """SQL of the rows of these CSV files of one `kind`; no row when there is no file."""
    columns = COLUMNS[kind]
    if not paths:
        empty = ", ".join(f"''::VARCHAR AS {quoted_name(name)}" for name in columns)
        return f"(SELECT {empty} WHERE false)"
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    files = ", ".join(quoted(str(path)) for path in paths)
    return (
        f"read_csv([{files}], columns={{{types}}}, auto_detect=false, header=true, delim=',', "
        f"quote='', escape='', nullstr={quoted(NO_NULL)})"
    )


def quoted_name(name: str) -> str:
    return '"' + name + '"'
