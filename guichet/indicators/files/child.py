"""The process that reads a received file: it bounds itself, reads, writes what it found as JSON.

Owns the limits and what each end says; refuses to outlive them. Plain Python.
"""

from __future__ import annotations

import errno
import json
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from guichet.indicators.files.parquet import cell_count
from guichet.indicators.files.reading import stage
from guichet.indicators.files.staged import DISK_TROUBLES, UnreadableFile

STAGE, COUNT = "stage", "count"


def bound(megabytes: int, seconds: int) -> None:
    """Memory and time of this process: beyond, an allocation fails or the system ends it."""
    most = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(seconds)


def found_in(act: str, path: Path, out: Path) -> dict[str, Any]:
    """`staged`, `cells`, `refused` (French), `errno` of a disk in trouble, or `heavy`."""
    try:
        if act == COUNT:
            return {"cells": cell_count(path)}
        staged = stage(path, out)
    except UnreadableFile as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"heavy": True}
    except OSError as error:
        if error.errno not in DISK_TROUBLES:
            raise
        return {"errno": error.errno or errno.EIO}
    fields = {name: value for name, value in vars(staged).items() if name != "path"}
    return {"staged": fields}


def main(act: str, path: str, out: str, answer: str, megabytes: str, seconds: str) -> None:
    bound(int(megabytes), int(seconds))
    found = found_in(act, Path(path), Path(out))
    Path(answer).write_text(json.dumps(found), encoding="ascii")


if __name__ == "__main__":
    main(*sys.argv[1:])
