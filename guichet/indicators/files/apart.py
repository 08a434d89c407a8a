"""A received file read in a process of its own, so that no file takes down the one that asks.

Owns that process, its limits and what its death means; refuses to read large or packed files here.
Plain Python.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import subprocess
import sys
import threading
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from guichet.indicators.files.child import COUNT, STAGE
from guichet.indicators.files.reading import PARQUET, WORKBOOK, stage
from guichet.indicators.files.staged import CellFault, Staged, UnreadableFile

SMALL_TEXT_BYTES = 1_500_000
"""About 30,000 lines: checked in a second or two."""

SMALL_PACKED_BYTES = 300_000
SMALL_UNPACKED_BYTES = 15_000_000
SMALL_CELLS = 500_000
"""About 30,000 lines of fifteen columns."""

SECONDS_OF_SMALL = 20
MOST_ANSWER_BYTES = 20_000_000
ROOT = Path(__file__).resolve().parents[3]
MODULE = "guichet.indicators.files.child"
TOO_HEAVY = (
    "Ce fichier demande trop de mémoire ou de temps pour être lu : s'il est bien le vôtre, "
    "enregistrez-le en CSV (« CSV UTF-8 »), au besoin en plusieurs fichiers."
)
ONE_BY_ONE = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Arenas and pools reserve memory ahead, which counts against the limit."""

logger = logging.getLogger(__name__)
two_at_once = threading.BoundedSemaphore(2)
"""Of one web process: each may take as much memory as its limit."""


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: memory (millions of bytes) and time."""

    megabytes: int
    seconds: int


def first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(8)


def is_small(path: Path, limits: Limits) -> bool:
    """Whether reading and checking take a second or two, told by the contents, not by the name.

    A workbook by the sizes that its archive announces (`zipfile` reads no further); a Parquet file
    by the cells that its footer announces, read apart. What is broken is small: refused at once.
    """
    size, first = path.stat().st_size, first_bytes(path)
    if first.startswith(WORKBOOK):
        return is_small_workbook(path)
    if first.startswith(PARQUET):
        return size <= SMALL_PACKED_BYTES and has_few_cells(path, limits)
    return size <= SMALL_TEXT_BYTES


def shortened(limits: Limits) -> Limits:
    return replace(limits, seconds=min(limits.seconds, SECONDS_OF_SMALL))


def unpacked_bytes(path: Path) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return 0


def is_small_workbook(path: Path) -> bool:
    is_packed_small = path.stat().st_size <= SMALL_PACKED_BYTES
    return is_packed_small and unpacked_bytes(path) <= SMALL_UNPACKED_BYTES


def has_few_cells(path: Path, limits: Limits) -> bool:
    """A footer that takes too much is not small: the worker will say so."""
    try:
        found = asked(COUNT, path, path, shortened(limits))
    except UnreadableFile as error:
        return str(error) != TOO_HEAVY
    return int(found["cells"]) <= SMALL_CELLS


def stage_apart(path: Path, out: Path, limits: Limits) -> Staged:
    """As `reading.stage`, in a process bounded by `limits`. Raises `UnreadableFile`, also when that
    process dies or lasts; `OSError` when the disk is full.

    A small text is read here: its longest line, its cells and the blocks of rows it gives are no
    larger than itself, some fifty times over once they are Python's.
    """
    first = first_bytes(path)
    if first.startswith(WORKBOOK):
        limits = shortened(limits) if is_small_workbook(path) else limits
    elif not first.startswith(PARQUET) and path.stat().st_size <= SMALL_TEXT_BYTES:
        return stage(path, out)
    fields = asked(STAGE, path, out, limits)["staged"]
    fields["faults"] = [CellFault(*fault) for fault in fields["faults"]]
    return Staged(path=out, **fields)


def asked(act: str, path: Path, out: Path, limits: Limits) -> dict[str, Any]:
    """What the child found. Raises `UnreadableFile` or `OSError`."""
    answer = out.with_name(f"{secrets.token_hex(8)}.json")
    try:
        with two_at_once:
            run(act, path, out, answer, limits)
        if not answer.is_file() or answer.stat().st_size > MOST_ANSWER_BYTES:
            raise UnreadableFile(TOO_HEAVY)
        found: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    finally:
        answer.unlink(missing_ok=True)
    if "refused" in found:
        raise UnreadableFile(found["refused"])
    if "errno" in found:
        raise OSError(found["errno"], os.strerror(found["errno"]))
    if "heavy" in found:
        raise UnreadableFile(TOO_HEAVY)
    return found


def run(act: str, path: Path, out: Path, answer: Path, limits: Limits) -> None:
    """Run the child to its end, or end it; it knows neither settings nor secrets."""
    amounts = (str(limits.megabytes), str(limits.seconds))
    environment = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **ONE_BY_ONE}
    try:
        ended = subprocess.run(
            [sys.executable, "-m", MODULE, act, str(path), str(out), str(answer), *amounts],
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=limits.seconds + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableFile(TOO_HEAVY) from None
    if ended.returncode:
        logger.warning("The process that read %s ended with %s", path.name, ended.returncode)
        raise UnreadableFile(TOO_HEAVY)
