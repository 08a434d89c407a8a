"""The fixtures of the tests of `core.postgres`, loaded with `pytest_plugins`."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guichet.core.postgres import layout
from guichet.core.tests.postgres_servers import (
    IS_ROOT,
    ORDINARY_UID,
    Visitor,
    end_server,
    machine_binaries,
    postmaster_pid,
    wheel_binaries,
)


@pytest.fixture(params=["machine", "wheel"])
def bin_dir(request: pytest.FixtureRequest) -> Path:
    if request.param == "wheel":
        return wheel_binaries()
    found = machine_binaries()
    if found is None and os.environ.get("GUICHET_REQUIRE_ALL") == "1":
        pytest.fail("aucun PostgreSQL dans /usr/lib/postgresql, et GUICHET_REQUIRE_ALL=1")
    if found is None:
        pytest.skip("aucun PostgreSQL dans /usr/lib/postgresql")
    return found


@pytest.fixture(params=["root", "ordinary"] if IS_ROOT else ["ordinary"])
def uid(request: pytest.FixtureRequest) -> int | None:
    """The user of the visitors: None keeps the one who runs the tests."""
    return ORDINARY_UID if request.param == "ordinary" else None


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of tests need no disk; their programs are those that the test says."""
    monkeypatch.setenv("GUICHET_POSTGRES_UNSAFE_SPEED", "1")
    monkeypatch.delenv("GUICHET_POSTGRES_BIN", raising=False)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, quick: None) -> Iterator[Path]:
    """A folder that any user reaches, unlike pytest's own; its servers are stopped at the end."""
    made = Path(tempfile.mkdtemp(prefix="g-", dir="/tmp")).resolve()
    made.chmod(0o777)
    monkeypatch.setattr(layout, "SYSTEM_FOLDER", made / "system")
    yield made
    for pid_file in made.rglob("postmaster.pid"):
        end_server(postmaster_pid(pid_file.parent))
    shutil.rmtree(made)


@pytest.fixture
def visit(folder: Path) -> Iterator[Callable[..., "Visitor"]]:
    started = []

    def start(home: Path | None = None, **options: object) -> Visitor:
        started.append(Visitor(home or folder / "home", folder / "system", **options))
        return started[-1]

    yield start
    for visitor in started:
        visitor.end()


@pytest.fixture
def other_program() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts programs that have nothing to do with PostgreSQL, as the user that is told."""
    started = []

    def start(*, as_user: int) -> subprocess.Popen[bytes]:
        user = as_user if IS_ROOT else None
        started.append(subprocess.Popen(["/bin/sleep", "600"], user=user, cwd="/"))
        return started[-1]

    yield start
    for program in started:
        program.kill()
        program.wait()
