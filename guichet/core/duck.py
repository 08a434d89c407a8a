"""DuckDB over files: in memory, bounded, confined to the folders that are named.

Owns the connection's limits; refuses every other file, the network and extensions, whatever a
statement says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb


@contextlib.contextmanager
def confined(
    *, memory: str, spill: Path, folders: Sequence[Path], threads: int = 0, keeps_order: bool = True
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that reads and writes under `folders` only, and overflows into `spill`.

    `memory` as DuckDB writes it ("2GB"); `threads` 0 for its own choice; without `keeps_order`
    rows come in any order where no statement asks for one.
    """
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "temp_directory": str(spill),
            "preserve_insertion_order": keeps_order,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            **({"threads": threads} if threads else {}),
        }
    )
    try:
        allowed = ", ".join(quoted(folder) for folder in [spill, *folders])
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET python_enable_replacements = false")
        connection.execute(f"SET allowed_directories = [{allowed}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def quoted(text: object) -> str:
    """A text of ours (a path, a code) as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"
