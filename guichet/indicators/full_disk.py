"""Whether an error says that the disk is full, in the system's code or in DuckDB's words.

Owns these words; refuses to know what was written, and where, and to load DuckDB for it.
"""

from __future__ import annotations

import errno

NO_ROOM = ("No space left", "Disk quota", "failed to offload")
"""How DuckDB says that the disk, or the part that it may spill into, is full."""


def is_full_disk(error: BaseException) -> bool:
    """True of the system's error, and of DuckDB's, which says it in words only."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return is_of_duckdb(error) and any(words in str(error) for words in NO_ROOM)


def is_of_duckdb(error: BaseException) -> bool:
    packages = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return not packages.isdisjoint({"duckdb", "_duckdb"})
