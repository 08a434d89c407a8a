"""The spine: the worked example goes in by batches, comes out as releases, and recomputes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet
import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from guichet.indicators import lake
from guichet.indicators.models import Batch
from guichet.indicators.tests.observation_example import EXAMPLE
from guichet.publication.releasing.manifest import read_manifest
from guichet.publication.tests.example_releases import publish_first, publish_second

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def releases(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """The folder of both releases, published once for this file."""
    folder = tmp_path_factory.mktemp("spine") / "lake"
    with django_db_blocker.unblock(), override_settings(LAKE=folder), transaction.atomic():
        publish_first()
        publish_second()
        yield folder / "releases"
        transaction.set_rollback(True)


def joined(*paths: Path) -> str:
    """All files as one, the header once, sorted by bytes."""
    texts = [path.read_text() for path in paths]
    assert all(text.endswith("\n") for text in texts)
    lines = sorted(line for text in texts for line in text.splitlines()[1:])
    return "\n".join([texts[0].splitlines()[0], *lines, ""])


def parts(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.csv"))


def expected(name: str) -> str:
    return (EXAMPLE / name).read_text()


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False
    )


def altered(folder: Path, path: str, before: str, after: str, tmp_path: Path) -> Path:
    """A copy of the folder where one digit of `path` is another, once."""
    copy = tmp_path / "altered"
    shutil.copytree(folder, copy)
    file = copy / path
    file.chmod(0o644)
    text = file.read_text()
    assert text.count(before) == 1
    file.write_text(text.replace(before, after))
    return copy


@pytest.fixture
def told(capsys):
    def of(*arguments: str) -> tuple[int, str]:
        """How the command ends, and what it says."""
        capsys.readouterr()
        try:
            call_command("verify_release", *arguments)
        except SystemExit as error:
            return int(error.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    return of


def test_the_first_release_of_the_example_is_the_expected_one(releases):
    folder = releases / "2026-T1"
    assert joined(*parts(folder / "rows")) == expected("previous/expected_rows.csv")
    assert joined(*parts(folder / "pools")) == expected("previous/expected_pools.csv")


def test_the_second_release_of_the_example_is_the_expected_one(releases):
    folder = releases / "2026-04"
    assert joined(*parts(folder / "base")) == expected("expected_base.csv")
    assert joined(*parts(folder / "rows")) == expected("expected_rows.csv")
    assert joined(*parts(folder / "pools")) == expected("expected_pools.csv")
    figures = [*parts(folder / "figures"), folder / "declared_figures.csv"]
    assert joined(*figures) == expected("expected_figures.csv")
    assert (folder / "corrections.csv").read_text() == expected("expected_corrections.csv")
    manifest = read_manifest(folder)
    hashes = [f"{part.rows_sha256}  {part.key.name}" for part in manifest.parts]
    assert "\n".join([*hashes, f"{manifest.identity}  release", ""]) == expected(
        "expected_hash.txt"
    )


def test_declared_values_of_the_example_are_shown_as_typed_and_nothing_else(releases):
    header, *lines = expected("expected_figures.csv").splitlines()
    declared = [line for line in lines if ",delai-moyen," in line]
    assert len(declared) == 1
    written = (releases / "2026-04" / "declared_figures.csv").read_text()
    assert written.splitlines() == [header, *declared]


def test_the_page_of_a_site_shows_its_figure_against_territory_and_nation(releases, client):
    response = client.get("/resultats/S01/")
    words = " ".join(response.content.decode().replace("\xa0", " ").split())
    assert response.status_code == 200
    assert "80,4 %" in words
    assert "73,9 %" in words
    assert "pas de différence nette" in words.lower()
    assert "2026-04" in words


def test_a_figure_is_traced_from_the_page_to_the_rows_of_batches(releases, client):
    """S09, pick-up, first quarter: 1680 of 1920, by hand in the method, step 4."""
    page = client.get("/resultats/S09/").content.decode().replace("\xa0", " ")
    assert "87,5 %" in page
    folder = releases / "2026-04"
    rows = (folder / "rows/REL/decroche.1/2026.csv").read_text().splitlines()
    assert "REL,decroche,1,structure,S09,2026-Q1,,1680|1920,3,3" in rows
    base = (folder / "base/REL/decroche.1/2026.csv").read_text().splitlines()
    months = [line.split(",")[10] for line in base if ",S09," in line][:3]
    assert months == ["560|640", "552|640", "568|640"]
    sent = []
    for batch in Batch.objects.counting().filter(number__in=(1, 2, 4)).order_by("number"):
        lines = pyarrow.parquet.read_table(lake.rows_path(batch)).to_pylist()
        sent += [
            f"{line['c1']}|{line['c2']}"
            for line in lines
            if (line["indicator"], line["structure"]) == ("decroche", "S09")
        ]
    assert sent == months
    assert [sum(int(each.split("|")[rank]) for each in sent) for rank in (0, 1)] == [1680, 1920]


def test_anybody_recomputes_the_release_without_our_code(releases):
    for name in ("2026-T1", "2026-04"):
        verified_release = verified(releases / name)
        assert verified_release.returncode == 0, verified_release.stdout
        assert "ÉGAL" in verified_release.stdout


def test_verify_release_recomputes_from_the_batches_on(releases, told):
    for name in ("2026-T1", "2026-04"):
        code, words = told(name)
        assert (code, "ÉGAL" in words) == (0, True), words
    assert told(str(releases / "2026-04"))[0] == 0


ALTERED = [
    (
        "base/REL/decroche.1/2026.csv",
        "S09,REL>REL-63,63,84,2026-04,,572|640",
        "S09,REL>REL-63,63,84,2026-04,,573|640",
    ),
    (
        "rows/REL/decroche.1/2026.csv",
        "nation,FR,2026-03,,6202|7210",
        "nation,FR,2026-03,,6203|7210",
    ),
    (
        "figures/REL/satisfaction.1/2026.csv",
        "region,84,2026-Q1,,published,,87.1",
        "region,84,2026-Q1,,published,,87.2",
    ),
]


@pytest.mark.parametrize(("path", "before", "after"), ALTERED)
def test_one_altered_digit_is_found(releases, tmp_path, told, path, before, after):
    copy = altered(releases / "2026-04", path, before, after, tmp_path)
    found = verified(copy)
    assert found.returncode == 1
    assert path in found.stdout
    code, words = told(str(copy))
    assert code == 1
    assert path in words


def test_what_the_batches_say_is_compared_with_the_base(releases, told):
    withdrawn = Batch.objects.get(number=9)
    withdrawn.sha256 = "0" * 64
    withdrawn.save()
    code, words = told("2026-04")
    assert code == 1
    assert "lot 9" in words
    assert "d'après les lots" in words


def test_the_manifest_gives_away_no_digest_of_a_file_received(releases):
    manifest = (releases / "2026-04" / "manifest.json").read_text(encoding="utf-8")
    received = Batch.objects.values_list("sha256", "rows_sha256")
    plain = {digest for pair in received for digest in pair if digest}
    assert plain
    assert [digest for digest in plain if digest in manifest] == []
