"""The batches of the worked example end as `batches.csv` says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from guichet.core.files import sha256_of
from guichet.directory.models import Structure
from guichet.indicators import lake
from guichet.indicators.actions.batches import ALWAYS, receive_batch, withdraw_batch
from guichet.indicators.models import Batch
from guichet.indicators.tests.observation_example import (
    batch_files,
    load_definitions,
    place_structures,
)

MOVE = "2026-04-20"


@pytest.fixture
def example_batches(db: None, settings: Any, tmp_path: Path) -> dict[int, Batch]:
    """Every batch of the example, received with the structures of its day."""
    settings.LAKE = tmp_path
    network = load_definitions()
    batches = {}
    for row, path in batch_files():
        if row["received_on"] >= MOVE:
            place_structures("structures.csv")
        scope = None if row["scope"] == "REL" else Structure.objects.get(code=row["scope"])
        batch = receive_batch(
            path=path, file_name=path.name, network=network, scope=scope, accept=ALWAYS
        )
        if row["withdrawn_on"]:
            batch = withdraw_batch(batch=batch, by=None, reason=row["reason"])
        batches[int(row["number"])] = batch
    return batches


def faults_of(batch: Batch) -> list[tuple[int, str, str]]:
    return [(fault["line"], fault["cell"], fault["message"]) for fault in batch.faults]


def test_each_batch_of_the_example_ends_as_the_method_says(
    example_batches: dict[int, Batch],
) -> None:
    for row, _ in batch_files():
        batch = example_batches[int(row["number"])]
        assert (batch.number, batch.outcome) == (int(row["number"]), row["outcome"])
        assert bool(batch.withdrawn_at) == bool(row["withdrawn_on"])


def test_refused_batches_name_their_lines_cells_and_mends(
    example_batches: dict[int, Batch],
) -> None:
    assert faults_of(example_batches[3]) == [
        (
            22,
            "C22",
            "REL-62 est une structure départementale ; pour decroche, le réseau REL envoie une "
            "ligne par site.",
        )
    ]
    assert faults_of(example_batches[5]) == [
        (
            2,
            "D2",
            "2026-Q1 est un trimestre ; pour decroche, le réseau REL envoie des mois (2026-01, "
            "2026-02, 2026-03).",
        )
    ]
    assert [line for line, *_ in faults_of(example_batches[8])] == [5, 9]


def test_accepted_rows_are_in_the_lake_under_the_number(
    example_batches: dict[int, Batch],
) -> None:
    path = lake.rows_path(example_batches[7])
    (row,) = pq.read_table(path).to_pylist()
    assert path.name == "7.parquet"
    assert {name: value for name, value in row.items() if value is not None} == {
        "line": 2,
        "indicator": "decroche",
        "version": 1,
        "structure": "S10",
        "period": "2026-02",
        "cut": "",
        "c1": 205,
        "c2": 250,
    }
    assert sha256_of(path) == example_batches[7].rows_sha256
    assert not example_batches[3].rows_file


def test_contents_tell_what_an_accepted_batch_holds(example_batches: dict[int, Batch]) -> None:
    assert example_batches[1].contents == [
        ["decroche", 1, "2026-01", 13],
        ["satisfaction", 1, "2026-01", 13],
    ]
    assert example_batches[6].contents == [["accuse-delai", 1, "2026-Q1", 6]]


def test_jumps_and_missing_structures_of_the_example_are_told(
    example_batches: dict[int, Batch],
) -> None:
    second = example_batches[2]
    assert second.jump_count == 1
    assert [(notice["kind"], notice["line"], notice["period"]) for notice in second.warnings] == [
        ("jump", 10, "2026-02"),
        ("missing", 0, "2026-02"),
        ("missing", 0, "2026-02"),
    ]
    jump = second.warnings[0]["message"].replace("\u00a0", " ")
    assert jump.startswith(
        "Guichet fictif de Riom (S10), decroche : 24,0 % (60 sur 250) en 2026-02, après 76,0 %"
    )
    assert "S05" in second.warnings[1]["message"]
    assert [notice["line"] for notice in example_batches[10].warnings] == [2, 3]


def test_a_correction_of_one_key_neither_jumps_nor_lacks_its_neighbours(
    example_batches: dict[int, Batch],
) -> None:
    correction = example_batches[7]
    assert correction.warnings == []
    assert correction.changes["replaced"] == 1
    (row,) = correction.changes["rows"]
    assert (row["before"], row["after"], row["batch"]) == ([60, 250], [205, 250], 2)


def test_a_declared_value_is_kept_as_typed(example_batches: dict[int, Batch]) -> None:
    (value,) = example_batches[11].declared_values.all()
    assert (value.level, value.place, value.period) == ("departement", "59", "2026-Q1")
    assert str(value.value) == "12.4000"
    assert value.source == "Rapport d’activité de la direction du Nord"
