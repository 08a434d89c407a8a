"""Files of every habit are read alike; what cannot be read says how to save it again."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guichet.indicators.checking import columns
from guichet.indicators.files import Staged, UnreadableFile, csv_text, plain_blocks, stage
from guichet.indicators.files.titles import OTHERS, WANTED

TITLES = ["indicateur", "version", "structure", "periode", "nom"]
ROW = ["decroche", "1", "S01", "2026-01", "Hôtel de ville, « été »"]


def staged(content: bytes, tmp_path: Path) -> Staged:
    path = tmp_path / "fichier"
    path.write_bytes(content)
    return stage(path, tmp_path / "staged.parquet")


def rows_of(found: Staged) -> list[tuple[int, list[str]]]:
    table = pq.read_table(found.path)
    columns = [column.to_pylist() for column in table.columns]
    return [(line, cells) for line, *cells in zip(*columns, strict=True)]


def text_of(delimiter: str, *rows: list[str]) -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


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


@pytest.mark.parametrize(
    "text",
    [
        "decroche;1;S05;2026-04;;572;640\n" * 3,
        "indicateur|version|structure|periode\ndecroche|1|S05|2026-04\n",
        '[{"indicateur": "decroche", "version": 1}]\n',
        "Avril\n" * 10 + "indicateur;version\ndecroche;1\n",
    ],
)
def test_without_titles_only_the_titles_are_asked(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile) as told:
        staged(text.encode(), tmp_path)
    assert "la ligne 1 doit être « indicateur;version;structure;periode" in str(told.value)
    assert "supprim" not in str(told.value)


def test_parquet_without_any_expected_column_is_told_their_names(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="« indicateur », « version »"):
        staged(parquet({"indicator": pa.array(["x"]), "n": pa.array([1])}), tmp_path)


def test_titles_with_invisible_characters_and_one_misspelt_are_titles(tmp_path: Path) -> None:
    found = staged("indic\u200bateur;a\nx;1\n".encode(), tmp_path)
    assert found.header_line == 1
    assert staged(b"indicateurs;version;structure\nx;1;y\n", tmp_path).row_count == 1


def test_what_looks_like_titles_is_what_the_checks_know() -> None:
    known = {*columns.KEY, *columns.DECLARED, *columns.COUNTERS} - {*columns.BUCKETS}
    assert {WANTED, *OTHERS} == known


def test_a_nul_in_a_cell_is_read_with_its_line(tmp_path: Path) -> None:
    found = staged(b"indicateur;a\nx;1\ny\0;2\n", tmp_path)
    assert rows_of(found) == [(2, ["x", "1"]), (3, ["y\0", "2"])]


def test_the_cell_of_a_fault_is_named_as_a_spreadsheet_does(tmp_path: Path) -> None:
    found = staged(b"indicateur;a\nx;1\n", tmp_path)
    assert (found.cell("a", 7), found.cell("", 7)) == ("B7", "")


def workbook(*rows: list[object], title: str = "Feuille") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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


def rewritten(content: bytes, name: str, change: object) -> bytes:
    """A workbook with one of its files changed."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry.filename, change(text) if entry.filename == name else text)  # type: ignore[operator]
    return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    bomb = rewritten(workbook(["indicateur"]), SHEET, lambda text: text + b" " * 120_000_000)
    with pytest.raises(UnreadableFile, match="démesuré"):
        staged(bomb, tmp_path)


def announced(content: bytes, size: int) -> bytes:
    """A workbook whose archive says another size for its sheet, in both of its directories."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        true = archive.getinfo(SHEET).file_size
    return content.replace(struct.pack("<I", true), struct.pack("<I", size))


def test_a_sheet_that_lies_about_its_size_is_not_read_beyond_it(tmp_path: Path) -> None:
    bomb = rewritten(workbook(["indicateur"]), SHEET, lambda text: text + b" " * 120_000_000)
    with pytest.raises(UnreadableFile, match="abîmé"):
        staged(announced(bomb, 900), tmp_path)


def many_rows(row: bytes, times: int) -> bytes:
    def longer(text: bytes) -> bytes:
        return text.replace(b"</sheetData>", row * times + b"</sheetData>")

    return rewritten(workbook(["indicateur"], ["x"]), SHEET, longer)


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


@pytest.mark.parametrize("line", [b"x;1\n", b"\n", b"x;1;2\n", b'x;"1"2\n'])
def test_more_lines_than_any_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: bytes
) -> None:
    monkeypatch.setattr("guichet.indicators.files.staged.MOST_ROWS", 40_000)
    with pytest.raises(UnreadableFile, match="20 millions de lignes"):
        staged(b"indicateur;a\n" + line * 70_000, tmp_path)


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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf\r\n\r\n", "vide"),
        (b"%PDF-1.7 ...", "un PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien format .xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        (b"\x1f\x8b\x08\0", "décompressez"),
        (b"PK\x05\x06" + b"\0" * 18, "abîmé"),
        (b"<!DOCTYPE html><html>", "une page web"),
        (b'{"a": 1}', "du JSON"),
        (b"PAR1 et rien d'autre", "Parquet est abîmé"),
        (b"abc\0\0\0def;indicateur\n\x01\x02", "pas un fichier de texte"),
        ("\ufeffindicateur;a\n".encode("utf-16-le") + b"\xd8", "coupé ou abîmé"),
        (("c;" * 70 + "indicateur\n").encode(), "71 colonnes"),
        (b"\x00\x01\x02indicateur\xff\xfe;version", "pas un fichier de texte"),
    ],
)
def test_what_is_no_table_says_how_to_save_it_again(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        staged(content, tmp_path)


def parquet(columns: dict[str, pa.Array]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


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


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), max_size=30)
RECORDS = st.lists(
    st.tuples(st.from_regex(r"[a-z]{1,8}", fullmatch=True), CELLS, st.integers(0, 10**12)),
    min_size=1,
    max_size=30,
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
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


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
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


SAMPLES = {
    "xlsx": workbook(*([*TITLES], *([ROW] * 5))),
    "parquet": parquet(
        {title: pa.array([cell] * 5) for title, cell in zip(TITLES, ROW, strict=True)}
    ),
    "csv": text_of(";", TITLES, *([ROW] * 5)).encode(),
}


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    kind=st.sampled_from(list(SAMPLES)),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 40),
)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(
    tmp_path: Path, kind: str, changes: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(SAMPLES[kind])
    for place, byte in changes:
        content[place % len(content)] = byte
    del content[len(content) - cut :]
    try:
        found = staged(bytes(content), tmp_path)
    except UnreadableFile as error:
        told = str(error)
    else:
        told = f"{len(rows_of(found))} lignes."
    assert told.strip().endswith((".", "»"))
