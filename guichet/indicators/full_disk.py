"""Whether an error says that the disk is full, in the system's code or in DuckDB's words.

Owns these words; refuses to know what was written, and where.
"""

from __future__ import annotations

import errno

import duckdb

NO_ROOM = ("No space left", "Disk quota", "failed to offload")
"""How DuckDB says that the disk, or the part that it may spill into, is full."""


def is_full_disk(error: BaseException) -> bool:
    """True of the system's error, and of DuckDB's, which says it in words only."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, duckdb.Error) and any(words in str(error) for words in NO_ROOM)
