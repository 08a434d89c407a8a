"""A file that went through a spreadsheet is read whatever its habits, and never raises."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.directory.csv_sheets import (
    Sheet,
    UnreadableSheet,
    plain_cell,
    read_sheet,
    safe_cell,
    written_lines,
)

TABLE = "code;nom\r\nsite-1;Hôtel de ville – l'été\r\n"
ROWS = [(2, ["site-1", "Hôtel de ville – l'été"])]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        ("\ufeff" + TABLE).encode(),
        TABLE.encode("cp1252"),
        TABLE.encode("utf-16"),
        TABLE.replace("\r\n", "\n").encode(),
        TABLE.replace("\r\n", "\r").encode(),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode("utf-16"),
        TABLE.replace("Hôtel de ville – l'été", '"Hôtel de ville – l\'été"').encode(),
        TABLE.replace("\r\n", ";;;\r\n").encode(),
        (TABLE + ";\r\n\r\n;;;;\r\n").encode(),
        TABLE.rstrip().encode(),
    ],
)
def test_every_habit_gives_the_same_table(content):
    sheet = read_sheet(content, wanted="code")
    assert [cell for cell in sheet.header if cell] == ["code", "nom"]
    assert [(line, cells[:2]) for line, cells in sheet.records] == ROWS
    assert sheet.faults == []


def test_the_separator_line_of_a_spreadsheet_counts_as_a_line():
    sheet = read_sheet(b'"sep=,"\r\ncode,nom\r\nsite-1,"a;b"\r\n', wanted="code")
    assert (sheet.header_line, sheet.records) == (2, [(3, ["site-1", "a;b"])])


def test_lines_are_numbered_as_in_the_file_despite_texts_of_several_lines():
    sheet = read_sheet(b'code;nom\r\na;"un\r\ndeux"\r\n\r\nb;trois\r\n', wanted="code")
    assert [line for line, _ in sheet.records] == [2, 5]


def test_only_windows_letters_make_a_file_narrow():
    assert read_sheet("code;nom\na;é".encode("latin-1"), wanted="code").is_narrow
    assert not read_sheet("code;nom\na;é".encode(), wanted="code").is_narrow


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (b"\r\n;;;\r\n", "vide"),
        (b"PK\x03\x04....", "classeur"),
        (b"code;nom\n\x00\x00", "pas un fichier de texte"),
        (b"\xff\xfea", "coupé ou abîmé"),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_to_save_it(content, told):
    with pytest.raises(UnreadableSheet, match=told):
        read_sheet(content, wanted="code")


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b"code;nom\na;b;c\n", 2, "3 cases"),
        (b'code;nom\na;"b\n', 2, "jamais refermé"),
        (b'code;nom\na;"b"c\nd;e\n', 2, "s'écrit deux fois"),
    ],
)
def test_a_line_that_is_no_record_is_a_fault(content, line, told):
    (fault,) = read_sheet(content, wanted="code").faults
    assert fault.line == line
    assert told in fault.message


@pytest.mark.parametrize("formula", ["=1+1", "+33 3", "-2", "@SUM(A1)", "\t=1", "'=1", "''=1"])
def test_a_formula_is_written_as_a_text_and_read_back(formula):
    assert safe_cell(formula).startswith("'")
    assert plain_cell(safe_cell(formula)) == formula


@pytest.mark.parametrize("text", ["", "'", "'Aubépine", "1+1", "l'été"])
def test_other_texts_are_left_alone(text):
    assert safe_cell(text) == plain_cell(text) == text


@given(st.text())
def test_every_cell_comes_back(text):
    assert plain_cell(safe_cell(text)) == text


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_a_written_table_is_read_back(rows):
    content = "".join(written_lines([("code", "nom"), *rows])).encode()
    sheet = read_sheet(content, wanted="code")
    assert sheet.faults == []
    wanted = [list(row) for row in rows if any(cell.strip() for cell in row)]
    assert [cells for _, cells in sheet.records] == wanted


@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore"))
)
def test_no_file_whatever_breaks_the_reader(content):
    with suppress(UnreadableSheet):
        assert isinstance(read_sheet(content, wanted="code"), Sheet)
