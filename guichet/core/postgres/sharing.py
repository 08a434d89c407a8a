"""One embedded server for all the `guichet` commands of a home: first in starts, last out stops.

Owns the locks. Refuses to stop a server that another command uses, or from a forked child.
"""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from guichet.core.postgres import cluster, layout, server
from guichet.core.postgres.binaries import find_binaries, reachable_binaries
from guichet.core.postgres.failures import LauncherError, refused_by_system
from guichet.core.postgres.layout import Layout

PATIENCE_SECONDS = 400
logger = logging.getLogger(__name__)


@contextmanager
def embedded_postgres(home: Path, *, bin_dir: Path | None = None) -> Iterator[str]:
    """Runs the server of a home while the block lasts; yields the URL of its database.

    `bin_dir` imposes PostgreSQL's programs. Raises LauncherError, in French, when the server
    cannot be had. A server that others use outlives the block.
    """
    place = layout.locate(home)
    entered_by = os.getpid()
    with _naming_refusals(place.base):
        place.prepare()
        users = _open_lock(place, "users.lock")
    programs: Path | None = None
    try:
        with _naming_refusals(place.base), _turn(place):
            alone = _try_alone(users)
            _wait_for(users, fcntl.LOCK_SH, place)
            _claim(place, alone=alone)
            programs = _programs(place, bin_dir)
            if not cluster.exists(place):
                cluster.create(place, programs)
            socket_folder = server.ensure_running(place, programs)
        yield _url(socket_folder)
    finally:
        if os.getpid() == entered_by:
            _leave(place, users, programs)


def _url(socket_folder: Path) -> str:
    """The port is written so that a PGPORT of the environment cannot divert the client."""
    port = cluster.SETTINGS["port"]
    folder = quote(str(socket_folder))
    return f"postgresql://{cluster.SUPERUSER}@:{port}/{server.DATABASE}?host={folder}"


def _programs(place: Layout, bin_dir: Path | None = None) -> Path:
    programs = find_binaries(place.cluster, bin_dir=bin_dir)
    if not place.account.differs:
        return programs
    return reachable_binaries(programs, place.account, system_folder=layout.SYSTEM_FOLDER)


def _claim(place: Layout, *, alone: bool) -> None:
    """Ties a cluster of the system folder to its home; one whose home was erased is set aside."""
    if not place.in_system_folder:
        return
    forgotten = layout.recorded_location(place.home) is None and cluster.exists(place)
    if forgotten and alone:
        if server.running(place):
            server.stop(place, _programs(place))
        kept = cluster.set_aside(place)
        logger.warning(
            "Le dossier %s a été effacé depuis sa dernière utilisation : une base neuve est créée "
            "et l'ancienne est gardée dans %s.",
            place.home,
            kept,
        )
    layout.record_location(place)


def _leave(place: Layout, users: int, programs: Path | None) -> None:
    """A server that does not stop is a warning: it must not hide how the block itself ended."""
    try:
        if programs is not None:
            with _naming_refusals(place.base), _turn(place):
                if _try_alone(users):
                    server.stop(place, programs)
    except LauncherError as error:
        logger.warning("%s", error)
    finally:
        # A forked child may keep this descriptor open: closing it would not give the lock back.
        fcntl.flock(users, fcntl.LOCK_UN)
        os.close(users)


def _try_alone(users: int) -> bool:
    """Whether nobody else uses the server; gives up our own share of the lock if somebody does."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(users, fcntl.LOCK_UN)
        return False
    return True


@contextmanager
def _turn(place: Layout) -> Iterator[None]:
    """Start and stop one at a time."""
    descriptor = _open_lock(place, "turn.lock")
    try:
        _wait_for(descriptor, fcntl.LOCK_EX, place)
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _wait_for(descriptor: int, kind: int, place: Layout) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        if time.monotonic() > deadline:
            raise LauncherError(
                f"Une autre commande guichet démarre ou arrête la base de {place.home} depuis "
                f"{PATIENCE_SECONDS} secondes : attendez-la ou arrêtez-la, puis relancez."
            )
        time.sleep(0.05)


def _open_lock(place: Layout, name: str) -> int:
    path = place.base / name
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if place.account.differs and not place.in_system_folder:
        os.fchown(descriptor, place.account.uid, place.account.gid)
    return descriptor


@contextmanager
def _naming_refusals(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refused_by_system(folder, error) from error
