"""CSV read as a stream: any usual encoding and separator, quotes, line numbers of the file.

Owns the text; refuses what is no text or never closes a quote. Plain Python.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from guichet.directory.csv_sheets import quoting_words, without_separator_line
from guichet.indicators.files.plain_blocks import UTF_8, Reached, after_titles, plain_tables
from guichet.indicators.files.staged import (
    LONGEST_CELL,
    Staged,
    UnreadableFile,
    empty_staged,
    refuse_too_many,
    schema_of,
    tables_of,
    write_rows,
    write_tables,
)
from guichet.indicators.files.titles import LINES_BEFORE, NO_TITLES, title_line

FIRST_BYTES = 65_536
CHUNK_BYTES = 1 << 20
LONG_CELL = (
    "Une case contient un texte démesuré (plus de 2 000 caractères) : écrivez le code ou le nombre "
    "attendu."
)
NO_TEXT = "Ce n'est pas un fichier de texte : enregistrez-le au format CSV."
WINDOWS = ("cp1252", "latin-1")
MARK_MISREAD = codecs.BOM_UTF8.decode("latin-1")
NOT_IN_CP1252 = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")


def stage_csv(path: Path, out: Path) -> Staged:
    """Stage a CSV whose titles stand among its first lines. Raises `UnreadableFile`."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        head = file.read(FIRST_BYTES)
        start = mark_length(head, encoding)
        skipped, delimiter = titles_found(head[start:])
        file.seek(start)
        for _ in range(skipped):
            file.readline()
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        header = titles_read(reader)
        staged = empty_staged(out, "csv", header, reader.line_num + skipped)
        reached = after_titles(path, staged.header_line) if encoding == UTF_8 else None
        if reached is None:
            write_rows(staged, records(reader, staged, skipped))
        else:
            write_tables(staged, tables_by_blocks(path, delimiter, staged, reached))
    return staged


def tables_by_blocks(
    path: Path, delimiter: str, staged: Staged, reached: Reached
) -> Iterator[pa.Table]:
    """The plain blocks of a UTF-8 file, then line by line from the first that is not."""
    schema = schema_of(staged)
    yield from plain_tables(path, delimiter, schema, reached)
    with path.open("rb") as bytes_left:
        bytes_left.seek(reached.offset)
        with io.TextIOWrapper(bytes_left, encoding="utf-8", newline="") as text:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            yield from tables_of(records(reader, staged, reached.line), schema)


def titles_found(head: str) -> tuple[int, str]:
    """How many lines stand above the titles, and what separates them."""
    rest, delimiter = without_separator_line(head)
    lines = list(islice(io.StringIO(rest, newline=""), LINES_BEFORE))
    found = title_line(lines)
    if found is None:
        raise UnreadableFile(NO_TITLES)
    if "\0" in lines[found.above]:
        raise UnreadableFile(NO_TEXT)
    return found.above + (1 if delimiter else 0), found.delimiter


def titles_read(reader: Any) -> list[str]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        return list(next(reader))
    except csv.Error as error:
        raise UnreadableFile(
            f"La ligne des titres est illisible. {broken_quotes(str(error), lines=reader.line_num)}"
        ) from None


def records(reader: Any, staged: Staged, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each record that says something, with the line where it begins; the others are faults."""
    width = len(staged.headers)
    while True:
        line = reader.line_num + skipped + 1
        try:
            for cells in reader:
                if len(cells) == width and cells[0] and not cells[0].isspace():
                    yield line, cells
                    line = reader.line_num + skipped + 1
                    continue
                refuse_too_many(line)
                if (fitted := fitted_cells(cells, width)) is not None:
                    if fitted:
                        yield line, fitted
                else:
                    staged.add_fault(line, "", delimited(cells), too_many_cells(cells, width))
                line = reader.line_num + skipped + 1
            return
        except csv.Error as error:
            refuse_too_many(line)
            lines = reader.line_num + skipped + 1 - line
            staged.add_fault(line, "", "", broken_quotes(str(error), lines=lines))


def broken_quotes(error: str, *, lines: int) -> str:
    """What `csv` says of a record of so many lines; a long cell of one line has no open quote."""
    return LONG_CELL if "field larger" in error and lines <= 1 else quoting_words(error)


def fitted_cells(cells: list[str], width: int) -> list[str] | None:
    """The cells at the header's width; empty for an empty line; None when there are too many."""
    while cells and not cells[-1].strip():
        cells.pop()
    if len(cells) > width:
        return None
    return cells + [""] * (width - len(cells)) if cells else []


def delimited(cells: list[str]) -> str:
    return " ".join(cells)[:80]


def too_many_cells(cells: list[str], width: int) -> str:
    return (
        f"La ligne a {len(cells)} cases, les titres en annoncent {width} : vérifiez les "
        "séparateurs, et mettez entre guillemets un texte qui en contient."
    )


def encoding_of(path: Path) -> str:
    """UTF-8, UTF-16, else Windows-1252 (Latin-1 where that lacks a byte)."""
    with path.open("rb") as file:
        first = file.read(FIRST_BYTES)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return checked_encoding(path, "utf-16")
    if b"\0" in first:
        return guessed_utf16(path, first)
    if decodes(path, "utf-8"):
        return UTF_8
    return WINDOWS[1] if holds_any(path, NOT_IN_CP1252) else WINDOWS[0]


def mark_length(head: str, encoding: str) -> int:
    """Of the mark of UTF-8 that some tools put before text which is not, a letter for a byte."""
    return 3 if encoding in WINDOWS and head.startswith(MARK_MISREAD) else 0


def checked_encoding(path: Path, encoding: str) -> str:
    if decodes(path, encoding):
        return encoding
    raise UnreadableFile(
        "Le fichier est coupé ou abîmé : enregistrez-le de nouveau au format « CSV UTF-8 »."
    )


def guessed_utf16(path: Path, first: bytes) -> str:
    """UTF-16 without its mark has a zero byte beside each letter; a text that holds a few NUL is
    read, so that their lines are told."""
    for encoding, zeros in (("utf-16-le", first[1:40:2]), ("utf-16-be", first[0:40:2])):
        if zeros and not any(zeros):
            return checked_encoding(path, encoding)
    if decodes(path, "utf-8"):
        return UTF_8
    raise UnreadableFile(NO_TEXT)


def decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def holds_any(path: Path, wanted: tuple[bytes, ...]) -> bool:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            if any(mark in chunk for mark in wanted):
                return True
    return False
