"""Nothing is served between a restored backup and the replay of what was withdrawn since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from guichet.core import erasures
from guichet.core.erasures import Erasure, Replayer
from guichet.core.errors import RuleViolation
from guichet.core.extensions import Registry, open_tables
from guichet.experiences.following.actions import withdraw
from guichet.experiences.models import Experience, State
from guichet.experiences.tests.factories import AuthorFactory
from guichet.publication.open_data.kept_files import kept_file, refresh
from guichet.web.operations import replaying, serving
from guichet.web.operations.health import check_erasures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def log(settings, tmp_path):
    settings.ERASURES = tmp_path / "erasures"
    settings.LAKE = tmp_path / "lake"
    return settings.ERASURES


@pytest.fixture
def only_stories(monkeypatch):
    """Of the public files, those of stories: the others say nothing here and take time."""
    (table,) = [one for one in open_tables if one.name == "experiences"]
    monkeypatch.setattr(replaying, "refresh_all", lambda: refresh(table))
    return table


@pytest.fixture
def come_back(log):
    """A story withdrawn yesterday, public again as a backup left it."""
    story = AuthorFactory(
        experience__title="Un mot zorglubien",
        experience__published_at=timezone.now() - timedelta(days=3),
    ).experience
    erasures.note("story", story.key.hex, "withdrawn")
    return story


@pytest.fixture
def resisting(monkeypatch):
    def resist(thing, acts):
        raise ValueError("cannot be withdrawn")

    registry = Registry(lambda one: one.kind)
    registry.register(
        Replayer("story", ("récit", "récits"), lambda keys: [(key, 0) for key in keys], resist)
    )
    monkeypatch.setattr(erasures, "replayers", registry)


def test_a_restore_cut_short_is_ended_before_the_site_opens(only_stories, come_back):
    refresh(only_stories)
    erasures.mark_due()
    said = []
    replaying.replay_if_due(said.append)
    assert "1\u00a0récit." in said[-1]
    assert Experience.objects.get().state == State.WITHDRAWN
    made = kept_file(only_stories, "csv")
    assert made is not None
    assert "zorglubien" not in made.path.read_text()
    assert not erasures.is_due()


def test_nothing_is_replayed_without_a_restore(come_back):
    replaying.replay_if_due(pytest.fail)
    assert Experience.objects.get().state == State.PUBLISHED


def test_the_site_does_not_open_while_a_story_resists(monkeypatch, come_back, resisting):
    erasures.mark_due()
    monkeypatch.setattr(serving, "check_port", lambda host, port: None)
    monkeypatch.setattr(serving, "prepare", lambda say, with_pages: None)
    monkeypatch.setattr(serving, "keep_alive", pytest.fail)
    with pytest.raises(RuleViolation, match="ne s'ouvrira pas"):
        serving.serve(serving.Address(), say=lambda words: None)
    assert erasures.is_due()


def test_a_base_put_back_by_hand_is_replayed_by_a_command(only_stories, come_back, capsys):
    call_command("replay_erasures")
    assert "1\u00a0récit." in capsys.readouterr().out
    call_command("replay_erasures")
    assert "rien de ce qu'il dit n'était à refaire" in capsys.readouterr().out


def test_a_command_says_what_resists(come_back, resisting):
    with pytest.raises(CommandError, match="1\u00a0retrait n'a pas pu être refait"):
        call_command("replay_erasures")


def test_unreadable_lines_are_said_and_stop_nothing(only_stories, come_back, log):
    (path,) = log.glob("*.txt")
    path.write_bytes(path.read_bytes() + b"2026-11-22T10:00:00.000000Z story 6f")
    said = replaying.replay_log(lambda words: None)
    assert "1\u00a0récit." in said
    assert "1\u00a0ligne est illisible" in said


def test_public_files_that_cannot_be_made_do_not_stop_the_restore(monkeypatch, come_back):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(replaying, "refresh_all", full)
    said = []
    assert "1\u00a0récit." in replaying.replay_log(said.append)
    assert "dans les dix minutes" in said[-1]


def test_the_database_to_replace_is_asked_what_the_log_lacks(tmp_path, log):
    author = AuthorFactory()
    key = author.experience.key.hex
    withdraw(author)
    for path in log.iterdir():
        path.unlink()
    copy = tmp_path / "backup" / "erasures"
    copy.mkdir(parents=True)
    other = Erasure("story", "b2" * 16, "withdrawn", timezone.now())
    (copy / f"{other.at:%Y-%m}.txt").write_text(erasures.line_of(other))
    replaying.before_loading(tmp_path / "backup", pytest.fail)
    assert {one.key for one in erasures.read_log().erasures} == {key, other.key}
    assert erasures.is_due()


def test_a_database_that_cannot_be_read_again_is_replaced_all_the_same(tmp_path, monkeypatch, log):
    def lacks_a_column():
        Experience.objects.extra(where=["no_such_column = 1"]).count()

    monkeypatch.setattr(erasures, "mend", lacks_a_column)
    said = []
    replaying.before_loading(tmp_path, said.append)
    assert "seul le journal des effacements" in said[0]
    assert erasures.is_due()


def test_a_log_that_cannot_be_written_stops_a_restore_before_anything(settings, tmp_path):
    (tmp_path / "file").touch()
    settings.ERASURES = tmp_path / "file"
    with pytest.raises(RuleViolation, match="rien n'a été changé"):
        replaying.before_loading(tmp_path, lambda words: None)


def test_a_backup_older_than_the_log_is_told(settings):
    settings.BACKUPS_KEPT_DAYS = 30
    made = timezone.now() - timedelta(days=29)
    assert replaying.warning_of_age(made.isoformat()) == ""
    older = timezone.now() - timedelta(days=31)
    assert "a 31 jours" in replaying.warning_of_age(older.isoformat())


def test_a_log_that_cannot_be_written_is_seen(settings, tmp_path):
    assert check_erasures() is None
    (tmp_path / "file").touch()
    settings.ERASURES = tmp_path / "file"
    assert "journal des effacements" in (check_erasures() or "")
