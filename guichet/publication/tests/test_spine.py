"""The spine: the worked example goes in by batches, comes out as releases, and recomputes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from guichet.indicators.tests.observation_example import EXAMPLE
from guichet.publication.tests.example_releases import publish_first, publish_second

pytestmark = pytest.mark.django_db


@pytest.fixture
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    return settings.LAKE


@pytest.fixture
def releases(lake) -> Path:
    publish_first()
    publish_second()
    return lake / "releases"


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
