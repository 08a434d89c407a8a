"""DuckDB for checks: small, spilling beside the prepared files.

Owns the size of its memory; refuses files outside the folders it is given. No Django.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import duckdb

from guichet.core.duck import confined

MEMORY = "320MB"
THREADS = 2


def engine(folder: Path, *reads: Path) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A connection that writes and spills into `folder` and reads under `reads` too;
    `lake.workshop` says that the disk is full."""
    return confined(
        memory=MEMORY, spill=folder / "spill", folders=[folder, *reads], threads=THREADS
    )
