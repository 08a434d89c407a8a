"""CSV files that go through a spreadsheet and come back: cells written safe, files read whatever
their encoding, separator and habits.

Owns the bytes; refuses what is no table, and says how to save it again. Plain Python.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

BOM = "\ufeff"
DELIMITERS = ";,\t"
LONGEST_CELL = 100_000
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t]*', re.IGNORECASE)
_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class UnreadableSheet(ValueError):
    """Why a file cannot be read at all, and how to save it again (French)."""


class Fault(NamedTuple):
    """What is wrong in one cell (or line, when `column` is empty), and how to mend it."""

    line: int
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Sheet:
    """The table of a file: `records` are the line where each begins, and its cells.

    `is_narrow`: the file is in Windows-1252, where a spreadsheet wrote « ? » for what it lacks.
    """

    header: list[str]
    header_line: int
    records: list[tuple[int, list[str]]]
    faults: list[Fault]
    is_narrow: bool


def safe_cell(text: str) -> str:
    """`text` so that no spreadsheet takes it for a formula; `plain_cell` gives it back."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    return text[1:] if _QUOTED_FORMULA.match(text) else text


def written_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file in pieces: byte order mark, semicolons, Windows line ends, safe cells."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    yield BOM
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def read_sheet(content: bytes, *, wanted: str) -> Sheet:
    """The table of a file whose header holds a column `wanted`. Raises `UnreadableSheet`.

    Cells are given back plain; empty lines are passed over; a line that has other cells than the
    header's is a fault.
    """
    text, is_narrow = decoded(content)
    text, delimiter = without_separator_line(text)
    skipped = 1 if delimiter else 0
    delimiter = delimiter or likely_delimiter(text, wanted)
    faults: list[Fault] = []
    found = numbered_records(text, delimiter, skipped, faults)
    header_line, header = next(found, (0, []))
    if not header:
        raise UnreadableSheet("Ce fichier est vide : envoyez celui que vous avez téléchargé ici.")
    records = [fitted(line, cells, len(header), faults) for line, cells in found]
    return Sheet(
        header=header,
        header_line=header_line,
        records=[record for record in records if record is not None],
        faults=sorted(faults),
        is_narrow=is_narrow,
    )


def decoded(content: bytes) -> tuple[str, bool]:
    """The text, and whether it was Windows-1252 (or Latin-1)."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableSheet(
            "C'est un classeur de tableur, pas un fichier CSV. Ouvrez-le, choisissez "
            "« Enregistrer sous », puis le format « CSV UTF-8 »."
        )
    encoding = next((name for mark, name in _ENCODINGS if content.startswith(mark)), "")
    try:
        text, is_narrow = content.decode(encoding or "utf-8"), False
    except UnicodeDecodeError:
        if encoding:
            raise UnreadableSheet(
                "Le fichier est coupé ou abîmé : enregistrez-le de nouveau au format « CSV UTF-8 »."
            ) from None
        text, is_narrow = narrow_text(content), True
    if "\0" in text:
        raise UnreadableSheet("Ce n'est pas un fichier de texte : enregistrez-le au format CSV.")
    return text.removeprefix(BOM), is_narrow


def narrow_text(content: bytes) -> str:
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def without_separator_line(text: str) -> tuple[str, str]:
    """The text without the « sep=; » that a spreadsheet reads first, and the separator it says."""
    first, _, rest = text.partition("\n")
    match = _SEPARATOR_LINE.fullmatch(first.strip("\r"))
    return (rest, match[1]) if match and match[1] in DELIMITERS else (text, "")


def likely_delimiter(text: str, wanted: str) -> str:
    """Whichever separator makes the header hold the column `wanted`; else the commonest."""
    first = next((line for line in text[:LONGEST_CELL].splitlines() if line.strip(' ;,\t"')), "")

    def likelihood(delimiter: str) -> tuple[bool, int]:
        names = [name.strip(" \"'").casefold() for name in first.split(delimiter)]
        return wanted.casefold() in names, len(names)

    return max(DELIMITERS, key=likelihood)


def numbered_records(
    text: str, delimiter: str, skipped: int, faults: list[Fault]
) -> Iterator[tuple[int, list[str]]]:
    """Each record that says something, with the line of the file where it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        began = reader.line_num + skipped + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            faults.append(Fault(began, "", "", quoting_words(str(error))))
            continue
        if cells is None:
            return
        cells = [plain_cell(cell) for cell in cells]
        if any(cell.strip() for cell in cells):
            yield began, cells


def quoting_words(error: str) -> str:
    if "field larger" in error:
        return "Une case est démesurée : un guillemet n'est sans doute jamais refermé."
    if "unexpected end" in error:
        return "Un guillemet ouvert à cette ligne n'est jamais refermé : fermez-le."
    return 'Les guillemets sont mal placés. Un guillemet dans un texte s\'écrit deux fois ("").'


def fitted(
    line: int, cells: list[str], width: int, faults: list[Fault]
) -> tuple[int, list[str]] | None:
    """The record at the header's width: a spreadsheet adds or drops empty cells at the end."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > width:
        message = (
            f"La ligne a {len(cells)} cases, les titres en annoncent {width}. Vérifiez les "
            "séparateurs, et mettez entre guillemets un texte qui en contient."
        )
        faults.append(Fault(line, "", " ".join(cells)[:80], message))
        return None
    return line, cells + [""] * (width - len(cells))
