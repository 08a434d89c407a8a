"""A release after another: what is reused, corrected, refused, and left as it was on failure."""

from __future__ import annotations

import errno
import os
import shutil
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import override_settings

from guichet.core.errors import RuleViolation
from guichet.indicators.models import Batch
from guichet.publication.models import CorrectedFigure, Part, PlaceFigures, PoolMember, Release
from guichet.publication.releasing import making, part_figures, serving, switching
from guichet.publication.releasing.manifest import read_manifest
from guichet.publication.tests.small_releases import prepare, publish, publish_april, send

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def published_lake(django_db_setup, django_db_blocker, tmp_path_factory):
    """« 2026-T1 », published once for this file: each test works on links to its files."""
    lake = tmp_path_factory.mktemp("first") / "lake"
    with django_db_blocker.unblock(), override_settings(LAKE=lake), transaction.atomic():
        prepare()
        publish("2026-T1")
        yield lake
        transaction.set_rollback(True)


@pytest.fixture
def lake(published_lake, settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    shutil.copytree(published_lake, settings.LAKE, copy_function=os.link)
    return settings.LAKE


@pytest.fixture
def first(lake):
    return Release.objects.get(name="2026-T1")


def files_of(lake, name):
    """Every file of a release with its inode, by path."""
    folder = lake / "releases" / name
    return {
        path.relative_to(folder).as_posix(): path.stat().st_ino
        for path in folder.rglob("*")
        if path.is_file()
    }


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_pages_read_the_figures_of_each_place(first):
    (figures,) = PlaceFigures.objects.filter(
        part__releases=first, part__indicator="decroche", level="structure", place="S09"
    )
    quarter = next(each for each in figures.figures if each["period"] == "2026-Q1")
    assert quarter["counters"] == "1680|1920"
    assert (quarter["value"], quarter["versus_nation"]) == ("87.5", "better")
    assert "low" not in quarter
    periods = [each["period"] for each in figures.figures]
    assert periods == sorted(periods)
    part = Part.objects.get(releases=first, indicator="satisfaction")
    members = PoolMember.objects.filter(part=part).values_list("pool", "member")
    assert ("pool~REL-62~62", "S06") in members
    assert ("withheld", "S13") in members


def test_a_demonstration_says_so_in_its_folder(lake, first):
    folder = lake / "releases" / "2026-T1"
    assert read_manifest(folder).is_demonstration
    assert (folder / "DEMONSTRATION.txt").is_file()
    warning = (folder / "DEMONSTRATION.txt").read_text()
    assert "Réseaux dont les chiffres sont inventés : REL." in warning
    assert warning in (folder / "LISEZMOI.txt").read_text()


def test_a_demonstration_says_that_declared_values_are_not_invented(lake, first):
    warning = (lake / "releases" / "2026-T1" / "DEMONSTRATION.txt").read_text()
    lines = (lake / "releases" / "2026-T1" / "declared.csv").read_text().splitlines()
    assert ("ne sont pas inventées" in warning) == (len(lines) > 1)


def test_what_did_not_change_is_neither_computed_nor_copied_again(lake, first, monkeypatch):
    send(20, ("S09", "2026-03", 500, 640))
    computed = []
    write = part_figures.write_figures
    monkeypatch.setattr(
        making,
        "write_figures",
        lambda inputs, folder: (computed.append(inputs.key.indicator), write(inputs, folder))[1],
    )
    publish("corrigee")
    assert computed == ["decroche"]
    before, after = files_of(lake, "2026-T1"), files_of(lake, "corrigee")
    changed = {path for path in after if before.get(path) != after[path]}
    parts = {path for path in changed if "REL/" in path}
    kinds = ("base", "rows", "figures")
    assert parts == {f"{kind}/REL/decroche.1/2026.csv" for kind in kinds} | {
        f"parquet/{kind}/REL/decroche.1/2026.parquet" for kind in kinds[1:]
    }
    assert Part.objects.filter(indicator="satisfaction").count() == 1
    assert Part.objects.filter(indicator="decroche").count() == 2


def test_the_same_content_under_another_name_has_the_same_identity(lake, first):
    again = publish("encore")
    assert again.identity == first.identity
    assert Part.objects.filter(is_declared=False).count() == 3
    assert (again.correction_count, again.changed_line_count) == (0, 0)


def test_a_correction_is_listed_with_what_was_said_before(lake, first):
    send(20, ("S09", "2026-03", 500, 640))
    release = publish("corrigee", note="Mars de Clermont-Ferrand.")
    corrected = CorrectedFigure.objects.get(release=release, place="S09", period="2026-03")
    assert (corrected.counters_before, corrected.counters_after) == ("568|640", "500|640")
    assert (corrected.value_before, corrected.value_after) == ("88.8", "78.1")
    assert corrected.what == "changed"
    lines = (lake / "releases" / "corrigee" / "corrections.csv").read_text().splitlines()
    assert release.changed_line_count == len(lines) - 1 == release.corrections.count()
    assert release.correction_count == release.corrections.of_places().count()
    manifest = read_manifest(lake / "releases" / "corrigee")
    assert (manifest.previous_name, manifest.note) == ("2026-T1", "Mars de Clermont-Ferrand.")


def test_earlier_releases_stay_as_they_were(lake, first):
    before = {
        path: (lake / "releases" / "2026-T1" / path).read_bytes()
        for path in files_of(lake, "2026-T1")
    }
    send(20, ("S09", "2026-03", 500, 640))
    publish("corrigee")
    after = {
        path: (lake / "releases" / "2026-T1" / path).read_bytes()
        for path in files_of(lake, "2026-T1")
    }
    assert after == before
    first.refresh_from_db()
    assert (first.state, first.is_current) == ("published", False)
    assert PlaceFigures.objects.filter(part__releases=first, place="S09").exists()


def test_a_batch_withdrawn_stops_counting_in_the_next_release(lake, first):
    batch = send(20, ("S09", "2026-03", 500, 640))
    publish("corrigee")
    Batch.objects.filter(pk=batch.pk).update(
        withdrawn_at="2026-04-16T09:00:00Z", withdrawal_reason="erreur"
    )
    back = publish("retiree")
    assert back.identity == first.identity
    numbers = [batch.number for batch in read_manifest(lake / "releases" / "retiree").batches]
    assert 20 not in numbers


def test_the_next_month_adds_rows_and_corrects_none(lake, first):
    send(20, ("S09", "2026-04", 500, 640))
    release = publish_april()
    assert release.correction_count == 0
    assert release.row_count > first.row_count


def test_a_published_name_is_never_used_again(first):
    with pytest.raises(RuleViolation, match="déjà publiée"):
        publish("2026-T1")
    first.refresh_from_db()
    assert first.is_current


def test_a_release_covers_no_day_to_come_nor_less_than_the_current_one(first):
    with pytest.raises(RuleViolation, match="choisissez un jour passé"):
        publish("trop-tot", through=date(2026, 4, 30))
    with pytest.raises(RuleViolation, match=r"va déjà jusqu'au 31\smars\s2026"):
        publish("trop-tard", through=date(2026, 2, 28))
    with pytest.raises(RuleViolation, match="choisissez un jour récent"):
        publish("trop-vieux", through=date(1, 1, 31))


def full_disk(*args, **fields):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "place",
    [
        (making, "freeze"),
        (making, "write_figures"),
        (making, "assemble"),
        (making, "put_in_place"),
        (switching, "load_part"),
    ],
    ids=lambda place: place[1],
)
def test_a_full_disk_leaves_the_release_before_and_no_file(lake, first, monkeypatch, place):
    send(20, ("S09", "2026-03", 500, 640))
    objects = sorted(path.name for path in (lake / "objects").rglob("*") if path.is_file())
    with monkeypatch.context() as patched:
        patched.setattr(*place, full_disk)
        with pytest.raises(RuleViolation, match="disque du serveur est plein"):
            publish("corrigee")
    first.refresh_from_db()
    assert first.is_current
    failed = Release.objects.get(name="corrigee")
    assert failed.state == "failed"
    assert "disque du serveur est plein" in failed.failure
    assert names_in(lake / "releases") == ["2026-T1"]
    assert sorted(p.name for p in (lake / "objects").rglob("*") if p.is_file()) == objects
    assert not Part.objects.exclude(releases__isnull=False).exists()
    assert publish("corrigee").is_current
    assert Release.objects.get(name="corrigee").failure == ""


def test_an_unexpected_error_is_told_without_its_words(lake, first, monkeypatch):
    monkeypatch.setattr(making, "freeze", lambda *args, **fields: {}["Mme Martin"])
    with pytest.raises(KeyError):
        publish("suivante")
    failed = Release.objects.get(name="suivante")
    assert "KeyError" in failed.failure
    assert "Martin" not in failed.failure


def test_a_lost_manifest_costs_time_only(lake, first):
    manifest = lake / "releases" / "2026-T1" / "manifest.json"
    manifest.unlink()
    manifest.write_text("{")
    send(20, ("S09", "2026-03", 500, 640))
    corrected = CorrectedFigure.objects.filter(release=publish("corrigee"))
    assert corrected.get(place="S09", period="2026-03").counters_before == "568|640"


def test_lost_objects_come_back_from_the_folders_of_releases(lake, first):
    shutil.rmtree(lake / "objects")
    send(20, ("S09", "2026-03", 500, 640))
    publish("corrigee")
    before, after = files_of(lake, "2026-T1"), files_of(lake, "corrigee")
    same = "figures/REL/satisfaction.1/2026.csv"
    assert before[same] == after[same]
    assert before["rows/REL/decroche.1/2026.csv"] != after["rows/REL/decroche.1/2026.csv"]


def test_files_lost_everywhere_stop_the_publication_in_words(lake, first):
    shutil.rmtree(lake / "objects")
    shutil.rmtree(lake / "releases" / "2026-T1")
    with pytest.raises(RuleViolation, match="d'une sauvegarde"):
        publish("encore")


def test_files_of_a_release_cannot_be_written(lake, first):
    paths = files_of(lake, "2026-T1")
    assert {"manifest.json", "verify.py"} < paths.keys()
    for path in paths:
        mode = (lake / "releases" / "2026-T1" / path).stat().st_mode
        assert not mode & 0o222, path


def test_the_command_refuses_in_words(first):
    with pytest.raises(CommandError, match="déjà publiée"):
        call_command("publish_release", "2026-T1")


def test_a_large_part_is_loaded_some_places_at_a_time(lake, first, monkeypatch):
    monkeypatch.setattr(serving, "FIGURES_AT_ONCE", 20)
    send(20, ("S09", "2026-03", 500, 640))
    release = publish("corrigee")

    def figures_of(edition):
        found = PlaceFigures.objects.filter(part__releases=edition, part__indicator="decroche")
        return {(each.level, each.place): each.figures for each in found}

    before, after = figures_of(first), figures_of(release)
    changed = {place for place in before if before[place] != after.get(place)}
    assert before.keys() == after.keys()
    assert ("structure", "S09") in changed
    assert before["departement", "59"][0]["counters"] == after["departement", "59"][0]["counters"]
