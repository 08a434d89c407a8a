"""DuckDB for checks: in memory, bounded, spilling beside the prepared files.

Owns the connection's limits; refuses the network and extensions. No Django.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

MEMORY = "320MB"
THREADS = 2


@contextlib.contextmanager
def engine(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills into `folder`; `lake.workshop` says that the disk is full."""
    spill = folder / "spill"
    spill.mkdir(exist_ok=True)
    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "threads": THREADS,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        yield connection
    finally:
        connection.close()


def quoted(text: object) -> str:
    """A text of ours (a path, a code) as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
