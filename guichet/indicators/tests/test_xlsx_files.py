"""Workbooks: cells as text, formulas, sheets, and what is made to harm."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from guichet.indicators.files.staged import UnreadableFile
from guichet.indicators.tests.staged_files import (
    SHEET,
    announced,
    many_rows,
    rewritten,
    rows_of,
    staged,
    workbook,
)


def test_cells_of_a_workbook_are_read_as_text(tmp_path: Path) -> None:
    content = workbook(
        ["Une ligne de présentation"],
        ["indicateur", "jour", "entier", "flottant", "virgule", "vide"],
        ["decroche", date(2026, 1, 1), 412, 412.0, 1.5, None],
        [],
        ["decroche", datetime.fromisoformat("2026-01-01 08:30"), 10**12, 1e20, True, "0042"],
    )
    found = staged(content, tmp_path)
    assert (found.kind, found.header_line) == ("xlsx", 2)
    assert rows_of(found) == [
        (3, ["decroche", "2026-01-01", "412", "412", "1.5", ""]),
        (5, ["decroche", "2026-01-01 08:30:00", "1000000000000", "1e+20", "VRAI", "0042"]),
    ]


def test_a_formula_is_never_run_and_is_told_with_its_cell(tmp_path: Path) -> None:
    found = staged(workbook(["indicateur", "a"], ["x", "=1+1"]), tmp_path)
    (fault,) = found.faults
    assert (fault.line, fault.column, fault.value) == (2, "a", "=1+1")
    assert "jamais calculée" in fault.message
    assert found.cell(fault.column, fault.line) == "B2"


def test_a_time_is_told(tmp_path: Path) -> None:
    found = staged(workbook(["indicateur", "a"], ["x", time(8, 30)]), tmp_path)
    assert "une heure" in found.faults[0].message


def test_other_sheets_are_passed_over_and_two_tables_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Lisez-moi"])
    for name in ("Un", "Deux"):
        sheet = book.create_sheet(name)
        sheet.append(["indicateur", "a"])
        sheet.append(["x", name])
    buffer = io.BytesIO()
    book.save(buffer)
    with pytest.raises(UnreadableFile, match="« Un », « Deux »"):
        staged(buffer.getvalue(), tmp_path)
    del book["Deux"]
    buffer = io.BytesIO()
    book.save(buffer)
    assert rows_of(staged(buffer.getvalue(), tmp_path)) == [(2, ["x", "Un"])]


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = rewritten(workbook(["indicateur"]), SHEET, lambda text: text + b" " * 120_000_000)
    with pytest.raises(UnreadableFile, match="démesuré"):
        staged(bomb, tmp_path)


def test_a_sheet_that_lies_about_its_size_is_not_read_beyond_it(tmp_path: Path) -> None:
    bomb = rewritten(workbook(["indicateur"]), SHEET, lambda text: text + b" " * 120_000_000)
    with pytest.raises(UnreadableFile, match="abîmé"):
        staged(announced(bomb, 900), tmp_path)


def test_more_rows_than_any_sheet_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guichet.indicators.files.xlsx.LAST_ROW", 100_000)
    with pytest.raises(UnreadableFile, match="la limite d'Excel"):
        staged(many_rows(b"<row/>", 100_000), tmp_path)
    assert len(rows_of(staged(many_rows(b"<row><c><v>1</v></c></row>", 50), tmp_path))) == 51


@pytest.mark.parametrize("chunk", [7, 64, 1 << 20])
def test_rows_are_counted_wherever_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr("guichet.indicators.files.xlsx.CHUNK_BYTES", chunk)
    monkeypatch.setattr("guichet.indicators.files.xlsx.LAST_ROW", 40)
    staged(many_rows(b'<row spans="1:1"></row>', 38), tmp_path)
    with pytest.raises(UnreadableFile, match="la limite d'Excel"):
        staged(many_rows(b'<row spans="1:1"></row>', 39), tmp_path)


def test_a_row_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="démesuré"):
        staged(many_rows(b"<row>" + b"<c/>" * 3_000_000 + b"</row>", 1), tmp_path)


def test_entities_are_refused(tmp_path: Path) -> None:
    def with_entities(text: bytes) -> bytes:
        return b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + text

    with pytest.raises(UnreadableFile, match="abîmé"):
        staged(rewritten(workbook(["indicateur"]), SHEET, with_entities), tmp_path)


def test_rows_numbered_beyond_any_sheet_do_not_hang(tmp_path: Path) -> None:
    def far(text: bytes) -> bytes:
        return text.replace(b'<row r="2"', b'<row r="99999999999"').replace(
            b'r="A2"', b'r="A99999999999"'
        )

    content = rewritten(workbook(["indicateur"], ["x"]), SHEET, far)
    assert rows_of(staged(content, tmp_path)) == []


@pytest.mark.parametrize("cut", [10, 200, 2_000])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    with pytest.raises(UnreadableFile, match="abîmé"):
        staged(workbook(["indicateur"], ["x"])[:cut], tmp_path)
