"""The worked example of the method, from the rows of batches to published rows."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from guichet.directory.models import Network
from guichet.indicators.rollup.freezing import FrozenPart, freeze
from guichet.indicators.rollup.inputs import frozen_inputs
from guichet.indicators.tests.batch_files import example_batches, pools_of_part
from guichet.indicators.tests.observation_example import (
    EXAMPLE,
    NETWORK,
    load_definitions,
    place_structures,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"


def joined(folder: Path) -> str:
    """All files of a folder as one, the header once, sorted by bytes."""
    texts = [path.read_text() for path in sorted(folder.rglob("*.csv"))]
    lines = [line for text in texts for line in text.splitlines()[1:]]
    assert all(text.endswith("\n") for text in texts)
    return "\n".join([texts[0].splitlines()[0], *sorted(lines, key=str.encode), ""])


def hashes(parts: list[FrozenPart]) -> str:
    found = {part.name: part.rows_sha256 for part in parts}
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(found.items()))
    return f"{lines}{hashlib.sha256(lines.encode()).hexdigest()}  release\n"


def first_release(out: Path, engine: str = "duckdb") -> list[FrozenPart]:
    network = load_definitions("previous/structures.csv")
    example_batches(network, date(2026, 4, 15))
    inputs = frozen_inputs(frozen_on=date(2026, 4, 15), through=date(2026, 3, 31), last_batch=6)
    return freeze(inputs, engine=engine, out=out, previous_pools={}, known={})


def second_release(out: Path, first: Path, engine: str = "duckdb") -> list[FrozenPart]:
    place_structures("structures.csv")
    example_batches(Network.objects.get(code=NETWORK), date(2026, 5, 25))
    inputs = frozen_inputs(frozen_on=date(2026, 5, 25), through=date(2026, 4, 30), last_batch=11)
    carried = {
        str(path.relative_to(first / "pools")): pools_of_part(
            first / "base" / path.relative_to(first / "pools"), path
        )
        for path in (first / "pools").rglob("*.csv")
    }
    return freeze(inputs, engine=engine, out=out, previous_pools=carried, known={})


def test_the_first_release_of_the_example(tmp_path):
    parts = first_release(tmp_path / "first")
    expected = EXAMPLE / "previous"
    assert joined(tmp_path / "first" / "rows") == (expected / "expected_rows.csv").read_text()
    assert joined(tmp_path / "first" / "pools") == (expected / "expected_pools.csv").read_text()
    assert hashes(parts) == (expected / "expected_hash.txt").read_text()


def test_the_second_release_of_the_example(tmp_path):
    first_release(tmp_path / "first")
    parts = second_release(tmp_path / "second", tmp_path / "first")
    assert joined(tmp_path / "second" / "base") == (EXAMPLE / "expected_base.csv").read_text()
    assert joined(tmp_path / "second" / "rows") == (EXAMPLE / "expected_rows.csv").read_text()
    assert joined(tmp_path / "second" / "pools") == (EXAMPLE / "expected_pools.csv").read_text()
    assert hashes(parts) == (EXAMPLE / "expected_hash.txt").read_text()
