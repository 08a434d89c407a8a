"""Writes the files of this corpus that are no plain text: `write_all(folder)`, or as a script.

Each function returns the bytes of the file of its name in `FILES`.
"""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
HEADER = ["indicateur", "version", "structure", "periode", "coupe", "partie", "total"]
COUNTS = {
    "S01": (845, 1010),
    "S02": (44, 52),
    "0590010": (352, 400),
    "S05": (572, 640),
    "S06": (210, 250),
    "S07": (40, 50),
    "S08": (2580, 3000),
}
Row = list[Any]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
BOMB_MEGABYTES = 600


def april(structures: Iterable[str] = COUNTS) -> list[Row]:
    return [["decroche", 1, code, "2026-04", None, *COUNTS[code]] for code in structures]


def of_63() -> list[Row]:
    return april(["S05", "S06", "S07"])


def as_text(rows: Iterable[Sequence[Any]], separator: str = ";", end: str = "\r\n") -> str:
    return "".join(
        separator.join("" if cell is None else str(cell) for cell in row) + end for row in rows
    )


# Text in other encodings, and broken text


def cp1252() -> bytes:
    header = ["Indicateur", "Version", "Structure", "Période", "Coupe", "Partie", "Total"]
    return as_text([header, *april()]).encode("cp1252")


def utf16() -> bytes:
    return as_text([HEADER, *april()], "\t").encode("utf-16")


def mixed_encodings() -> bytes:
    header = as_text([[*HEADER, "nom"]]).encode()
    first, second, third = ([*row, "Guichet fermé l'été"] for row in of_63())
    return header + b"".join(
        as_text([row]).encode(encoding)
        for row, encoding in ((first, "utf-8"), (second, "cp1252"), (third, "utf-8"))
    )


def control_characters() -> bytes:
    rows = of_63()
    rows[0][2] = "S0\x005"
    rows[1][2] = "S0\x076"
    rows[2][5] = "4\x0b0"
    return as_text([HEADER, *rows], ",", "\n").encode()


def control_characters_without_nul() -> bytes:
    return control_characters().replace(b"\0", b"")


def nul_bytes() -> bytes:
    return as_text([HEADER, *of_63()], ",", "\n").encode() + bytes(4096)


def one_long_line() -> bytes:
    return b"decroche,1,S05,2026-04,,1,2," * 110_000


def long_cell() -> bytes:
    rows = of_63()
    rows[1][2] = "S" * 200_000
    return as_text([HEADER, *rows], ",", "\n").encode()


def many_columns() -> bytes:
    header = [*HEADER, *(f"colonne_{rank}" for rank in range(5000))]
    return as_text([header, *([*row, *["1"] * 5000] for row in of_63())], ",", "\n").encode()


# Files of another kind


def pdf() -> bytes:
    body = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
    return body + bytes(range(256)) * 20 + b"\nstartxref\n0\n%%EOF\n"


def compound(name: str) -> bytes:
    """An OLE container that holds one stream of this name, in its header's rough shape."""
    header = OLE + bytes(16) + bytes.fromhex("3e000300feff0900") + bytes(480)
    entries = b"".join(
        entry.encode("utf-16-le").ljust(128, b"\0") for entry in ("Root Entry", name)
    )
    return header + entries + bytes(4096)


def old_excel() -> bytes:
    return compound("Workbook")


def password() -> bytes:
    return compound("EncryptedPackage")


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def zip_bomb() -> bytes:
    """A workbook whose only sheet repeats one row, 600 MB once decompressed."""
    row = b'<row><c t="inlineStr"><is><t>decroche</t></is></c><c><v>1</v></c></row>'
    block = row * (1_000_000 // len(row))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(HEADER, april()))) as right,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb,
    ):
        for item in right.infolist():
            if item.filename != "xl/worksheets/sheet1.xml":
                bomb.writestr(item.filename, right.read(item))
                continue
            with bomb.open(item.filename, "w", force_zip64=True) as sheet:
                sheet.write(right.read(item).split(b"</row>")[0] + b"</row>")
                for _ in range(BOMB_MEGABYTES):
                    sheet.write(block)
                sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def zip_of_csv() -> bytes:
    return zip_of({"avril.csv": as_text([HEADER, *april()]).encode()})


def gzipped() -> bytes:
    return gzip.compress(as_text([HEADER, *april()]).encode())


def ods() -> bytes:
    return zip_of(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": b'<?xml version="1.0"?><office:document-content/>',
        }
    )


def word() -> bytes:
    return zip_of(
        {
            "[Content_Types].xml": b'<?xml version="1.0"?><Types/>',
            "word/document.xml": b'<?xml version="1.0"?><document/>',
        }
    )


# Workbooks


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def fill(sheet: Worksheet, header: Row, rows: Iterable[Row]) -> None:
    for row in (header, *rows):
        sheet.append(row)


def workbook(
    header: Row, rows: Iterable[Row], change: Callable[[Any], None] | None = None
) -> bytes:
    book = Workbook()
    fill(book.active, header, rows)
    if change:
        change(book.active)
    return saved(book)


def texts() -> bytes:
    return workbook(HEADER, [[None if c is None else str(c) for c in row] for row in april()])


def accented_title() -> bytes:
    header = ["Indicateur", "Version", "Structure", "Période", "Coupe", "Partie", "Total "]

    def format_below(sheet: Any) -> None:
        for row in range(9, 200):
            sheet.cell(row, 7).number_format = "# ##0"

    return workbook(header, april(), format_below)


def month_as_date() -> bytes:
    rows = [[*row[:3], date(2026, 4, 1), *row[4:]] for row in of_63()]

    def as_month(sheet: Any) -> None:
        for row in range(2, 5):
            sheet.cell(row, 4).number_format = "mmm-yy"

    return workbook(HEADER, rows, as_month)


def day_as_date() -> bytes:
    rows: list[Row] = [
        ["ouverts", 1, code, date(2026, 5, 18), None, 1] for code in ("S05", "S06", "S07")
    ]
    return workbook([*HEADER[:5], "nombre"], rows)


def empty_second_sheet() -> bytes:
    book = Workbook()
    fill(book.active, HEADER, april())
    book.create_sheet("Feuil2")
    return saved(book)


def notice_first() -> bytes:
    book = Workbook()
    book.active.title = "Lisez-moi"
    book.active.append(["Comment remplir ce fichier"])
    book.active.append(["Une ligne par site et par mois."])
    fill(book.create_sheet("Avril"), HEADER, april())
    return saved(book)


def two_sheets() -> bytes:
    book = Workbook()
    book.active.title = "Avril"
    fill(book.active, HEADER, april())
    march = [[*row[:3], "2026-03", *row[4:]] for row in april(["S05", "S06"])]
    fill(book.create_sheet("Mars"), HEADER, march)
    return saved(book)


def hidden_sheet() -> bytes:
    book = Workbook()
    fill(book.active, HEADER, april())
    hidden = book.create_sheet("Mars")
    fill(hidden, HEADER, [[*row[:3], "2026-03", *row[4:]] for row in april(["S05"])])
    hidden.sheet_state = "hidden"
    return saved(book)


def hidden_rows() -> bytes:
    def hide(sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:G8"
        for row in (3, 5, 6):
            sheet.row_dimensions[row].hidden = True

    return workbook(HEADER, april(), hide)


def merged_title() -> bytes:
    title: Row = ["Envoi d'avril 2026 – délégation du Puy-de-Dôme"]
    rows: list[Row] = [[], HEADER, *of_63()]
    return workbook(title, rows, lambda sheet: sheet.merge_cells("A1:G1"))


def two_tables_beside() -> bytes:
    march = [[*row[:3], "2026-03", *row[4:]] for row in april()]
    return workbook(
        [*HEADER, None, *HEADER],
        [[*row, None, *other] for row, other in zip(april(), march, strict=True)],
    )


def formula() -> bytes:
    rows = of_63()
    rows[1][5] = "=SUM(F2:F2)"
    return workbook(HEADER, rows)


def formula_with_value() -> bytes:
    """As Excel saves a formula: with the result that it last computed."""
    book, out = formula(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            for empty in (b"</f><v></v>", b"</f><v/>", b"</f><v />"):
                content = content.replace(empty, b"</f><v>210</v>")
            new.writestr(item.filename, content)
    return out.getvalue()


def errors() -> bytes:
    rows = of_63()
    rows[0][5], rows[1][5], rows[2][5] = "#DIV/0!", True, 12.5
    return workbook(HEADER, rows)


def leading_zero() -> bytes:
    return workbook(HEADER, [["decroche", 1, 590010, "2026-04", None, 352, 400]])


def merged_cells() -> bytes:
    rows = of_63()
    for row in rows[1:]:
        row[0] = None
    return workbook(HEADER, rows, lambda sheet: sheet.merge_cells("A2:A4"))


# Parquet


def parquet(rows: Iterable[Row], **types: pa.DataType) -> bytes:
    """Text for codes and 64-bit integers unless `types` says another type for a column."""
    usual = dict.fromkeys(HEADER, pa.string()) | dict.fromkeys(
        ("version", "partie", "total"), pa.int64()
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(HEADER)
    table = pa.table(
        {
            name: pa.array(list(column), type=(usual | types)[name])
            for name, column in zip(HEADER, columns, strict=True)
        }
    )
    return bytes_of(table)


def bytes_of(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def int32() -> bytes:
    return parquet(april(), version=pa.int32(), partie=pa.int32(), total=pa.int32())


def strings() -> bytes:
    rows = [["" if cell is None else str(cell) for cell in row] for row in april()]
    return parquet(rows, version=pa.string(), partie=pa.string(), total=pa.string())


def doubles() -> bytes:
    rows = [[*row[:5], float(row[5]), float(row[6])] for row in april()]
    return parquet(rows, partie=pa.float64(), total=pa.float64())


def dictionary() -> bytes:
    category = pa.dictionary(pa.int32(), pa.string())
    return parquet(
        april(),
        indicateur=category,
        structure=category,
        periode=pa.large_string(),
        version=pa.uint8(),
        partie=pa.uint32(),
        total=pa.uint64(),
    )


def no_cut() -> bytes:
    return parquet(april(), coupe=pa.null())


def dates() -> bytes:
    rows = [[*row[:3], date(2026, 4, 1), *row[4:]] for row in of_63()]
    return parquet(rows, periode=pa.date32())


def nulls() -> bytes:
    rows = of_63()
    rows[1][5] = None
    return parquet(rows)


def negative() -> bytes:
    rows = of_63()
    rows[1][5], rows[2][5] = -5.0, 12.5
    rows[0][5] = 572.0
    return parquet(rows, partie=pa.float64())


def nan() -> bytes:
    rows = of_63()
    rows[0][5], rows[1][5], rows[2][5] = float("nan"), float("inf"), 40.0
    return parquet(rows, partie=pa.float64())


def huge() -> bytes:
    rows = of_63()
    rows[0][6] = 2**64 - 1
    return parquet(rows, total=pa.uint64())


def nested() -> bytes:
    rows = [[*row[:5], [row[5]], row[6]] for row in of_63()]
    return parquet(rows, partie=pa.list_(pa.int64()))


def without_total() -> bytes:
    table = pq.read_table(io.BytesIO(parquet(of_63())))
    return bytes_of(table.drop_columns(["total"]))


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


FILES: dict[str, Callable[[], bytes]] = {
    "ok_cp1252.csv": cp1252,
    "ok_utf16.txt": utf16,
    "mixed_encodings.csv": mixed_encodings,
    "control_characters.csv": control_characters,
    "control_characters_without_nul.csv": control_characters_without_nul,
    "nul_bytes.csv": nul_bytes,
    "one_long_line.csv": one_long_line,
    "long_cell.csv": long_cell,
    "many_columns.csv": many_columns,
    "pdf.csv": pdf,
    "old_excel.xls": old_excel,
    "password.xlsx": password,
    "zip_bomb.xlsx": zip_bomb,
    "truncated.xlsx": lambda: half(workbook(HEADER, april())),
    "truncated.parquet": lambda: half(parquet(april())),
    "zip_of_csv.csv": zip_of_csv,
    "gzip.csv": gzipped,
    "ods_as_xlsx.xlsx": ods,
    "word_as_xlsx.xlsx": word,
    "ok_xlsx_named.csv": lambda: workbook(HEADER, april()),
    "ok_csv_named.xlsx": lambda: as_text([HEADER, *april()]).encode(),
    "ok_parquet_named.csv": lambda: parquet(april()),
    "ok_numbers.xlsx": lambda: workbook(HEADER, april()),
    "ok_texts.xlsx": texts,
    "ok_accented_title.xlsx": accented_title,
    "month_as_date.xlsx": month_as_date,
    "day_as_date.xlsx": day_as_date,
    "ok_empty_second_sheet.xlsx": empty_second_sheet,
    "ok_notice_first.xlsx": notice_first,
    "two_sheets.xlsx": two_sheets,
    "hidden_sheet.xlsx": hidden_sheet,
    "hidden_rows.xlsx": hidden_rows,
    "merged_title.xlsx": merged_title,
    "two_tables_beside.xlsx": two_tables_beside,
    "formula.xlsx": formula,
    "formula_with_value.xlsx": formula_with_value,
    "errors.xlsx": errors,
    "leading_zero.xlsx": leading_zero,
    "merged_cells.xlsx": merged_cells,
    "ok_int32.parquet": int32,
    "ok_int64.parquet": lambda: parquet(april()),
    "ok_strings.parquet": strings,
    "ok_doubles.parquet": doubles,
    "ok_dictionary.parquet": dictionary,
    "ok_no_cut.parquet": no_cut,
    "dates.parquet": dates,
    "nulls.parquet": nulls,
    "negative.parquet": negative,
    "nan.parquet": nan,
    "huge.parquet": huge,
    "nested.parquet": nested,
    "missing_column.parquet": without_total,
    "empty.parquet": lambda: parquet([]),
}


def write(name: str, folder: Path) -> Path:
    """The file of this name, in `folder`."""
    path = folder / name
    path.write_bytes(FILES[name]())
    return path


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for each in FILES:
        write(each, target)
