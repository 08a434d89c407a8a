"""The embedded PostgreSQL on real servers: whole lives, several users, brutal ends."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from guichet.core.postgres import (
    find_binaries,
)
from guichet.core.tests.postgres_servers import (
    Visitor,
    ask,
    cluster_in,
    is_alive,
    postmaster_pid,
    wait_until,
)

pytestmark = pytest.mark.long
pytest_plugins = ["guichet.core.tests.postgres_fixtures"]


def test_a_home_keeps_its_rows_from_one_use_to_the_next(
    visit: Callable[..., Visitor], folder: Path, uid: int | None, bin_dir: Path
) -> None:
    first = visit(uid=uid, bin_dir=bin_dir)
    url = first.url()
    for extension in ("ltree", "pg_trgm", "unaccent", "btree_gist"):
        ask(url, f"CREATE EXTENSION {extension}")
    assert ask(url, "SELECT lower(unaccent('ÉCOLE')) || upper('é')") == "ecoleÉ"
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SHOW timezone") == "UTC"
    assert ask(url, "SHOW listen_addresses") == ""
    ask(url, "CREATE TABLE kept AS SELECT 7 AS value")
    data_folder = cluster_in(folder)
    pid = postmaster_pid(data_folder)
    first.leave()
    assert not is_alive(pid)
    assert not (data_folder / "postmaster.pid").exists()

    second = visit(uid=uid, bin_dir=bin_dir)
    assert ask(second.url(), "SELECT value FROM kept") == 7
    second.leave()


def test_only_the_server_s_user_enters_its_folders(
    visit: Callable[..., Visitor], folder: Path, uid: int | None
) -> None:
    visitor = visit(uid=uid)
    socket_folder = Path(visitor.url().partition("host=")[2])
    data_folder = cluster_in(folder)
    for private in (socket_folder, data_folder):
        assert private.stat().st_mode & 0o777 == 0o700
        assert private.stat().st_uid != 0
    assert (data_folder.parent / "log").stat().st_mode & 0o777 == 0o600
    visitor.leave()


def test_a_cluster_chooses_programs_of_its_own_version(
    visit: Callable[..., Visitor], folder: Path, bin_dir: Path
) -> None:
    visitor = visit(bin_dir=bin_dir)
    visitor.url()
    visitor.leave()
    assert find_binaries(cluster_in(folder)) == bin_dir


def test_the_first_out_leaves_the_server_to_the_second(visit: Callable[..., Visitor]) -> None:
    first = visit()
    url = first.url()
    second = visit()
    assert second.url() == url
    first.leave()
    assert ask(url, "SELECT 1") == 1
    second.leave()
    with pytest.raises(psycopg.OperationalError):
        ask(url, "SELECT 1")


def test_two_first_uses_at_the_same_moment_make_one_cluster(
    visit: Callable[..., Visitor], folder: Path
) -> None:
    together = [visit(), visit(), visit()]
    assert len({visitor.url() for visitor in together}) == 1
    cluster_in(folder)
    for visitor in together:
        visitor.leave()


def test_a_forked_child_that_ends_neither_stops_the_server_nor_frees_its_lock(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    url = visitor.url()
    assert visitor.tell("fork") == {"child": 0}
    other = visit()
    other.url()
    other.leave()
    assert ask(url, "SELECT 1") == 1
    visitor.leave()


def test_a_forked_child_that_lingers_does_not_block_the_next_command(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    visitor.url()
    child = int(visitor.tell("linger")["child"])
    visitor.leave()
    after = visit()
    try:
        assert ask(after.url(), "SELECT 1") == 1
        assert is_alive(child)
    finally:
        os.kill(child, signal.SIGKILL)
    after.leave()


def test_the_environment_neither_diverts_the_server_nor_reaches_it(
    visit: Callable[..., Visitor], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = visit(PGPORT="1", PGDATA="/nowhere", PGOPTIONS="--nonsense", GUICHET_SECRET="s")
    url = visitor.url()
    monkeypatch.setenv("PGPORT", "1")
    assert ask(url, "SELECT 1") == 1
    pid = postmaster_pid(cluster_in(folder))
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"GUICHET_SECRET" not in environment
    visitor.leave()


def test_the_server_keeps_none_of_our_files_open_and_lives_in_its_own_session(
    visit: Callable[..., Visitor], folder: Path
) -> None:
    visitor = visit()
    visitor.url()
    pid = postmaster_pid(cluster_in(folder))
    opened = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    assert [name for name in opened if name.endswith(".lock")] == []
    assert os.getsid(pid) != os.getsid(visitor.program.pid)
    visitor.leave()


def test_a_server_left_by_a_killed_command_is_used_again_then_stopped(
    visit: Callable[..., Visitor], folder: Path, uid: int | None
) -> None:
    killed = visit(uid=uid)
    killed.url()
    pid = postmaster_pid(cluster_in(folder))
    killed.kill()
    assert is_alive(pid)

    after = visit(uid=uid)
    after.url()
    assert postmaster_pid(cluster_in(folder)) == pid
    after.leave()
    assert not is_alive(pid)


def test_ctrl_c_stops_the_server_properly(visit: Callable[..., Visitor], folder: Path) -> None:
    visitor = visit()
    visitor.url()
    data_folder = cluster_in(folder)
    visitor.kill(signal.SIGINT)
    assert not (data_folder / "postmaster.pid").exists()
    assert "database system is shut down" in (data_folder.parent / "log").read_text()


def test_a_killed_server_starts_again(visit: Callable[..., Visitor], folder: Path) -> None:
    first = visit()
    ask(first.url(), "CREATE TABLE kept AS SELECT 7 AS value")
    pid = postmaster_pid(cluster_in(folder))
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(pid))
    second = visit()
    assert ask(second.url(), "SELECT value FROM kept") == 7
    first.leave()
    second.leave()


def test_a_process_number_taken_by_another_program_is_not_the_server(
    visit: Callable[..., Visitor],
    other_program: Callable[..., subprocess.Popen[bytes]],
    folder: Path,
    uid: int | None,
) -> None:
    first = visit(uid=uid)
    first.url()
    data_folder = cluster_in(folder)
    pid_file = data_folder / "postmaster.pid"
    kept = pid_file.read_text()
    first.leave()
    taken = str(other_program(as_user=data_folder.stat().st_uid).pid)
    pid_file.write_text(kept.replace(kept.splitlines()[0], taken, 1))
    socket_folder = Path(kept.splitlines()[4])
    socket_folder.mkdir(exist_ok=True)
    os.chown(socket_folder, data_folder.stat().st_uid, -1)
    (socket_folder / ".s.PGSQL.5432.lock").write_text(taken)

    second = visit(uid=uid)
    assert ask(second.url(), "SELECT 1") == 1
    second.leave()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_half_made_cluster_is_made_again(
    visit: Callable[..., Visitor], folder: Path, number: signal.Signals
) -> None:
    visitor = visit(slow_initdb=True)
    wait_until(lambda: has_draft(folder))
    visitor.kill(number)
    assert visitor.program.returncode == -number
    assert not list(folder.rglob("cluster"))

    after = visit()
    assert ask(after.url(), "SELECT 1") == 1
    after.leave()
    wait_until(lambda: not has_draft(folder))


def has_draft(folder: Path) -> bool:
    """What an initdb whose command was killed still writes is there until it notices."""
    try:
        return any(folder.rglob("cluster.draft-*/base"))
    except FileNotFoundError:  # one is being erased
        return True
