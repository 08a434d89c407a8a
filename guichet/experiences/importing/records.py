"""The records of an export, whatever its encoding and its broken lines.

Owns where a record begins and ends: the official export has line breaks that nothing quotes, and
quotes that nothing closes. Refuses what the cells mean. Plain Python, streamed.
"""

from __future__ import annotations

import codecs
import csv
import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from guichet.core.text import folded

DELIMITER = ";"
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
LONGEST_RECORD_LINES = 5_000
SAMPLE_BYTES = 1 << 20
STARTS = re.compile(r'"?\d{1,18}"?\s*;')
"""A record begins with its number: no line of a story is likely to."""
BREAK = "\ue000"
"""Stands for a line break while a record is read: of the private use area, in no text."""

BROKEN = "saut de ligne sans guillemets dans une cellule : les lignes sont réunies"
STRAY_QUOTE = "guillemet mal fermé : la ligne est lue sans tenir compte des guillemets"
SAVE_AGAIN = "Enregistrez le fichier au format « CSV UTF-8 », séparé par des points-virgules."


UNREADABLE = {
    errno.ENOENT: "il n'y en a pas à cet endroit, vérifiez son nom et son dossier",
    errno.ENOTDIR: "il n'y en a pas à cet endroit, vérifiez son nom et son dossier",
    errno.EISDIR: "c'est un dossier, donnez le nom du fichier qu'il contient",
    errno.EACCES: "vous n'avez pas le droit de le lire, changez ses droits",
    errno.ENAMETOOLONG: "son nom est trop long, donnez-lui-en un plus court",
}
"""Why the system does not open a file, and what to do."""


class UnreadableExport(ValueError):
    """Why the file cannot be read at all, and what to do (French)."""


@dataclass(frozen=True)
class Record:
    """`line` is where it begins, from 1; `mended` are the faults that were repaired."""

    line: int
    cells: list[str]
    mended: list[str] = field(default_factory=list)


def encoding_of(path: Path) -> str:
    """By its mark, else UTF-8 when every byte fits, else Windows-1252."""
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith(b"PK\x03\x04"):
            raise UnreadableExport(f"C'est un classeur ou une archive. {SAVE_AGAIN}")
        for mark, name in BOMS.items():
            if head.startswith(mark):
                return name
        file.seek(0)
        return "utf-8" if is_utf8(file) else "cp1252"


def is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := file.read(SAMPLE_BYTES):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines, without their ends; `\\r\\n`, `\\n` and `\\r` end a line."""
    try:
        with path.open(encoding=encoding_of(path), errors="replace", newline=None) as file:
            for number, line in enumerate(file, start=1):
                yield number, line.rstrip("\n").replace("\0", " ")
    except OSError as error:
        why = UNREADABLE.get(error.errno or 0, "le disque ne le rend pas, copiez-le ailleurs")
        raise UnreadableExport(f"Ce fichier ne se lit pas : {why}.") from error


def parsed(lines: list[str]) -> list[str] | None:
    """The cells of one record, its line breaks kept whether quoted or not; None while a quoted
    cell is open, or ill quoted."""
    try:
        rows = list(csv.reader([BREAK.join(lines)], delimiter=DELIMITER, strict=True))
    except csv.Error:
        return None
    return [cell.replace(BREAK, "\n") for cell in rows[0]] if len(rows) == 1 else None


def is_well_quoted(lines: list[str]) -> bool:
    """False when a line break stands outside of quotes."""
    try:
        text = [f"{line}\n" for line in lines]
        return len(list(csv.reader(text, delimiter=DELIMITER, strict=True))) == 1
    except csv.Error:
        return False


def unquoted(text: str) -> list[str]:
    """The cells of a record whose quotes mean nothing."""
    return [cell.strip().strip('"') for cell in text.split(DELIMITER)]


class Joiner:
    """Lines one after the other, given back as whole records of `width` cells. Where the number
    `leads`, a line that begins with one begins a record."""

    def __init__(self, width: int, *, leads: bool) -> None:
        self.width, self.leads = width, leads
        self.start = 0
        self.lines: list[str] = []
        self.cells: list[str] | None = None

    def take(self, number: int, line: str) -> Record | None:
        """The record that this line ends, by beginning another; None while it goes on."""
        done = None
        if self.lines and self.is_over(line):
            done = self.record()
            self.lines = []
        if not self.lines:
            if not line.strip():
                return done
            self.start = number
        self.lines.append(line)
        self.cells = parsed(self.lines)
        return done

    def is_over(self, line: str) -> bool:
        if len(self.lines) > LONGEST_RECORD_LINES:
            return True
        is_whole = self.cells is not None and len(self.cells) >= self.width
        if not self.leads:
            return is_whole
        begins = bool(STARTS.match(line))
        if self.cells is not None and begins:
            return True
        return (is_whole or begins) and len(parsed([line]) or ()) >= self.width

    def record(self) -> Record | None:
        """What was gathered; None when there is nothing."""
        if not self.lines:
            return None
        while not self.lines[-1].strip():
            self.lines.pop()
        cells = parsed(self.lines)
        if cells is None:
            return Record(self.start, unquoted("\n".join(self.lines)), [STRAY_QUOTE])
        mended = [] if len(self.lines) == 1 or is_well_quoted(self.lines) else [BROKEN]
        return Record(self.start, cells, mended)


def records_of(path: Path) -> Iterator[Record]:
    """The header first, then each record. `UnreadableExport` for what is no such table."""
    lines = lines_of(path)
    header: list[str] = []
    for number, line in lines:
        if line.strip():
            header = [cell.strip() for cell in parsed([line]) or unquoted(line)]
            yield Record(number, header)
            break
    if not header:
        raise UnreadableExport("Ce fichier est vide : téléchargez l'export de nouveau.")
    if len(header) < 3:
        raise UnreadableExport(f"La première ligne n'a pas de point-virgule. {SAVE_AGAIN}")
    joiner = Joiner(len(header), leads=folded(header[0]).startswith("id"))
    for number, line in lines:
        record = joiner.take(number, line)
        if record is not None:
            yield record
    last = joiner.record()
    if last is not None:
        yield last
