"""The log of erasures: nothing noted is lost, nothing altered is believed, nothing old is kept."""

from __future__ import annotations

import errno
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from guichet.core import erasures
from guichet.core.erasures import Erasure, Replayer
from guichet.core.extensions import Registry
from guichet.core.models import JobFailure, OutgoingMail

KEY, OTHER = "a1" * 16, "b2" * 16
NOVEMBER = datetime(2026, 11, 3, 8, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURES = tmp_path / "erasures"
    return settings.ERASURES


@pytest.fixture
def rows(monkeypatch, settings) -> Registry[Replayer]:
    """Rows of a table that stand for stories: done again, they are deleted."""
    registry: Registry[Replayer] = Registry(lambda one: one.kind)
    monkeypatch.setattr(erasures, "replayers", registry)
    settings.EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"

    def redo(row, acts):
        if row.reason == "resists":
            raise ValueError
        send_mail("Retiré", "Votre récit est retiré", None, ["lea@exemple.fr"])
        erasures.note("story", row.task_name, "again")
        return bool(row.delete()[0])

    registry.register(Replayer("story", ("récit", "récits"), rows_with, redo))
    return registry


def rows_with(keys):
    return [(row.task_name, row) for row in JobFailure.objects.filter(task_name__in=keys)]


def row(key: str, reason: str = "") -> JobFailure:
    return JobFailure.objects.create(job_id=1, task_name=key, reason=reason)


def only_file(log):
    (path,) = log.glob("*.txt")
    return path


def test_what_is_noted_is_read_again_and_names_nobody(log):
    erasures.note("story", KEY, "withdrawn")
    (noted,) = erasures.read_log().erasures
    assert (noted.kind, noted.key, noted.act) == ("story", KEY, "withdrawn")
    assert timezone.now() - noted.at < timedelta(minutes=1)
    path = only_file(log)
    assert path.name == f"{timezone.now().astimezone(UTC):%Y-%m}.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.stat().st_mode) == 0o700


def test_a_line_is_on_the_disk_before_the_act_ends(monkeypatch):
    synced = []
    monkeypatch.setattr(erasures.os, "fsync", synced.append)
    erasures.note("story", KEY, "withdrawn")
    assert synced


def test_a_month_has_its_file(log):
    erasures.append(
        [
            Erasure("story", KEY, "withdrawn", NOVEMBER),
            Erasure("story", OTHER, "withdrawn", NOVEMBER + timedelta(days=40)),
        ]
    )
    assert sorted(path.name for path in log.iterdir()) == ["2026-11.txt", "2026-12.txt"]
    assert [one.key for one in erasures.read_log().erasures] == [KEY, OTHER]


@pytest.mark.parametrize("left", range(1, 80, 6))
def test_a_line_cut_short_is_counted_and_spoils_no_other(log, left):
    erasures.append([Erasure("story", KEY, "withdrawn", NOVEMBER)])
    path = only_file(log)
    path.write_bytes(path.read_bytes() * 2)
    os.truncate(path, path.stat().st_size - left)
    erasures.append([Erasure("story", OTHER, "taken_down", NOVEMBER)])
    read = erasures.read_log()
    assert {one.key for one in read.erasures} == {KEY, OTHER}
    assert read.unreadable == (0 if left == 1 else 1)


@pytest.mark.parametrize("damage", [b"\xff\xfe", b"b", b"\n", b"\0"])
def test_an_altered_line_is_not_believed(log, damage):
    erasures.append([Erasure("story", KEY, "withdrawn", NOVEMBER)])
    path = only_file(log)
    line = path.read_bytes()
    path.write_bytes(line[:40] + damage + line[40 + len(damage) :] + line)
    read = erasures.read_log()
    assert [one.key for one in read.erasures] == [KEY]
    assert read.unreadable == line[:40].count(b"\n") + (2 if damage == b"\n" else 1)


def test_a_full_disk_stops_no_withdrawal_and_leaves_no_half_line(log, monkeypatch, caplog):
    erasures.note("story", OTHER, "withdrawn")
    before = only_file(log).read_bytes()

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(erasures.os, "fsync", full)
        erasures.note("story", KEY, "withdrawn")
    assert only_file(log).read_bytes() == before
    assert "erasure not noted" in caplog.text
    assert KEY not in caplog.text


def test_what_a_full_disk_left_out_is_noted_from_the_database(rows):
    at = timezone.now() - timedelta(days=1)
    gone = [Erasure("story", KEY, "withdrawn", at), Erasure("story", OTHER, "withdrawn", at)]
    rows.register(Replayer("story", ("récit", "récits"), rows_with, bool, lambda since: gone))
    erasures.append(gone[:1])
    assert erasures.mend() == 1
    assert erasures.mend() == 0
    assert set(erasures.read_log().erasures) == set(gone)


def test_the_older_copy_of_a_backup_adds_and_never_replaces(log, tmp_path, settings):
    erasures.append([Erasure("story", KEY, "withdrawn", NOVEMBER)])
    copy = log.rename(tmp_path / "copy")
    erasures.append([Erasure("story", OTHER, "withdrawn", NOVEMBER + timedelta(days=1))])
    assert erasures.merge(copy) == 1
    assert erasures.merge(copy) == 0
    assert [one.key for one in erasures.read_log().erasures] == [KEY, OTHER]
    assert erasures.merge(tmp_path / "none") == 0


def test_months_that_no_backup_can_need_are_erased(log, settings):
    settings.BACKUPS_KEPT_DAYS = 60
    now = timezone.now()
    for days in (0, 59, 92, 400):
        erasures.append([Erasure("story", KEY, "withdrawn", now - timedelta(days=days))])
    (log / "notes.txt").touch()
    assert erasures.forget_old_months() == 2
    kept = {one.at for one in erasures.read_log().erasures}
    assert kept == {now, now - timedelta(days=59)}
    assert (log / "notes.txt").exists()


@pytest.mark.django_db
def test_all_that_is_noted_is_done_again_once_and_told_to_nobody(rows, log):
    row(KEY)
    kept = row("c3" * 16)
    erasures.note("story", KEY, "withdrawn")
    erasures.note("story", OTHER, "withdrawn")
    erasures.note("nobody", KEY, "withdrawn")
    before = only_file(log).read_bytes()
    erasures.mark_due()
    assert erasures.replay().counts == {"story": 1}
    assert list(JobFailure.objects.all()) == [kept]
    assert erasures.replay().counts == {"story": 0}
    assert not OutgoingMail.objects.exists()
    assert only_file(log).read_bytes() == before
    assert not erasures.is_due()


@pytest.mark.django_db
def test_one_that_resists_stops_no_other_and_leaves_the_replay_due(rows):
    row(KEY, reason="resists")
    row(OTHER)
    for key in (KEY, OTHER):
        erasures.note("story", key, "withdrawn")
    erasures.mark_due()
    outcome = erasures.replay()
    assert (outcome.counts, outcome.failed) == ({"story": 1}, 1)
    assert erasures.is_due()


@pytest.mark.django_db
def test_killed_before_its_transaction_ends_an_act_is_noted_all_the_same():
    with pytest.raises(KeyboardInterrupt):
        note_and_be_killed()
    assert [one.key for one in erasures.read_log().erasures] == [KEY]


@transaction.atomic
def note_and_be_killed() -> None:
    erasures.note("story", KEY, "withdrawn")
    raise KeyboardInterrupt


@pytest.mark.django_db
def test_what_takes_an_act_back_is_dated_from_before_its_end(django_capture_on_commit_callbacks):
    """Done again by somebody else before its line was written, that one is the last word."""
    with django_capture_on_commit_callbacks() as calls:
        erasures.note_undone("story", KEY, "published_again")
    erasures.note("story", KEY, "taken_down")
    for call in calls:
        call()
    assert [one.act for one in erasures.read_log().erasures] == ["published_again", "taken_down"]


def test_what_is_no_plain_file_is_not_read(log, tmp_path):
    """A pipe would keep a restore waiting for ever, a link would lead anywhere."""
    erasures.note("story", KEY, "withdrawn")
    copy = tmp_path / "copy"
    copy.mkdir()
    os.mkfifo(copy / "2026-01.txt")
    (copy / "2026-02.txt").symlink_to(only_file(log))
    assert erasures.month_files(copy) == []
