"""All posters of a network: one ZIP, complete or absent, with its progress."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Role, Structure
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.publication.actions import poster_archives
from guichet.publication.actions.poster_archives import (
    LEFT_OUT,
    ask_posters,
    forget_old_archives,
    make_posters,
)
from guichet.publication.models import PosterArchive, Release
from guichet.publication.posters.content import poster_of
from guichet.publication.posters.drawing import Poster
from guichet.publication.tests.factories import example_release

pytestmark = pytest.mark.django_db
State = PosterArchive.State


@pytest.fixture
def network(settings: Any, tmp_path: Path) -> Network:
    settings.LAKE = tmp_path
    example_release()
    return Network.objects.get(code="REL")


def asked(network: Network, paper: str = "A4") -> PosterArchive:
    return ask_posters(network=network, paper=paper, by=someone(Role.LEAD, network))


def test_every_open_site_has_its_poster_by_departement(
    network: Network, tmp_path: Path, monkeypatch: Any
) -> None:
    StructureFactory(code="muet", network=network, commune=None)

    def but_one(structure: Structure, release: Release) -> Poster:
        if structure.code == "muet":
            raise RuleViolation("Aucun chiffre.")
        return poster_of(structure, release)

    monkeypatch.setattr(poster_archives, "poster_of", but_one)
    archive = asked(network)
    make_posters(archive)
    archive.refresh_from_db()
    assert archive.state == State.READY
    assert (archive.total, archive.done, archive.left_out) == (13, 13, 1)
    path = tmp_path / archive.file
    assert path.stat().st_size == archive.byte_count
    with zipfile.ZipFile(path) as zipped:
        names = zipped.namelist()
        assert "59/S01.pdf" in names
        assert zipped.read("59/S01.pdf").startswith(b"%PDF-")
        assert "muet" in zipped.read(LEFT_OUT).decode()
    assert len(names) == 13


def test_two_at_a_time_are_refused_for_the_same_paper(network: Network) -> None:
    asked(network)
    with pytest.raises(RuleViolation, match="déjà en préparation"):
        asked(network)
    asked(network, "A3")


def test_a_failure_leaves_no_file_and_says_so(
    network: Network, tmp_path: Path, monkeypatch: Any
) -> None:
    archive = asked(network)

    def full_disk(*args: Any) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(poster_archives, "draw_pdf", full_disk)
    with pytest.raises(OSError, match="No space"):
        make_posters(archive)
    archive.refresh_from_db()
    assert archive.state == State.FAILED
    assert "Demandez-la de nouveau" in archive.failure
    assert list((tmp_path / "posters").iterdir()) == []
    asked(network)


def test_made_twice_it_begins_afresh_and_a_ready_one_is_left_alone(network: Network) -> None:
    archive = asked(network)
    PosterArchive.objects.filter(pk=archive.pk).update(state=State.MAKING, done=7)
    archive.refresh_from_db()
    make_posters(archive)
    archive.refresh_from_db()
    ended_at = archive.ended_at
    make_posters(archive)
    archive.refresh_from_db()
    assert archive.ended_at == ended_at


def test_only_a_lead_and_only_with_sites_and_an_edition(network: Network) -> None:
    with pytest.raises(RuleViolation, match="pilote"):
        ask_posters(network=network, paper="A4", by=someone(Role.PUBLISHER))
    empty = Network.objects.create(code="vide", name="Réseau vide")
    with pytest.raises(RuleViolation, match="aucun lieu ouvert"):
        asked(empty)
    with pytest.raises(RuleViolation, match="A4 ou A3"):
        asked(network, "A5")


def test_a_week_later_the_file_is_erased(network: Network, tmp_path: Path) -> None:
    archive = asked(network)
    make_posters(archive)
    archive.refresh_from_db()
    assert forget_old_archives() == 0
    PosterArchive.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert forget_old_archives() == 1
    assert not (tmp_path / archive.file).exists()
