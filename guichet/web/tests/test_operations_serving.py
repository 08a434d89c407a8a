"""`guichet serve`, run for real: it serves, works, stops, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection

from guichet.core.mail import OutboxBackend
from guichet.core.tests.ports import free_port
from guichet.web.operations import preparation
from guichet.web.operations.serving import Address, Announcement, environment_for
from guichet.web.tests.installations import (
    PATIENCE_SECONDS,
    Installation,
    Running,
    end_other_sessions,
    get,
    is_alive,
    test_database_url,
    wait_until,
)

SMALL_BYTES = 250_000_000


@pytest.fixture
def installation(tmp_path, transactional_db) -> Iterator[Installation]:
    """A home of its own on the database of this test run."""
    made = Installation(tmp_path / "home", GUICHET_DATABASE_URL=test_database_url())
    made.pretend_static_files_are_ready()
    yield made
    end_other_sessions()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def server(installation) -> Iterator[tuple[Running, str]]:
    port = free_port()
    running = installation.start("serve", "--port", str(port), "--workers", "1")
    try:
        wait_until(lambda: running.said("est prêt"), running)
        yield running, f"http://127.0.0.1:{port}"
    finally:
        running.end()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_it_serves_works_mends_itself_and_stops_cleanly(installation, server):
    running, address = server
    assert get(f"{address}/healthz") == (200, '{"status": "ok"}')
    wait_until(lambda: get(f"{address}/readyz")[0] == 200, running)
    OutboxBackend().send_messages(
        [EmailMessage("Bonjour", "Texte", "guichet@example.fr", ["agent@example.fr"])]
    )
    wait_until(lambda: list((installation.home / "courrier").glob("*.eml")), running)
    sizes = {pid: resident_bytes(pid) for pid in running.descendants()}
    assert all(size < SMALL_BYTES for size in sizes.values()), sizes

    former = [pid for pid in running.descendants() if pid != running.command.pid]
    for pid in children_of(running.command.pid):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: running.said("nouveau départ"), running)
    wait_until(lambda: not any(is_alive(pid) for pid in former), running)
    wait_until(lambda: get(f"{address}/readyz")[0] == 200, running)

    ctrl_c = signal.SIGINT
    os.killpg(running.command.pid, ctrl_c)
    assert running.command.wait(PATIENCE_SECONDS) == 0
    wait_until(lambda: not running.descendants())
    assert not running.said("arrêt forcé")
    assert not running.said("Traceback")
    assert get(f"{address}/healthz") == (0, "")


def test_nothing_is_left_when_it_is_killed(server):
    running, address = server
    running.command.kill()
    running.command.wait(PATIENCE_SECONDS)
    wait_until(lambda: not running.descendants())
    assert get(f"{address}/healthz") == (0, "")


@pytest.mark.django_db
def test_a_taken_port_is_refused_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(CommandError, match=f"Le port {port} est déjà pris") as caught:
            call_command("serve", port=port)
    assert "guichet serve --port" in str(caught.value)


@pytest.mark.parametrize(
    ("production", "chosen", "expected"),
    [
        (False, "", {"GUICHET_PUBLIC_URL": "http://127.0.0.1:8001"}),
        (False, "https://essai.example.fr", {}),
        (True, "", {}),
    ],
)
def test_links_in_mails_lead_to_the_port_that_is_served(
    settings, monkeypatch, production, chosen, expected
):
    settings.PRODUCTION = production
    monkeypatch.setenv("GUICHET_PUBLIC_URL", chosen)
    assert environment_for(Address("0.0.0.0", 8001)) == expected


def test_a_site_that_never_answers_is_said_once():
    said: list[str] = []
    announcement = Announcement(
        Address(port=free_port()), lambda: said.append("ready"), said.append
    )
    assert announcement.is_pending()
    announcement._given_up_at = 0
    assert not announcement.is_pending()
    assert not announcement.is_pending()
    [sentence] = said
    assert "ne répond toujours pas" in sentence


@pytest.mark.django_db
def test_a_number_of_workers_below_one_is_refused():
    with pytest.raises(CommandError, match="--workers"):
        call_command("serve", port=free_port(), workers=0)


@pytest.mark.django_db
def test_a_database_elsewhere_that_is_behind_is_refused_with_the_command(monkeypatch):
    monkeypatch.setattr(preparation, "pending_migrations", lambda: ["core.0002", "core.0003"])
    monkeypatch.setattr(preparation, "embedded_database_home", lambda: None)
    with pytest.raises(CommandError, match="guichet migrate") as caught:
        call_command("serve", port=free_port())
    assert "2\u00a0changements" in str(caught.value)


@pytest.mark.django_db
def test_the_embedded_database_is_migrated_without_asking(monkeypatch, tmp_path):
    asked: list[str] = []
    monkeypatch.setattr(preparation, "pending_migrations", lambda: ["core.0002"])
    monkeypatch.setattr(preparation, "embedded_database_home", lambda: tmp_path)
    monkeypatch.setattr(preparation, "call_command", lambda name, **options: asked.append(name))
    preparation.apply_or_refuse_migrations(lambda sentence: None)
    assert asked == ["migrate"]


@pytest.mark.django_db
def test_a_complete_database_asks_nothing(monkeypatch):
    monkeypatch.setattr(preparation, "call_command", None)
    preparation.apply_or_refuse_migrations(lambda sentence: None)


@pytest.mark.django_db
def test_a_migration_of_a_newer_version_is_recognised():
    applied = [("core", "0001_extensions"), ("core", "0999_tomorrow"), ("unknown_app", "0001")]
    assert preparation.unknown_migrations(applied) == ["core.0999_tomorrow"]


def test_static_files_are_collected_once_for_each_state_of_the_sources(
    monkeypatch, settings, tmp_path
):
    settings.STATIC_ROOT = tmp_path / "static"
    said: list[str] = []
    state = ["first"]
    monkeypatch.setattr(preparation, "static_fingerprint", lambda: state[0])

    class Collected:
        returncode = 0

    def collect(*arguments: object, **options: object) -> type[Collected]:
        settings.STATIC_ROOT.mkdir(exist_ok=True)
        (settings.STATIC_ROOT / "staticfiles.json").touch()
        return Collected

    monkeypatch.setattr(preparation.subprocess, "run", collect)
    preparation.collect_static_files(said.append)
    preparation.collect_static_files(said.append)
    assert len(said) == 1
    state[0] = "second"
    preparation.collect_static_files(said.append)
    assert len(said) == 2


def test_the_fingerprint_follows_a_file_that_changes(monkeypatch, tmp_path):
    class OneFolder:
        def list(self, ignored: list[str]) -> list[tuple[str, FileSystemStorage]]:
            return [("a.css", FileSystemStorage(tmp_path))]

    monkeypatch.setattr(preparation, "get_finders", lambda: [OneFolder()])
    (tmp_path / "a.css").write_text("a{}")
    before = preparation.static_fingerprint()
    assert preparation.static_fingerprint() == before
    (tmp_path / "a.css").write_text("a{b:c}")
    assert preparation.static_fingerprint() != before


def test_a_lake_that_cannot_be_made_is_named(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.LAKE = tmp_path / "file" / "lake"
    with pytest.raises(preparation.RuleViolation, match="GUICHET_LAKE"):
        preparation.make_lake()
