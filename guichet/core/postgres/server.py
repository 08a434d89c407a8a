"""The running PostgreSQL server of a cluster: found, started, given its database, stopped.

Owns the reading of `postmaster.pid`. Refuses to take another program for the server, and never
starts a second server on a cluster.
"""

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from guichet.core.postgres import cluster
from guichet.core.postgres.failures import LauncherError, explain
from guichet.core.postgres.layout import Layout

DATABASE = "guichet"
START_SECONDS = 300
STOP_SECONDS = 60
LARGEST_LOG_BYTES = 10_000_000
PID_FILE_LINES = 8
CREATE_DATABASE = f"""
SELECT 'CREATE DATABASE {DATABASE}'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
"""


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says of a server."""

    pid: int
    port: str
    socket_folder: Path
    status: str

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"

    def answers(self) -> bool:
        """Whether something listens on the socket."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(self.socket_folder / f".s.PGSQL.{self.port}"))
            except OSError:
                return False
        return True


def ensure_running(layout: Layout, bin_dir: Path) -> Path:
    """Finds or starts the server, makes our database; returns the folder of its socket."""
    postmaster = running(layout)
    if postmaster is None:
        _start(layout, bin_dir)
        postmaster = running(layout)
    if postmaster is None:
        raise explain("", doing="Le démarrage de PostgreSQL", folder=layout.base, log=layout.log)
    _create_database(layout, bin_dir, postmaster)
    return postmaster.socket_folder


def running(layout: Layout) -> Postmaster | None:
    """The live server of this cluster, once ready; waits for one that is starting or stopping."""
    deadline = time.monotonic() + START_SECONDS
    while (postmaster := _live_postmaster(layout)) and not postmaster.is_ready:
        if time.monotonic() > deadline:
            raise LauncherError(
                f"PostgreSQL (numéro {postmaster.pid}) ne finit ni de démarrer ni de s'arrêter : "
                f"voyez son journal {layout.log}."
            )
        time.sleep(0.1)
    return postmaster


def stop(layout: Layout, bin_dir: Path) -> None:
    """Stops the server properly, or at once if it does not obey; leaves no socket folder."""
    postmaster = running(layout)
    if postmaster is None or not _is_our_server(postmaster.pid, layout):
        return
    command: list[str | Path] = [
        bin_dir / "pg_ctl",
        "stop",
        "-s",
        "-w",
        f"-t{STOP_SECONDS}",
        "-D",
        "cluster",
    ]
    for mode in ("fast", "immediate"):
        outcome = layout.account.run([*command, "-m", mode], folder=layout.base)
        if outcome.succeeded:
            break
    else:
        raise explain(
            outcome.output, doing="L'arrêt de PostgreSQL", folder=layout.base, log=layout.log
        )
    with contextlib.suppress(OSError):
        postmaster.socket_folder.rmdir()


def _live_postmaster(layout: Layout) -> Postmaster | None:
    postmaster = _read_pid_file(layout)
    if postmaster and (_is_our_server(postmaster.pid, layout) or postmaster.answers()):
        return postmaster
    return None


def _read_pid_file(layout: Layout) -> Postmaster | None:
    try:
        text = (layout.cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
        lines = text.splitlines()
        lines += [""] * (PID_FILE_LINES - len(lines))
        return Postmaster(abs(int(lines[0])), lines[3], Path(lines[4]), lines[7].strip())
    except (FileNotFoundError, ValueError):
        return None


def _is_our_server(pid: int, layout: Layout) -> bool:
    """Whether the number still belongs to a server of this cluster, not to a later program."""
    arguments = _command_line(pid)
    if not arguments or Path(arguments[0]).name not in ("postgres", "postmaster"):
        return False
    if any(argument.endswith(_name(layout)) for argument in arguments):
        return True
    try:
        return Path(f"/proc/{pid}/cwd").samefile(layout.cluster)
    except OSError:
        return False


def _command_line(pid: int) -> list[str]:
    if Path("/proc/self").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(argument) for argument in raw.split(b"\0") if argument]
    listing = subprocess.run(
        ["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return listing.stdout.split()


def _name(layout: Layout) -> str:
    return f"cluster_name=guichet-{layout.tag}"


def _start(layout: Layout, bin_dir: Path) -> None:
    """Erases first what a dead server left: PostgreSQL would believe a reused process number."""
    layout.prepare_socket_folder()
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)
    (layout.socket_folder / f".s.PGSQL.{cluster.SETTINGS['port']}.lock").unlink(missing_ok=True)
    cluster.write_settings(layout)
    log_start = _prepare_log(layout)
    command: list[str | Path] = [
        bin_dir / "pg_ctl",
        "start",
        "-s",
        "-w",
        f"-t{START_SECONDS}",
        "-D",
        "cluster",
    ]
    outcome = layout.account.run(
        [*command, "-l", layout.log.name, "-o", f"-c {_name(layout)}"], folder=layout.base
    )
    if not outcome.succeeded:
        raise explain(
            f"{outcome.output}\n{_log_since(layout, log_start)}",
            doing="Le démarrage de PostgreSQL",
            folder=layout.base,
            log=layout.log,
        )


def _prepare_log(layout: Layout) -> int:
    """Sets a large log aside as `log.1`; returns from which byte this start will write."""
    with contextlib.suppress(FileNotFoundError):
        if layout.log.lstat().st_size > LARGEST_LOG_BYTES:
            layout.log.replace(layout.log.with_name("log.1"))
    descriptor = os.open(layout.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        layout.account.own(descriptor, 0o600)
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _log_since(layout: Layout, first_byte: int) -> str:
    try:
        return layout.log.read_bytes()[first_byte:].decode("utf-8", errors="replace")
    except OSError:
        return ""


def _create_database(layout: Layout, bin_dir: Path, postmaster: Postmaster) -> None:
    command: list[str | Path] = [
        bin_dir / "psql",
        "-XqAt",
        "--set=ON_ERROR_STOP=1",
        f"--host={postmaster.socket_folder}",
        f"--port={postmaster.port}",
        f"--username={cluster.SUPERUSER}",
        "postgres",
    ]
    outcome = layout.account.run(command, folder=layout.base, text=CREATE_DATABASE)
    if not outcome.succeeded:
        raise explain(outcome.output, doing="La création de la base guichet", folder=layout.base)
