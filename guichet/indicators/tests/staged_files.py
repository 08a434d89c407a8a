"""Small files of each format, and how they are read back."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from guichet.indicators.files.reading import stage
from guichet.indicators.files.staged import Staged

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


def workbook(*rows: list[object], title: str = "Feuille") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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


def announced(content: bytes, size: int) -> bytes:
    """A workbook whose archive says another size for its sheet, in both of its directories."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        true = archive.getinfo(SHEET).file_size
    return content.replace(struct.pack("<I", true), struct.pack("<I", size))


def many_rows(row: bytes, times: int) -> bytes:
    def longer(text: bytes) -> bytes:
        return text.replace(b"</sheetData>", row * times + b"</sheetData>")

    return rewritten(workbook(["indicateur"], ["x"]), SHEET, longer)


def parquet(columns: dict[str, pa.Array]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()
