"""What was taken back or erased, noted outside the database, so that no restored backup undoes it.

Owns the log (a line an act, on the disk before its transaction ends), its merging and its end, and
the doing again; refuses personal data: a line is an instant, a kind, a random key and an act.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guichet.core.extensions import Registry, RetentionRule
from guichet.core.files import synced

LINE = re.compile(r"(\S+Z) ([a-z_]+) ([0-9a-f]{16,64}) ([a-z_]+) ([0-9a-f]{8})")
MONTH_FILE = re.compile(r"\d{4}-\d{2}\.txt")
DUE_MARK = "replay-due"
logger = logging.getLogger("guichet.erasures")
_replaying: ContextVar[bool] = ContextVar("replaying", default=False)


@dataclass(frozen=True)
class Erasure:
    """`key` is the random key (hexadecimal) that the thing carries: numbers are used again after a
    restore, it is not. `act` is a word of the app that registered `kind`."""

    kind: str
    key: str
    act: str
    at: datetime


@dataclass(frozen=True)
class Log:
    """What the files hold, oldest first; `unreadable` counts lines cut short or altered."""

    erasures: tuple[Erasure, ...]
    unreadable: int


@dataclass(frozen=True)
class Replayer:
    """How an app does again what the log says of things of one `kind`.

    `find(keys)` gives those that the database holds, with their key. `redo(thing, acts)` takes the
    acts on one of them, oldest first, and says whether anything had to change; each runs in its own
    transaction, mails nothing and may run twice. `remembered` gives what the database itself still
    knows was done: it mends a log that a full disk left short.
    """

    kind: str
    words: tuple[str, str]
    find: Callable[[Collection[str]], Iterable[tuple[str, Any]]]
    redo: Callable[[Any, Sequence[Erasure]], bool]
    remembered: Callable[[datetime], Iterable[Erasure]] = lambda since: ()


@dataclass(frozen=True)
class Replayed:
    """How many things were done again, by kind; how many could not be; lines that said nothing."""

    counts: dict[str, int]
    failed: int
    unreadable: int


replayers: Registry[Replayer] = Registry(lambda replayer: replayer.kind)


def log_folder() -> Path:
    return Path(settings.ERASURES)


def kept_for() -> timedelta:
    """As long as the oldest backup that may still be restored."""
    return timedelta(days=settings.BACKUPS_KEPT_DAYS)


def note(kind: str, key: str, act: str) -> None:
    """Write one act down, before the transaction that does it ends: killed in between, it is done
    again by a restore, which harms nobody; the other order would lose it.

    What a person asked for is never refused because the log cannot be written: the failure is
    logged, and the next backup finds the act in the database.
    """
    note_at(Erasure(kind, key, act, timezone.now()))


def note_at(erasure: Erasure) -> None:
    if is_replaying():
        return
    try:
        append([erasure])
    except OSError as error:
        subject = f"{erasure.kind} {error.strerror}"
        logger.exception("erasure not noted", extra={"subject": subject})


def note_undone(kind: str, key: str, act: str) -> None:
    """The same of an act that takes back an earlier one (published or opened again): once its
    transaction has ended, and dated from before its end, when what it changes is still held. Lost
    in between, a restore shows too little rather than too much."""
    now = timezone.now()
    transaction.on_commit(lambda: note_at(Erasure(kind, key, act, now)))


def append(erasures: Iterable[Erasure]) -> None:
    """Each in the file of its month, on the disk on return; raises OSError."""
    months: dict[str, list[str]] = defaultdict(list)
    for one in erasures:
        months[f"{one.at.astimezone(UTC):%Y-%m}.txt"].append(line_of(one))
    folder = log_folder()
    if months:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, lines in months.items():
        append_lines(folder / name, "".join(lines).encode())


def append_lines(path: Path, lines: bytes) -> None:
    """All of them or none; a line that was cut short before them stays apart."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        is_cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        left = b"\n" + lines if is_cut else lines
        try:
            while left:
                left = left[file.write(left) :]
            os.fsync(descriptor)
        except OSError:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise
    if is_new:
        synced(path.parent)


def line_of(erasure: Erasure) -> str:
    at = erasure.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    said = f"{at} {erasure.kind} {erasure.key} {erasure.act}"
    return f"{said} {checksum(said)}\n"


def checksum(said: str) -> str:
    return f"{zlib.crc32(said.encode()):08x}"


def read_log(folder: Path | None = None) -> Log:
    """The log of this installation, or the copy in `folder`; raises OSError."""
    erasures: set[Erasure] = set()
    unreadable = 0
    for path in month_files(folder or log_folder()):
        for line in path.read_bytes().decode("ascii", "replace").split("\n"):
            if erasure := erasure_in(line):
                erasures.add(erasure)
            elif line:
                unreadable += 1
    return Log(tuple(sorted(erasures, key=lambda one: one.at)), unreadable)


def erasure_in(line: str) -> Erasure | None:
    """None for a line that was cut short, or altered."""
    found = LINE.fullmatch(line)
    if found is None or checksum(line[: found.start(5) - 1]) != found[5]:
        return None
    try:
        return Erasure(found[2], found[3], found[4], datetime.fromisoformat(found[1]))
    except ValueError:
        return None


def month_files(folder: Path) -> list[Path]:
    """Oldest first; none when nothing was ever noted. What is no plain file (a link, a pipe) is not
    one of ours."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if is_month_file(path))


def is_month_file(path: Path) -> bool:
    is_plain = path.is_file() and not path.is_symlink()
    return is_plain and MONTH_FILE.fullmatch(path.name) is not None


def merge(folder: Path) -> int:
    """Add what the copy in `folder` holds and this log lacks; how many lines. Nothing is replaced:
    the copy of a backup is always the older one. Raises OSError."""
    known = set(read_log().erasures)
    missing = [one for one in read_log(folder).erasures if one not in known]
    append(missing)
    return len(missing)


def mend() -> int:
    """Note what the database remembers and the log lacks (the disk was full that day); how many
    lines. Raises OSError."""
    last: dict[tuple[str, str, str], datetime] = {}
    for one in read_log().erasures:
        last[one.kind, one.key, one.act] = one.at
    since = timezone.now() - kept_for()
    slack = timedelta(minutes=5)
    missing = [
        one
        for replayer in replayers
        for one in replayer.remembered(since)
        if (known := last.get((one.kind, one.key, one.act))) is None or known < one.at - slack
    ]
    append(missing)
    return len(missing)


def forget_old_months() -> int:
    """Erase the months that no backup still kept can need; how many files."""
    oldest = f"{timezone.now().astimezone(UTC) - kept_for():%Y-%m}.txt"
    old = [path for path in month_files(log_folder()) if path.name < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def retention_rule() -> RetentionRule:
    return RetentionRule(
        name="erasures",
        what="Journal des retraits, tenu hors de la base : pour chaque récit, abonnement ou compte "
        "retiré, effacé ou fermé, une clé tirée au hasard, la date et l'acte",
        why="Retirer à nouveau, après la remise en place d'une sauvegarde, ce qui l'avait été "
        "depuis",
        kept_for=kept_for(),
        erase=forget_old_months,
    )


def mark_due() -> None:
    """From now on nothing is served before `replay` has passed. Raises OSError."""
    folder = log_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / DUE_MARK).touch(mode=0o600)
    synced(folder)


def forget_due() -> None:
    (log_folder() / DUE_MARK).unlink(missing_ok=True)


def is_due() -> bool:
    """True from the loading of a backup until its log was replayed, whatever was killed between."""
    return (log_folder() / DUE_MARK).exists()


def replay() -> Replayed:
    """Do again everything that the log holds, whatever the date of the backup: clocks and copies
    may be wrong, and doing again what is done changes nothing. No mail leaves. Raises OSError."""
    log = read_log()
    acts: dict[str, dict[str, list[Erasure]]] = defaultdict(lambda: defaultdict(list))
    for one in log.erasures:
        acts[one.kind][one.key].append(one)
    counts: dict[str, int] = {}
    failed = 0
    with quietly():
        for replayer in replayers:
            of_kind = acts[replayer.kind]
            outcomes = [
                redone(replayer, thing, of_kind[key]) for key, thing in replayer.find(list(of_kind))
            ]
            counts[replayer.kind] = outcomes.count(True)
            failed += outcomes.count(None)
    if not failed:
        forget_due()
    return Replayed(counts, failed, log.unreadable)


def redone(replayer: Replayer, thing: Any, acts: Sequence[Erasure]) -> bool | None:
    """Whether anything had to change; None when it could not be."""
    try:
        with transaction.atomic():
            return replayer.redo(thing, acts)
    except Exception:
        subject = f"{replayer.kind} {acts[0].key}"
        logger.exception("erasure not done again", extra={"subject": subject})
        return None


@contextmanager
def quietly() -> Iterator[None]:
    """Within, no mail is queued and nothing is noted: what is done again was told, and is noted."""
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)


def is_replaying() -> bool:
    return _replaying.get()
