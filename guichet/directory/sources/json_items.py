"""Records of a JSON source: a bare array, an array in an object, or an object a line.

Owns streaming and cut files; refuses what is not JSON objects. Each record is decoded alone, so
memory stays small; why not an event parser: docs/decisions/json-streaming.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from guichet.core.words import grouped

from .base import Fault, UnreadableSource
from .reading import (
    JSON_SUFFIXES,
    MAX_LINE_BYTES,
    TextStream,
    cut,
    described,
    open_text,
    oversized_line_fault,
    physical_lines,
)

_WRAPPER = re.compile(r'\s*\{\s*(?:"total_count"\s*:\s*\d+\s*,\s*)?"(?:service|results)"\s*:\s*\[')
_ARRAY = re.compile(r"\s*\[")
_BETWEEN = re.compile(r"[\s,]*")
# The longest thing that a cut can leave unfinished besides a string: -Infinity.
_LONGEST_WORD = 10


class Record:
    """One JSON object and where it stands: its line, or its rank in the array (from 1)."""

    __slots__ = ("line", "values")

    def __init__(self, line: int, values: dict[str, Any]) -> None:
        self.line = line
        self.values = values


def read_records(path: str, expected: str) -> Iterator[Record | Fault]:
    """Yields every object of the file; `expected` names the file wanted in messages.

    Raises `UnreadableSource` when the rest cannot be trusted (cut or broken array); a broken
    line of an object-a-line file is a fault, the others are read.
    """
    with open_text(path, JSON_SUFFIXES) as stream:
        head = stream.head()
        wrapper = _WRAPPER.match(head)
        array = wrapper or _ARRAY.match(head)
        if array:
            items = _array_items(stream, array.end(), wrapped=wrapper is not None)
        elif re.match(r'\s*\{\s*["}]', head):
            items = _line_items(stream, expected)
        else:
            raise UnreadableSource(f"Format attendu : {expected}. Trouvé : {described(head)}.")
        some = False
        for item in items:
            if not some and array and isinstance(item, Fault):
                raise UnreadableSource(
                    f"Format attendu : {expected}. Trouvé : une liste qui ne contient pas d'objets."
                )
            some = True
            yield item
        if not some:
            raise UnreadableSource(f"Le fichier ne contient aucune fiche : {expected} attendu.")


def _as_record(line: int, value: object) -> Record | Fault:
    if isinstance(value, dict):
        return Record(line, value)
    return _fault(line, cut(json.dumps(value, ensure_ascii=True), 200), "n'est pas un objet JSON")


def _fault(line: int, value: str, what: str) -> Fault:
    return Fault(
        line=line,
        identifier="",
        field="",
        value=value,
        message=f"La fiche {what}. Corrigez-la dans le fichier, ou téléchargez-le de nouveau.",
        done="fiche laissée de côté",
    )


def _line_items(stream: TextStream, expected: str) -> Iterator[Record | Fault]:
    good = False
    for line in physical_lines(stream):
        if line.oversized:
            yield oversized_line_fault(line)
            continue
        if not line.text.strip():
            continue
        try:
            yield _as_record(line.number, json.loads(line.text))
            good = True
        except RecursionError:
            yield _fault(line.number, cut(line.text, 200), "est imbriquée à l'excès")
        except ValueError as error:
            if not line.has_newline:
                raise _cut_file(f"au milieu de la ligne {grouped(line.number)}") from error
            if not good:
                raise UnreadableSource(
                    f"Format attendu : {expected}. La ligne {grouped(line.number)} n'est pas un "
                    f"objet JSON complet (« {cut(line.text)} »)."
                ) from error
            yield _fault(line.number, cut(line.text, 200), "n'est pas du JSON lisible")


def _cut_file(where: str) -> UnreadableSource:
    return UnreadableSource(f"Le fichier est coupé {where}. Téléchargez-le de nouveau.")


class _Buffer:
    """The text not yet decoded, with the place where the next record begins."""

    def __init__(self, stream: TextStream) -> None:
        self._stream = stream
        self.text = stream.read()
        self.start = 0
        self.ended = False

    def grow(self) -> None:
        """Reads as much again as is pending, so that a long record costs a few decodings."""
        pieces = [self.text[self.start :]]
        wanted = max(len(pieces[0]), 1)
        self.start = 0
        while wanted > 0 and not self.ended:
            piece = self._stream.read()
            self.ended = not piece
            wanted -= len(piece)
            pieces.append(piece)
        self.text = "".join(pieces)

    def skip_separators(self) -> str:
        """Moves to the next significant character and returns it ('' at the end of the file)."""
        while True:
            found = _BETWEEN.match(self.text, self.start)
            self.start = found.end() if found else self.start
            if self.start < len(self.text):
                return self.text[self.start]
            if self.ended:
                return ""
            self.grow()


def _array_items(stream: TextStream, start: int, *, wrapped: bool) -> Iterator[Record | Fault]:
    buffer = _Buffer(stream)
    buffer.start = start
    decode = json.JSONDecoder().raw_decode
    rank = 0
    while True:
        upcoming = buffer.skip_separators()
        if not upcoming:
            raise _cut_file(f"après la fiche n° {grouped(rank)}, avant la fin de la liste")
        if upcoming == "]":
            break
        rank += 1
        yield _as_record(rank, _decoded_item(buffer, decode, rank))
    _check_ending(buffer, rank, wrapped=wrapped)


def _decoded_item(
    buffer: _Buffer, decode: Callable[[str, int], tuple[object, int]], rank: int
) -> object:
    while True:
        try:
            value, end = decode(buffer.text, buffer.start)
        except RecursionError as error:
            raise UnreadableSource(
                f"La fiche n° {grouped(rank)} est imbriquée à l'excès : le fichier est abîmé. "
                "Téléchargez-le de nouveau."
            ) from error
        except ValueError as error:
            _grow_or_refuse(buffer, rank, error)
            continue
        if end < len(buffer.text) or buffer.ended:
            buffer.start = end
            return value
        buffer.grow()


def _grow_or_refuse(buffer: _Buffer, rank: int, error: ValueError) -> None:
    position = getattr(error, "pos", buffer.start)
    pending = len(buffer.text) - buffer.start
    unfinished = "Unterminated string" in str(error) or (
        position >= len(buffer.text) - _LONGEST_WORD
    )
    if unfinished and buffer.ended:
        raise _cut_file(f"au milieu de la fiche n° {grouped(rank)}") from error
    if not unfinished:
        excerpt = cut(buffer.text[max(position - 20, 0) : position + 20])
        raise UnreadableSource(
            f"La fiche n° {grouped(rank)} n'est pas du JSON lisible, vers « {excerpt} » : la suite "
            "du fichier n'est pas sûre. Corrigez-la ou téléchargez le fichier de nouveau."
        ) from error
    if pending > MAX_LINE_BYTES:
        raise UnreadableSource(
            f"La fiche n° {grouped(rank)} dépasse {grouped(MAX_LINE_BYTES)} caractères : un "
            "guillemet manque sans doute. Corrigez-la ou téléchargez le fichier de nouveau."
        ) from error
    buffer.grow()


def _check_ending(buffer: _Buffer, rank: int, *, wrapped: bool) -> None:
    buffer.start += 1
    last = rest = ""
    while last := buffer.skip_separators():
        rest = buffer.text[buffer.start :].rstrip() or rest
        buffer.start = len(buffer.text)
    last = rest[-1:]
    if wrapped and last != "}":
        raise _cut_file(f"après la fiche n° {grouped(rank)} : l'accolade finale manque")
    if not wrapped and last:
        raise UnreadableSource(
            f"Un texte inattendu suit la liste, après la fiche n° {grouped(rank)} : "
            f"« {cut(rest)} ». Vérifiez le fichier."
        )
