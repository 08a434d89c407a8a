"""`guichet backup` and `guichet restore`, with real servers: what comes back is what was saved."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.erasures import DUE_MARK, Erasure, Log, line_of, read_log
from guichet.core.models import OperationRun, OutgoingMail
from guichet.core.postgres import embedded_postgres
from guichet.experiences.tests.factories import AuthorFactory
from guichet.web.operations import backups, postgres_programs, restoring
from guichet.web.operations.manifest import (
    Manifest,
    read_manifest,
    saved,
    seal_of,
    write_manifest,
)
from guichet.web.tests.installations import (
    Installation,
    end_other_sessions,
    test_database_url,
    wait_until,
)

pytestmark = pytest.mark.long
NOTED = Erasure("story", "a1" * 16, "withdrawn", timezone.now() - timedelta(days=2))
NEWEST_PROGRAMS = postgres_programs.wheel_folder()
# Rows that a restore changes on purpose, or that are not saved.
CHANGED = {"core_operationrun", "core_outgoingmail", "django_session", "guichet_shared_cache"}
# Rows that the withdrawal of a story changes.
WITHDRAWN = {"experiences_experience", "experiences_author", "experiences_event"}
WITHDRAW = """
from guichet.experiences.following.actions import withdraw
from guichet.experiences.models import Author
withdraw(Author.objects.get(email="lea@example.fr"))
"""
TABLE_CONTENT = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"


@dataclass
class Saved:
    """A backup made by the command, and what the database held then."""

    folder: Path
    said: str
    content: dict[str, str]
    lake: dict[str, bytes]


def content_of(url: str) -> dict[str, str]:
    """A fingerprint of the rows of every table."""
    with psycopg.connect(url) as link:
        names = link.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {
            name: link.execute(TABLE_CONTENT.format(f'public."{name}"')).fetchone()[0]
            for (name,) in names
            if name not in CHANGED
        }


def files_of(lake: Path) -> dict[str, bytes]:
    return {
        path.relative_to(lake).as_posix(): path.read_bytes()
        for path in lake.rglob("*")
        if path.is_file()
    }


def kept_files_of(lake: Path) -> dict[str, bytes]:
    """Without those that are made again."""
    return {name: text for name, text in files_of(lake).items() if not name.startswith(".")}


@pytest.fixture(scope="module")
def saved_installation(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Saved]:
    """An installation on the server of this run, saved with its secret key."""
    folder = tmp_path_factory.mktemp("backups")
    source = Installation(folder / "source", GUICHET_DATABASE_URL=test_database_url())
    lake = source.home / "lake"
    (lake / "lots" / "2026").mkdir(parents=True)
    (lake / "lots" / "2026" / "é 1.parquet").write_bytes(bytes(range(256)) * 5000)
    (lake / "vide").touch()
    (lake / "releases" / "avril").mkdir(parents=True)
    os.link(lake / "lots" / "2026" / "é 1.parquet", lake / "releases" / "avril" / "rows.parquet")
    (lake / ".brouillon").write_text("never saved")
    (source.home / "erasures").mkdir()
    (source.home / "erasures" / f"{NOTED.at:%Y-%m}.txt").write_text(line_of(NOTED))
    with django_db_blocker.unblock():
        AuthorFactory(email="lea@example.fr", experience__title="Un récit")
        User.objects.create_user(email="sauvée@example.fr", full_name="Zoé d'Été")
        OutgoingMail.objects.create(
            sender="a@example.fr", recipients=["b@example.fr"], subject="s", content="c"
        )
        try:
            outcome = source.run("backup", str(folder / "jour"), "--with-secret-key")
            assert outcome.returncode == 0, outcome.stderr
            yield Saved(
                folder / "jour",
                outcome.stdout,
                content_of(test_database_url()),
                {name: text for name, text in files_of(lake).items() if name != ".brouillon"},
            )
        finally:
            end_other_sessions()
            django_db_setup()  # what these rows brought along goes too


class Restored(Installation):
    """What the command said and what the installation held just after it."""

    said = ""
    content: dict[str, str]
    mails: list[tuple[object, str]]
    runs: set[str]
    erasures: Log
    is_replay_due: bool

    def look(self) -> None:
        self.erasures = read_log(self.home / "erasures")
        self.is_replay_due = (self.home / "erasures" / DUE_MARK).exists()
        with embedded_postgres(self.home, bin_dir=NEWEST_PROGRAMS) as url:
            self.content = content_of(url)
            with psycopg.connect(url) as link:
                query = "SELECT failed_at, last_error FROM core_outgoingmail"
                self.mails = link.execute(query).fetchall()
                query = "SELECT name FROM core_operationrun WHERE succeeded"
                self.runs = {name for (name,) in link.execute(query)}


@pytest.fixture(scope="module")
def restored(saved_installation, tmp_path_factory) -> Iterator[Restored]:
    """An empty installation with its own home and the newest PostgreSQL, then the backup in it."""
    made = Restored(
        tmp_path_factory.mktemp("restored") / "home", GUICHET_POSTGRES_BIN=str(NEWEST_PROGRAMS)
    )
    try:
        outcome = made.run("restore", str(saved_installation.folder))
        assert outcome.returncode == 0, outcome.stderr
        made.said = outcome.stdout
        made.look()
        yield made
    finally:
        made.erase()


@pytest.fixture
def altered(saved_installation, tmp_path) -> Path:
    """A copy of the backup, to be damaged."""
    return Path(shutil.copytree(saved_installation.folder, tmp_path / "altered"))


def seal_again(folder: Path, **changes: object) -> Manifest:
    """The manifest of somebody who recomputes every hash."""
    manifest = replace(read_manifest(folder), **changes)
    files = tuple(saved(folder / file.path, folder) for file in manifest.files)
    manifest = replace(manifest, files=files)
    write_manifest(manifest, folder)
    return manifest


def test_a_backup_stands_alone_and_is_ours_alone(saved_installation):
    folder = saved_installation.folder
    manifest = read_manifest(folder)
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json",
        "database.dump",
        "lake",
        "erasures",
        "secret_key",
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "database.dump").stat().st_mode) == 0o600
    assert manifest.rows["public.accounts_user"] >= 1
    assert "public.django_session" not in manifest.rows
    assert "protégez cette sauvegarde" in saved_installation.said
    assert not list(folder.parent.glob(".jour*"))


def test_what_releases_share_takes_its_room_once(saved_installation, restored):
    manifest = read_manifest(saved_installation.folder)
    for lake in (saved_installation.folder / "lake", restored.home / "lake"):
        batch, release = lake / "lots" / "2026" / "é 1.parquet", lake / "releases" / "avril"
        assert batch.samefile(release / "rows.parquet")
    assert manifest.lake_bytes == 256 * 5000


def test_the_installation_comes_back_as_it_was(saved_installation, restored):
    assert restored.content == saved_installation.content
    assert "accounts_user" in restored.content
    key = (restored.home / "secret_key").read_text()
    assert key == (saved_installation.folder / "secret_key").read_text()
    assert "Restauration faite" in restored.said


def test_a_restore_elsewhere_has_the_log_of_the_backup_at_least(restored):
    assert restored.erasures.erasures == (NOTED,)
    assert not restored.is_replay_due
    assert "rien de ce qu'il dit n'était à refaire" in restored.said


def test_a_mail_that_waited_does_not_leave_a_second_time(restored):
    assert restored.mails
    assert all(failed_at and "Renvoyez-le" in error for failed_at, error in restored.mails)


def test_what_was_due_is_erased_and_the_restore_noted(restored):
    assert {"restore", "retention"} <= restored.runs


def test_an_installation_that_holds_something_is_replaced_only_when_asked(
    saved_installation, restored
):
    """And what was withdrawn since the backup stays withdrawn."""
    withdrawn = restored.run("shell", "-c", WITHDRAW)
    assert withdrawn.returncode == 0, withdrawn.stderr
    (restored.home / "lake" / "plus tard").write_text("after the backup")
    refused = restored.run("restore", str(saved_installation.folder))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    replaced = restored.run("restore", str(saved_installation.folder), "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert "comme avant la restauration : 1\u00a0récit." in replaced.stdout
    assert kept_files_of(restored.home / "lake") == saved_installation.lake
    assert not list((restored.home / "lake").glob(".re*"))
    with embedded_postgres(restored.home, bin_dir=NEWEST_PROGRAMS) as url:
        content = content_of(url)
        with psycopg.connect(url) as link:
            query = "SELECT state, title FROM experiences_experience"
            assert link.execute(query).fetchall() == [("withdrawn", "")]
            mails = link.execute("SELECT count(*) FROM core_outgoingmail").fetchone()
            assert mails == (len(restored.mails),), "the author is not told twice"
    differing = {name for name in content if content[name] != saved_installation.content[name]}
    assert differing == WITHDRAWN


@pytest.mark.parametrize("damage", ["count", "dump"])
def test_a_restore_that_fails_changes_nothing(restored, altered, damage):
    if damage == "count":
        rows = read_manifest(altered).rows
        seal_again(altered, rows=rows | {"public.accounts_user": 99})
    else:
        dump = altered / "database.dump"
        dump.write_bytes(dump.read_bytes()[:-3000])
        seal_again(altered)
    kept = restored.home / "lake" / "kept"
    kept.write_text("of the installation")
    with embedded_postgres(restored.home, bin_dir=NEWEST_PROGRAMS) as url:
        before = content_of(url)
        outcome = restored.run("restore", str(altered), "--replace")
        assert outcome.returncode == 1
        assert "rien n'a été changé" in outcome.stderr
        assert content_of(url) == before
    assert kept.exists()
    assert not list((restored.home / "lake").glob(".re*"))
    assert not (restored.home / "erasures" / DUE_MARK).exists()


def test_an_installation_that_runs_is_not_restored(saved_installation, restored):
    with (
        embedded_postgres(restored.home, bin_dir=NEWEST_PROGRAMS) as url,
        psycopg.connect(url),
    ):
        outcome = restored.run("restore", str(saved_installation.folder), "--replace")
    assert outcome.returncode == 1
    assert "guichet serve" in outcome.stderr


def test_a_killed_server_does_not_leave_its_embedded_database_running(restored):
    running = restored.start("serve", "--only", "worker")
    try:
        wait_until(lambda: running.said("Pour arrêter"), running)
        wait_until(lambda: len(running.descendants()) == 2, running)
        assert restored.cluster_is_running
        running.command.send_signal(signal.SIGKILL)
        wait_until(lambda: not running.descendants())
        wait_until(lambda: not restored.cluster_is_running)
    finally:
        running.end()


def test_a_damaged_backup_is_refused_before_anything(altered):
    (altered / "lake" / "vide").write_text("x")
    with pytest.raises(CommandError, match="lake/vide : 1 octets au lieu de 0"):
        call_command("restore", str(altered))


@pytest.mark.django_db
def test_a_backup_of_a_newer_version_is_refused(altered):
    migrations = (*read_manifest(altered).migrations, ("core", "0999_tomorrow"))
    seal_again(altered, migrations=migrations)
    with pytest.raises(CommandError, match="version plus récente"):
        call_command("restore", str(altered))


@pytest.mark.django_db
def test_a_backup_of_a_newer_postgresql_is_refused(altered):
    seal_again(altered, server_major=99)
    with pytest.raises(CommandError, match="demande PostgreSQL 99"):
        call_command("restore", str(altered))


@pytest.mark.django_db
def test_a_full_disk_is_seen_before_restoring(altered, monkeypatch, settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    monkeypatch.setattr(restoring, "refuse_running_installation", lambda: None)
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda path: Usage(free=1000))
    with pytest.raises(CommandError, match="libérez de la place"):
        call_command("restore", str(altered), replace=True)
    assert not settings.LAKE.exists()


@dataclass
class Usage:
    free: int


@pytest.fixture
def lake(settings, tmp_path) -> Path:
    settings.LAKE = tmp_path / "lake"
    settings.LAKE.mkdir()
    return settings.LAKE


@pytest.mark.django_db
def test_a_folder_that_is_not_empty_is_refused_and_the_failure_kept(lake, tmp_path):
    folder = tmp_path / "plein"
    folder.mkdir()
    (folder / "photo.jpg").touch()
    with pytest.raises(CommandError, match="n'est pas vide"):
        call_command("backup", str(folder))
    assert [path.name for path in folder.iterdir()] == ["photo.jpg"]
    run = OperationRun.objects.latest_of(OperationRun.Name.BACKUP)
    assert run is not None
    assert not run.succeeded


@pytest.mark.django_db
def test_a_backup_inside_what_it_saves_is_refused(lake):
    with pytest.raises(CommandError, match="choisissez ailleurs"):
        call_command("backup", str(lake / "backup"))


@pytest.mark.django_db
def test_a_file_in_place_of_the_folder_is_refused(lake, tmp_path):
    (tmp_path / "fichier").touch()
    with pytest.raises(CommandError, match="n'est pas un dossier"):
        call_command("backup", str(tmp_path / "fichier"))


@pytest.mark.django_db
def test_a_link_in_the_lake_is_refused(lake, tmp_path):
    (lake / "lien").symlink_to(tmp_path)
    with pytest.raises(CommandError, match="est un lien"):
        call_command("backup", str(tmp_path / "jour"))


@pytest.mark.django_db
def test_a_full_disk_is_seen_before_saving(lake, tmp_path, monkeypatch):
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda path: Usage(free=1000))
    with pytest.raises(CommandError, match="choisissez un autre disque"):
        call_command("backup", str(tmp_path / "jour"))


@pytest.mark.django_db
def test_a_disk_that_fills_up_leaves_nothing(lake, tmp_path, monkeypatch):
    def fill(draft: Path) -> None:
        (draft / "database.dump").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "dump_database", fill)
    with pytest.raises(CommandError, match="est plein : rien n'a été gardé"):
        call_command("backup", str(tmp_path / "jour"))
    assert {path.name for path in tmp_path.iterdir()} == {"lake"}


@pytest.mark.django_db
def test_a_machine_without_fitting_programs_is_told_what_to_install(lake, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres_programs, "installed_programs", lambda: iter(()))
    monkeypatch.setattr(postgres_programs, "server_major", lambda: 16)
    with pytest.raises(CommandError, match="postgresql-client-16"):
        call_command("backup", str(tmp_path / "jour"))


def test_the_nearest_fitting_programs_are_chosen(monkeypatch):
    installed = [postgres_programs.Programs(Path("/x"), major) for major in (18, 15, 17)]
    monkeypatch.setattr(postgres_programs, "installed_programs", lambda: iter(installed))
    assert postgres_programs.programs_from(15, wanted=15).major == 15
    assert postgres_programs.programs_from(16, wanted=16).major == 17
    assert postgres_programs.programs_from(18, wanted=15).major == 18


def test_a_setting_that_an_older_server_does_not_know_is_left_out():
    dump = b"SET lock_timeout = 0;\nSET transaction_timeout = 0;\nCREATE TABLE t();\n" + b"x" * 9999
    sink = Sink()
    restoring.pour(io.BytesIO(dump), sink)
    assert sink.received == dump.replace(b"SET transaction_timeout = 0;\n", b"")


class Sink(io.BytesIO):
    """Remembers what it received once closed."""

    received = b""

    def close(self) -> None:
        self.received = self.received or self.getvalue()
        super().close()


def test_the_seal_covers_everything_but_itself(saved_installation):
    manifest = asdict(read_manifest(saved_installation.folder))
    text = json.loads((saved_installation.folder / "manifest.json").read_text())
    assert manifest["seal"] == seal_of(text)
    assert manifest["made_at"] <= timezone.now().isoformat()
