"""Whole installations for tests: a home of its own, real processes, killed by their number."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote

from django.db import connection

from guichet.core.postgres import layout

PATIENCE_SECONDS = 120
GUICHET_VARIABLES = ("GUICHET_", "PG", "DJANGO_SETTINGS_MODULE")


def test_database_url() -> str:
    """The database of this test run, for a process of its own."""
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    port = f"&port={values['PORT']}" if values["PORT"] else ""
    return (
        f"postgresql://{quote(values['USER'])}{password}@/{quote(values['NAME'])}"
        f"?host={quote(values['HOST'])}{port}"
    )


test_database_url.__test__ = False  # type: ignore[attr-defined]


def end_other_sessions() -> None:
    """Ends what processes killed by a test may still run in its database."""

    def others_left() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return bool(cursor.fetchall())

    wait_until(lambda: not others_left())


class Installation:
    """A GUICHET_HOME and the commands run in it."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(GUICHET_VARIABLES)
        }
        self.environment = inherited | {
            "GUICHET_LOAD_PROCEDURES": "0",
            "GUICHET_HOME": str(home),
            "GUICHET_POSTGRES_UNSAFE_SPEED": "1",
            **environment,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "guichet", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS * 2,
            check=False,
        )

    def start(self, *arguments: str) -> Running:
        return Running(self, *arguments)

    def pretend_static_files_are_ready(self) -> None:
        from guichet.web.operations.preparation import FINGERPRINT, static_fingerprint

        folder = self.home / "static"
        folder.mkdir(parents=True)
        manifest = {"version": "1.1", "paths": {}, "hash": ""}
        (folder / "staticfiles.json").write_text(json.dumps(manifest))
        (folder / FINGERPRINT).write_text(static_fingerprint())

    @property
    def cluster_is_running(self) -> bool:
        return (layout.locate(self.home).cluster / "postmaster.pid").exists()

    def erase(self) -> None:
        """Leaves nothing of the embedded database, wherever it is."""
        base = layout.locate(self.home).base
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(base, ignore_errors=True)


class Running:
    """A command that runs until it is stopped."""

    def __init__(self, installation: Installation, *arguments: str) -> None:
        installation.home.mkdir(parents=True, exist_ok=True)
        self.log = installation.home / "log.txt"
        with self.log.open("w") as log:
            self.command = subprocess.Popen(
                [sys.executable, "-m", "guichet", *arguments],
                env=installation.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, words: str) -> bool:
        return words in self.log.read_text()

    def descendants(self) -> list[int]:
        """The numbers of the processes of its group, itself included."""
        members = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ProcessLookupError):
                if os.getpgid(int(folder.name)) == self.command.pid and is_alive(int(folder.name)):
                    members.append(int(folder.name))
        return members

    def end(self) -> None:
        """Whatever happened, nothing is left."""
        for pid in self.descendants():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.command.wait(PATIENCE_SECONDS)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], object], running: Running | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        ended = running is not None and running.command.poll() is not None
        if ended or time.monotonic() > deadline:
            raise AssertionError(running.log.read_text() if running else "waited too long")
        time.sleep(0.1)


def get(url: str) -> tuple[int, str]:
    """Status and text; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (URLError, OSError):
        return 0, ""
