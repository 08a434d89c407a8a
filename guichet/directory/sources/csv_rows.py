"""Rows of a CSV source, with the line where each begins.

Owns quoting, columns and cut files; refuses a header that lacks an expected column.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from guichet.core.words import grouped

from .base import Fault, UnreadableSource
from .reading import (
    CSV_SUFFIXES,
    TextStream,
    cut,
    described,
    open_text,
    oversized_line_fault,
    physical_lines,
)

DELIMITERS = ",;\t"


class Row:
    """One record: the line where it begins and its cells by column name."""

    __slots__ = ("cells", "line")

    def __init__(self, line: int, cells: dict[str, str]) -> None:
        self.line = line
        self.cells = cells


class _NumberedLines:
    """Feeds `csv.reader` physical lines while counting them and noting those passed over."""

    def __init__(self, stream: TextStream) -> None:
        self._lines = physical_lines(stream)
        self.number = 0
        self.began = 0
        self._faults: list[Fault] = []
        self.has_newline = True
        self.text = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        for line in self._lines:
            self.number = line.number
            self.has_newline = line.has_newline
            self.text = line.text
            if not line.oversized:
                self.began = self.began or line.number
                return line.text + "\n"
            self._faults.append(oversized_line_fault(line))
        raise StopIteration

    def next_record(self) -> list[Fault]:
        """Forgets where the last record began; returns the faults noted since."""
        self.began = 0
        noted, self._faults = self._faults, []
        return noted


def read_rows(path: str, columns: tuple[str, ...], expected: str) -> Iterator[Row | Fault]:
    """Yields each row that has exactly the header's cells, and a fault for each other.

    `columns` must all stand in the header (more are allowed); `expected` names the file in
    messages. The delimiter (comma, semicolon or tab) is the header's. Raises `UnreadableSource`.
    """
    with open_text(path, CSV_SUFFIXES) as stream:
        head = stream.head()
        delimiter = _delimiter(head, columns)
        lines = _NumberedLines(stream)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        header = _header(reader, head, columns, expected)
        some = False
        for item in _records(reader, lines, header):
            some = True
            yield item
        if not some:
            raise UnreadableSource(f"Le fichier n'a que sa ligne de titres : {expected} attendu.")


def _delimiter(head: str, columns: tuple[str, ...]) -> str:
    first_line = head.lstrip("\r\n").split("\n", 1)[0]
    return max(DELIMITERS, key=first_line.count) if columns else ","


def _header(
    reader: Iterator[list[str]], head: str, columns: tuple[str, ...], expected: str
) -> list[str]:
    try:
        names = [name.strip() for name in next(reader, [])]
    except csv.Error:
        names = []
    missing = [column for column in columns if column not in names]
    if not missing:
        return names
    found = described(head)
    if len(missing) < len(columns):
        found += f" ; colonnes absentes : {', '.join(missing)}"
    raise UnreadableSource(f"Format attendu : {expected}. Trouvé : {found}.")


def _records(
    reader: Iterator[list[str]], lines: _NumberedLines, header: list[str]
) -> Iterator[Row | Fault]:
    while True:
        yield from lines.next_record()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _quoting_fault(lines, error)
            continue
        if cells is None:
            yield from lines.next_record()
            return
        if len(cells) == len(header):
            yield Row(lines.began, dict(zip(header, cells, strict=True)))
        elif cells:
            yield _width_fault(lines, cells, len(header))


def _width_fault(lines: _NumberedLines, cells: list[str], expected: int) -> Fault:
    if not lines.has_newline and len(cells) < expected:
        raise UnreadableSource(
            f"Le fichier est coupé au milieu de la ligne {grouped(lines.began)} "
            f"(« {cut(lines.text)} »). Téléchargez-le de nouveau."
        )
    return Fault(
        line=lines.began,
        identifier="",
        field="",
        value=cut(";".join(cells), 200),
        message=(
            f"La ligne a {len(cells)} cellules, les titres en annoncent {expected}. "
            "Vérifiez les séparateurs et les guillemets."
        ),
        done="ligne laissée de côté",
    )


def _quoting_fault(lines: _NumberedLines, error: csv.Error) -> Fault:
    line = lines.began
    if "unexpected end of data" in str(error):
        raise UnreadableSource(
            f"Le fichier est coupé, ou un guillemet ouvert à la ligne {grouped(line)} n'est jamais "
            "refermé. Téléchargez-le de nouveau ou corrigez cette ligne."
        ) from error
    last = lines.number
    span = f"de {grouped(line)} à {grouped(last)} " if last > line else ""
    return Fault(
        line=line,
        identifier="",
        field="",
        value=cut(lines.text, 200),
        message=(
            "Les guillemets de la ligne sont mal placés ou une cellule est démesurée. "
            'Un guillemet dans un texte s\'écrit deux fois ("").'
        ),
        done=f"lignes {span}laissées de côté" if span else "ligne laissée de côté",
    )
