"""XLSX read as a stream of rows, formulas never run, archives out of proportion refused.

Owns cells as text (dates as 2026-01-31); refuses a formula, a bomb, an encrypted workbook.
Plain Python.
"""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from guichet.indicators.files.staged import (
    LONGEST_CELL,
    MOST_COLUMNS,
    TOO_LONG,
    Staged,
    UnreadableFile,
    empty_staged,
    told_as,
    write_rows,
)

MOST_ENTRIES = 2_000
MOST_BYTES = 500_000_000
MOST_SHARED_BYTES = 120_000_000
MOST_PART_BYTES = 5_000_000
MOST_SHEETS = 500
UNSUSPECTED_BYTES = 50_000_000
MOST_TIMES_SMALLER = 100
MOST_ROW_BYTES = 10_000_000
CHUNK_BYTES = 1 << 20
LAST_ROW = 1_048_576
ROWS_BEFORE_TITLES = 50
ROW_MARK = re.compile(rb"<(?:[A-Za-z0-9_]+:)?row[\s/>]")
LONGEST_MARK = 64
SHEET_MARK = re.compile(rb"<(?:[A-Za-z0-9_]+:)?sheet[\s/>]")
PROLOG_BYTES = 65_536
PROLOG = re.compile(
    rb"(?>\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s|<!--(?>.*?-->)|<\?(?>.*?\?>))*+<[^!?\s]", re.DOTALL
)
"""What may stand before the first element: comments and instructions, no document type."""
BOMB = (
    "Une fois décompressé, ce classeur serait démesuré : il n'est pas ouvert. Enregistrez-le de "
    "nouveau au format CSV."
)
HEAVY_PART = (
    "Ce classeur contient, hors de ses lignes, une partie démesurée (mises en forme, noms, "
    "tableaux croisés) : copiez les lignes dans un classeur neuf, ou enregistrez-le en CSV."
)
TOO_MANY_SHEETS = (
    f"Ce classeur a plus de {MOST_SHEETS} feuilles : gardez celle des chiffres, ou "
    "enregistrez-la en CSV."
)
TOO_MANY_LINES = (
    "Une feuille de ce classeur a plus de 1 048 576 lignes, la limite d'Excel : il n'est pas "
    "ouvert. Enregistrez-le de nouveau, ou envoyez un fichier CSV."
)
DAMAGED = (
    "Ce classeur est abîmé ou n'est pas au format .xlsx : ouvrez-le dans un tableur, puis "
    "enregistrez-le au format « Classeur Excel (.xlsx) » ou « CSV UTF-8 »."
)
FORMULA = "La case contient une formule, jamais calculée ici : remplacez-la par sa valeur."
CLOCK = "La case contient une heure : écrivez le nombre ou le texte attendu."


def stage_xlsx(path: Path, out: Path, wanted: str) -> Staged:
    """Stage the one sheet whose titles hold `wanted`. Raises `UnreadableFile`."""
    with (
        told_as(DAMAGED, zipfile.BadZipFile, zlib.error, InvalidFileException),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        refuse_bombs(path)
        refuse_endless_sheets(path)
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
            try:
                return stage_book(book, out, wanted)
            finally:
                book.close()


def refuse_bombs(path: Path) -> None:
    """By the sizes that the archive announces."""
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    shared = sum(e.file_size for e in entries if e.filename.lower().endswith("sharedstrings.xml"))
    compressed = max(1, sum(entry.compress_size for entry in entries))
    if (
        len(entries) > MOST_ENTRIES
        or size > MOST_BYTES
        or shared > MOST_SHARED_BYTES
        or (size > UNSUSPECTED_BYTES and size > MOST_TIMES_SMALLER * compressed)
    ):
        raise UnreadableFile(BOMB)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFile(
            "Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe."
        )
    refuse_heavy_parts(entries)
    refuse_entities(path, entries)


def refuse_heavy_parts(entries: list[zipfile.ZipInfo]) -> None:
    """A part that is read whole stays small: neither lines, nor their texts, nor pictures."""
    for entry in entries:
        name = entry.filename.lower()
        is_streamed = "worksheets/" in name or name.endswith("sharedstrings.xml")
        if entry.file_size > MOST_PART_BYTES and not is_streamed and "/media/" not in name:
            raise UnreadableFile(HEAVY_PART)


def refuse_endless_sheets(path: Path) -> None:
    """By what is decompressed, without keeping it: sizes announced may lie, rows are not known."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                refuse_endless(part, is_sheet="worksheets/" in entry.filename.lower())


def refuse_endless(part: IO[bytes], *, is_sheet: bool) -> None:
    """A part over `MOST_BYTES` or `LAST_ROW`, or one of its rows over `MOST_ROW_BYTES`."""
    size = rows = row_began = 0
    kept = b""
    while chunk := part.read(CHUNK_BYTES):
        block = kept + chunk
        began = size - len(kept)
        size += len(chunk)
        last = 0
        for mark in ROW_MARK.finditer(block):
            rows += 1
            last = mark.end()
        if last:
            row_began = began + last
        if rows > LAST_ROW:
            raise UnreadableFile(TOO_MANY_LINES)
        is_one_row = (rows or is_sheet) and size - row_began > MOST_ROW_BYTES
        if size > MOST_BYTES or is_one_row:
            raise UnreadableFile(BOMB)
        kept = block[max(last, len(block) - LONGEST_MARK) :]


def refuse_entities(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """No XML of a workbook declares a document type; one that does hides entities."""
    with zipfile.ZipFile(path) as archive:
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels")):
                with archive.open(entry) as file:
                    head = file.read(PROLOG_BYTES).replace(b"\0", b"")
                    if head.strip() and not PROLOG.match(head):
                        raise UnreadableFile(DAMAGED)
                    refuse_many_sheets(entry, head, file)


def refuse_many_sheets(entry: zipfile.ZipInfo, head: bytes, rest: IO[bytes]) -> None:
    """`workbook.xml` names its sheets, which are looked for one by one."""
    if not entry.filename.lower().endswith("workbook.xml"):
        return
    whole = head + rest.read(MOST_PART_BYTES).replace(b"\0", b"")
    if len(SHEET_MARK.findall(whole)) > MOST_SHEETS:
        raise UnreadableFile(TOO_MANY_SHEETS)


def stage_book(book: Any, out: Path, wanted: str) -> Staged:
    found = [
        (sheet, *line_and_titles)
        for sheet in book.worksheets
        if (line_and_titles := titles_of(sheet, wanted))
    ]
    if not found:
        raise UnreadableFile(
            f"Aucune feuille de ce classeur n'a de colonne « {wanted} » : partez du fichier modèle "
            "de votre réseau."
        )
    if len(found) > 1:
        names = ", ".join(f"« {sheet.title} »" for sheet, *_ in found[:5])
        raise UnreadableFile(
            f"Plusieurs feuilles ont une colonne « {wanted} » ({names}) : envoyez-en une à la fois."
        )
    sheet, line, titles = found[0]
    staged = empty_staged(out, "xlsx", titles, line)
    write_rows(staged, records(sheet, staged))
    return staged


def titles_of(sheet: Any, wanted: str) -> tuple[int, list[str]] | None:
    """The line of the titles and the titles, when one of the first lines holds `wanted`."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=ROWS_BEFORE_TITLES, max_col=MOST_COLUMNS + 1)
    for line, cells in enumerate(rows, start=1):
        titles = [plain_text(cell.value) for cell in cells]
        if wanted in (title.strip().casefold() for title in titles):
            return line, titles
    return None


def records(sheet: Any, staged: Staged) -> Iterator[tuple[int, list[str]]]:
    width = len(staged.headers)
    first = staged.header_line + 1
    rows = sheet.iter_rows(min_row=first, max_row=LAST_ROW, max_col=width)
    for line, cells in enumerate(rows, start=first):
        texts = [""] * width
        for position, cell in enumerate(cells[:width]):
            value = cell.value
            if value is None:
                continue
            if type(value) is str and cell.data_type != "f" and len(value) <= LONGEST_CELL:
                texts[position] = value
            else:
                texts[position] = cell_text(staged, line, position, cell)
        if any(texts):
            yield line, texts


def cell_text(staged: Staged, line: int, position: int, cell: Any) -> str:
    """The text of a cell that is no plain text; what cannot be one is a fault."""
    value = cell.value
    if cell.data_type == "f":
        text = value if isinstance(value, str) else "="
        staged.add_fault(line, staged.headers[position], text, FORMULA)
        return text
    if isinstance(value, str):
        staged.add_fault(line, staged.headers[position], value[:80], TOO_LONG)
        return value[:80]
    if isinstance(value, time):
        staged.add_fault(line, staged.headers[position], str(value), CLOCK)
        return str(value)
    return plain_text(value)


def plain_text(value: object) -> str:
    """A value of a workbook as text: whole numbers without decimals, days as 2026-01-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)
