"""CSV as networks save it: encodings, separators, quotes, lines."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.indicators.files import csv_text, plain_blocks
from guichet.indicators.files.staged import UnreadableFile
from guichet.indicators.tests.staged_files import (
    ROW,
    TITLES,
    rows_of,
    staged,
    text_of,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_csv_is_read_whatever_its_encoding_and_separator(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    found = staged(text_of(delimiter, TITLES, ROW).encode(encoding), tmp_path)
    assert found.headers == TITLES
    assert rows_of(found) == [(2, ROW)]
    assert found.faults == []


def test_commas_separate_and_quotes_hold_them(tmp_path: Path) -> None:
    text = ",".join(TITLES) + '\ndecroche,1,S01,2026-01,"Lille, rue ""X"""\n'
    assert rows_of(staged(text.encode(), tmp_path)) == [
        (2, ["decroche", "1", "S01", "2026-01", 'Lille, rue "X"'])
    ]


def test_latin_1_bytes_that_windows_lacks_are_read(tmp_path: Path) -> None:
    content = text_of(";", TITLES, ROW[:4]).encode() + b"decroche;1;S02;2026-01;\xe9\x81\r\n"
    assert rows_of(staged(content, tmp_path))[1][1][4] == "é\x81"


def test_the_mark_of_utf_8_before_text_of_windows_is_no_part_of_a_title(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfindicateur;periode\r\ndecroche;d\xe9cembre 2025\r\n"
    found = staged(content, tmp_path)
    assert found.headers == ["indicateur", "periode"]
    assert rows_of(found) == [(2, ["decroche", "décembre 2025"])]


def test_lines_are_those_of_the_file_with_blank_lines_and_breaks_in_cells(tmp_path: Path) -> None:
    text = 'sep=;\n\nindicateur;nom\na;"deux\nlignes"\n\n;;\nb;c\n'
    found = staged(text.encode(), tmp_path)
    assert found.header_line == 3
    assert rows_of(found) == [(4, ["a", "deux\nlignes"]), (8, ["b", "c"])]


def test_short_lines_are_filled_and_empty_cells_at_the_end_dropped(tmp_path: Path) -> None:
    found = staged(b"indicateur;a;b\nx\ny;1;2;;\n", tmp_path)
    assert rows_of(found) == [(2, ["x", "", ""]), (3, ["y", "1", "2"])]
    assert found.faults == []


def test_a_line_with_too_many_cells_is_told_and_the_others_read(tmp_path: Path) -> None:
    found = staged(b"indicateur;a\nx;1;2\ny;1\n", tmp_path)
    (fault,) = found.faults
    assert (fault.line, fault.column) == (2, "")
    assert "3 cases, les titres en annoncent 2" in fault.message
    assert rows_of(found) == [(3, ["y", "1"])]


def test_a_quote_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    found = staged(b'indicateur;a\nx;1\ny;"oubli\nz;3\n', tmp_path)
    assert [fault.line for fault in found.faults] == [3]


def test_a_long_cell_is_told_without_a_word_of_quotes(tmp_path: Path) -> None:
    found = staged(b"indicateur;a\nx;" + b"9" * 5_000 + b"\ny;1\n", tmp_path)
    (fault,) = found.faults
    assert fault.line == 2
    assert "un texte démesuré" in fault.message
    assert "guillemet" not in fault.message
    assert rows_of(found) == [(3, ["y", "1"])]


def test_a_long_cell_over_several_lines_has_a_quote_left_open(tmp_path: Path) -> None:
    found = staged(b'indicateur;a\nx;"oubli' + b"\nz;33333" * 500, tmp_path)
    assert "jamais refermé" in found.faults[0].message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "sep=;\n", "\ufeff"])
def test_lines_above_the_titles_are_passed_over_and_counted(
    tmp_path: Path, start: str, end: str
) -> None:
    above = ['Réseau "fictif", avril;;', "", "Envoi;1,5;"]
    text = start + end.join([*above, "Indicateur;version", "decroche;1", "x;1;2", "b;2", ""])
    found = staged(text.encode(), tmp_path)
    first = 4 if "sep" not in start else 5
    assert (found.header_line, found.headers) == (first, ["Indicateur", "version"])
    assert rows_of(found) == [(first + 1, ["decroche", "1"]), (first + 3, ["b", "2"])]
    assert [fault.line for fault in found.faults] == [first + 2]


def test_titles_with_invisible_characters_and_one_misspelt_are_titles(tmp_path: Path) -> None:
    found = staged("indic\u200bateur;a\nx;1\n".encode(), tmp_path)
    assert found.header_line == 1
    assert staged(b"indicateurs;version;structure\nx;1;y\n", tmp_path).row_count == 1


def test_a_nul_in_a_cell_is_read_with_its_line(tmp_path: Path) -> None:
    found = staged(b"indicateur;a\nx;1\ny\0;2\n", tmp_path)
    assert rows_of(found) == [(2, ["x", "1"]), (3, ["y\0", "2"])]


@pytest.mark.parametrize("line", [b"x;1\n", b"\n", b"x;1;2\n", b'x;"1"2\n'])
def test_more_lines_than_any_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    monkeypatch.setattr("guichet.indicators.files.staged.MOST_ROWS", 40_000)
    with pytest.raises(UnreadableFile, match="20 millions de lignes"):
        staged(b"indicateur;a\n" + line * 70_000, tmp_path)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), max_size=30)


RECORDS = st.lists(
    st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), CELLS, st.integers(0, 10**12)),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(records=RECORDS, delimiter=st.sampled_from(";,\t"), bom=st.booleans())
def test_any_csv_survives_staging_unchanged(
    tmp_path: Path, records: list[tuple[str, str, int]], delimiter: str, bom: bool
) -> None:
    lines = [delimiter.join(["indicateur", "nom", "total"])]
    lines += [f'{code}{delimiter}"{text}"{delimiter}{number}' for code, text, number in records]
    text = "\n".join(lines) + "\n"
    found = staged(text.encode("utf-8-sig" if bom else "utf-8"), tmp_path)
    assert rows_of(found) == [
        (line, [code, cell, str(number)])
        for line, (code, cell, number) in enumerate(records, start=2)
    ]


PIECES = st.lists(
    st.sampled_from(
        [
            *("decroche;1;S01\n", "b;2;é\r\n", "\n", ";;\n", " ;;x\n", "a;b\n", "a;1;2;3\n"),
            *("a;1;2;;\n", '"q";1;"x;y"\n', '"two\nlines";1;x\n', "c\rd;1;x\n", "n\0l;1;x\n"),
            *("\ufeff;1;x\n", "l" * 2_100 + ";1;x\n", '"x"y;1;x\n', "\u2028;1;\u3000\n"),
        ]
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(pieces=PIECES, end=st.sampled_from(["", "z;1;x"]), block=st.sampled_from([1, 40, 1 << 21]))
def test_blocks_and_lines_read_the_same(
    tmp_path: Path, pieces: list[str], end: str, block: int
) -> None:
    content = ("indicateur;a;b\n" + "".join(pieces) + end).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_blocks, "BLOCK_BYTES", block)
        by_blocks = staged(content, tmp_path)
        read = rows_of(by_blocks)
        patch.setattr(csv_text, "after_titles", lambda *_: None)
        by_lines = staged(content, tmp_path)
    assert read == rows_of(by_lines)
    assert by_blocks.faults == by_lines.faults
    assert by_blocks.row_count == by_lines.row_count


@pytest.mark.parametrize("rows", ["", "x;1\n", 'x;1\n"y";2\n'])
def test_no_group_of_rows_is_empty(tmp_path: Path, rows: str) -> None:
    found = staged(f"indicateur;a\n{rows}".encode(), tmp_path)
    file = pq.read_metadata(found.path)
    assert all(file.row_group(rank).num_rows for rank in range(file.num_row_groups))


def test_only_plain_blocks_are_read_whole() -> None:
    schema = pa.schema([("line", pa.int64()), ("k0", pa.string()), ("k1", pa.string())])
    table = plain_blocks.plain_table("é;01\r\nNA;\n".encode(), ";", schema, 7)
    assert table.to_pylist() == [
        {"line": 7, "k0": "é", "k1": "01"},
        {"line": 8, "k0": "NA", "k1": ""},
    ]
    for block in (b'a;"1"\n', b"a;1", b"a\n", b"a;1\n\n", b";1\n", b"a;1;2\n", b"\xff;1\n"):
        assert plain_blocks.plain_table(block, ";", schema, 1) is None
