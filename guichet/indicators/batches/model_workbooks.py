"""The file that a network fills, as an Excel workbook.

Owns its sheets; refuses to know what they hold. Loaded only when somebody asks for one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from guichet.directory.csv_sheets import safe_cell

TEXT_FORMAT = "@"
SHEET, NOTES = "Observations", "Lisez-moi"


def workbook_bytes(titles: list[str], rows: Iterator[list[str]], notes: list[list[str]]) -> bytes:
    """A workbook whose key cells are texts, so that a spreadsheet leaves codes and periods be."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEF", (16, 8, 14, 34, 11, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([bold(sheet, title) for title in titles])
    for row in rows:
        sheet.append([text_cell(sheet, cell) if cell else None for cell in row])
    help_sheet = book.create_sheet(NOTES)
    help_sheet.column_dimensions["A"].width = 28
    help_sheet.column_dimensions["B"].width = 48
    help_sheet.column_dimensions["C"].width = 70
    for note in notes:
        help_sheet.append([safe_cell(cell) for cell in note])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bold(sheet: object, title: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=title)
    cell.font = Font(bold=True)
    return cell


def text_cell(sheet: object, text: str) -> WriteOnlyCell:
    """A text that is never a formula, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=safe_cell(text))
    cell.number_format = TEXT_FORMAT
    return cell
