"""Every file of `bad_files/` becomes what the method says: outcome, lines, words, rows read."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest
from django.db import transaction
from django.test import override_settings

from guichet.core.text import folded
from guichet.directory.models import Network, Structure
from guichet.indicators import lake as lakes
from guichet.indicators.actions.batches import confirm_batch, receive_batch
from guichet.indicators.models import Batch, DeclaredValue, Outcome
from guichet.indicators.tests.bad_files import make_bad_files, world

CASES = list(csv.DictReader((world.FOLDER / "cases.csv").read_text(encoding="utf-8").splitlines()))
OWN_FILES = {"cases.csv", "history.csv"}


class Became(NamedTuple):
    outcome: str
    lines: set[int]
    told: str


@pytest.fixture(scope="module")
def world_built(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """FIC on 20 May 2026, its history sent, once for all cases: the lake to copy."""
    folder = tmp_path_factory.mktemp("world") / "lake"
    with (
        django_db_blocker.unblock(),
        override_settings(LAKE=folder),
        pytest.MonkeyPatch.context() as patched,
        transaction.atomic(),
    ):
        patched.setattr("django.utils.timezone.now", lambda: world.NOW)
        sent = receive_batch(
            path=world.FOLDER / "history.csv",
            file_name="historique.csv",
            network=world.build(),
            accept="always",
        )
        assert sent.outcome == Outcome.ACCEPTED, sent.faults
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def network(world_built, db, lake) -> Network:
    shutil.copytree(world_built, lake)
    return Network.objects.get(code="FIC")


def path_of(name: str, folder: Path) -> Path:
    if name in make_bad_files.FILES:
        return make_bad_files.write(name, folder)
    return world.FOLDER / name


def send(case: dict[str, str], network: Network, folder: Path) -> Batch:
    scope = Structure.objects.get(code=case["scope"]) if case["scope"] else None
    return receive_batch(
        path=path_of(case["file"], folder), file_name=case["file"], network=network, scope=scope
    )


def became(batch: Batch) -> Became:
    found = batch.faults if batch.outcome == Outcome.REFUSED else batch.warnings
    told = folded(" ".join(str(value) for item in found for value in item.values()))
    lines = {item["line"] for item in batch.faults}
    if batch.outcome == Outcome.REFUSED:
        return Became("refused", lines, told)
    if batch.jump_count:
        return Became("to_confirm", lines, told)
    return Became("accepted_with_warning" if batch.warnings else "accepted", lines, told)


def assert_told(wanted: str, told: str) -> None:
    for words in filter(None, wanted.split(";")):
        assert any(folded(word) in told for word in words.split("|")), f"« {words} » : {told}"


def assert_lines(wanted: str, lines: set[int]) -> None:
    if not wanted:
        assert lines <= {0, 1}
        return
    assert lines in [{int(line) for line in each.split(",")} for each in wanted.split("|")]


def assert_rows(case: dict[str, str], batch: Batch) -> None:
    if batch.content == Batch.Content.DECLARED:
        assert DeclaredValue.objects.filter(batch=batch).exists()
        return
    rows = pq.read_table(lakes.rows_path(batch)).to_pylist()
    assert len(rows) == int(case["rows"] or len(rows))
    read = {
        f"{row['structure']}="
        + "/".join(str(row[f"c{n}"]) for n in range(1, 13) if row[f"c{n}"] is not None)
        for row in rows
    }
    assert set(case["reads"].split()) <= read


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_file_becomes_what_the_method_says(case, network, tmp_path):
    batch = send(case, network, tmp_path)
    outcome, lines, told = became(batch)
    if case["expected"] != "either":
        assert outcome == case["expected"], told
    if outcome == "refused":
        assert batch.number is not None
        assert_lines(case["lines"], lines)
        assert_told(case["says"], told)
        assert max(len(str(item)) for item in batch.faults) < 2000
        return
    if case["expected"] != "either":
        assert_told(case["says"], told)
    accepted = confirm_batch(batch=batch)
    assert accepted.outcome == Outcome.ACCEPTED
    assert_rows(case, accepted)


def test_every_file_of_the_folder_has_its_case():
    written = {
        path.name
        for path in world.FOLDER.iterdir()
        if path.is_file() and path.suffix not in {".py", ".md"} and path.name[0] != "."
    }
    assert (written - OWN_FILES) | set(make_bad_files.FILES) == {case["file"] for case in CASES}
