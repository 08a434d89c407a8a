"""The first release of an installation: what it is, and what is refused."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.management import call_command

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.indicators.models import Batch
from guichet.publication.models import Release
from guichet.publication.releasing.leftovers import lake as lake_folder
from guichet.publication.tests.small_releases import prepare, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


def test_a_release_is_current_dated_and_signed(lake):
    prepare()
    publisher = someone(Role.PUBLISHER)
    release = publish("2026-T1", by=publisher, note=" Première édition. ")
    release.refresh_from_db()
    assert (release.state, release.is_current, release.by) == ("published", True, publisher)
    assert release.note == "Première édition."
    assert release.last_batch == Batch.objects.order_by("-number").first().number
    assert release.row_count == 246
    assert release.folder == "releases/2026-T1"
    actions = AuditEvent.objects.filter(subject_kind="release").values_list("action", flat=True)
    assert set(actions) == {"release.begun", "release.published"}


def test_by_default_a_release_goes_to_the_end_of_the_month_before(lake):
    prepare()
    release = publish("mars", through=None, frozen_on=date(2026, 4, 2))
    assert release.through == date(2026, 3, 31)


def test_a_release_of_real_places_is_no_demonstration(lake, settings):
    network = prepare()
    network.structures.update(is_fictional=False)
    settings.DEMONSTRATION = False
    release = publish("2026-T1")
    folder = lake / "releases" / "2026-T1"
    assert not release.is_demonstration
    assert not (folder / "DEMONSTRATION.txt").exists()
    assert "DÉMONSTRATION" not in (folder / "LISEZMOI.txt").read_text()


@pytest.mark.parametrize("name", ["", "avril 2026", "édition", "../ailleurs", ".cachee", "a" * 61])
def test_a_name_that_no_folder_should_have_is_refused(lake, name):
    prepare()
    with pytest.raises(RuleViolation, match="ne peut pas nommer une édition"):
        publish(name)
    assert not Release.objects.exists()


def test_a_folder_that_the_database_does_not_know_is_left_alone(lake):
    prepare()
    stranger = lake / "releases" / "2026-T1"
    stranger.mkdir(parents=True)
    (stranger / "notes.txt").write_text("à garder")
    with pytest.raises(RuleViolation, match="existe déjà"):
        publish("2026-T1")
    assert (stranger / "notes.txt").read_text() == "à garder"


def test_the_command_tells_what_it_published(lake, capsys):
    prepare()
    call_command("publish_release", "2026-T1", "--through", "2026-03-31", "--json")
    told = json.loads(capsys.readouterr().out)
    release = Release.objects.get()
    assert told["identity"] == release.identity
    assert told["through"] == "2026-03-31"
    assert told["folder"] == str(lake_folder() / "releases" / "2026-T1")
