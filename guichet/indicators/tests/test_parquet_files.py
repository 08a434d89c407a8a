"""Parquet files: columns as text, and what they announce."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guichet.indicators.files.staged import UnreadableFile
from guichet.indicators.tests.staged_files import (
    parquet,
    rows_of,
    staged,
)


def test_parquet_without_any_expected_column_is_told_their_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="« indicateur », « version »"):
        staged(parquet({"indicator": pa.array(["x"]), "n": pa.array([1])}), tmp_path)


def test_a_parquet_that_announces_a_billion_rows_is_refused_at_once(tmp_path: Path) -> None:
    one_value = pa.array(["decroche"]).dictionary_encode()
    block = pa.table({"indicateur": one_value.take(pa.array([0] * 1_000_000))})
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, block.schema) as writer:
        for _ in range(21):
            writer.write_table(block)
    assert len(buffer.getvalue()) < 200_000
    with pytest.raises(UnreadableFile, match="20 millions de lignes"):
        staged(buffer.getvalue(), tmp_path)


def test_parquet_is_read_as_text_its_rows_numbered_from_1(tmp_path: Path) -> None:
    content = parquet(
        {
            "indicateur": pa.array(["decroche", None]).dictionary_encode(),
            "version": pa.array([1, 2], pa.int16()),
            "total": pa.array([412.0, 1.5]),
            "valeur": pa.array([Decimal("12.40"), None]),
            "jour": pa.array([date(2026, 1, 31), None]),
        }
    )
    found = staged(content, tmp_path)
    assert rows_of(found) == [
        (1, ["decroche", "1", "412", "12.40", "2026-01-31"]),
        (2, ["", "2", "1.5", "", ""]),
    ]
    assert found.cell("total", 1) == ""


def test_parquet_texts_that_are_no_utf_8_are_refused(tmp_path: Path) -> None:
    texts = pa.array([b"\x80"], pa.binary()).view(pa.string())
    with pytest.raises(UnreadableFile, match="abîmé"):
        staged(parquet({"indicateur": texts}), tmp_path)


def test_nested_parquet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="« total » n'est ni"):
        staged(parquet({"indicateur": pa.array(["x"]), "total": pa.array([[1]])}), tmp_path)
