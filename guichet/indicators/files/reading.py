"""Which format a file is in, told by its first bytes rather than by its name.

Owns the choice; refuses PDF, old workbooks, protected ones, empty files. Plain Python.
"""

from __future__ import annotations

from pathlib import Path

from guichet.indicators.files.csv_text import stage_csv
from guichet.indicators.files.parquet import stage_parquet
from guichet.indicators.files.staged import Staged, UnreadableFile
from guichet.indicators.files.titles import WANTED
from guichet.indicators.files.xlsx import stage_xlsx

REFUSED = (
    (b"%PDF", "C'est un PDF, dont on ne peut lire sûrement les chiffres"),
    (b"\x1f\x8b", "C'est une archive .gz : décompressez-la"),
    (b"7z\xbc\xaf", "C'est une archive .7z : décompressez-la"),
    (b"Rar!", "C'est une archive .rar : décompressez-la"),
    (b"\x89PNG", "C'est une image"),
    (b"\xff\xd8\xff", "C'est une image"),
    (b"<!DOCTYPE", "C'est une page web"),
    (b"<html", "C'est une page web"),
    (b"{", "C'est du JSON"),
)
WORKBOOK = (b"PK\x03\x04", b"PK\x05\x06")
PARQUET = b"PAR1"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CHUNK_BYTES = 1 << 20
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def stage(path: Path, out: Path) -> Staged:
    """The file at `path` staged into `out`. Raises `UnreadableFile` (French, with the mend)."""
    with path.open("rb") as file:
        first = file.read(4_096)
    if not first.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\0"):
        raise UnreadableFile("Ce fichier est vide : partez du fichier modèle de votre réseau.")
    refuse_other_formats(path, first)
    if first.startswith(WORKBOOK):
        return stage_xlsx(path, out, WANTED)
    if first.startswith(PARQUET):
        return stage_parquet(path, out)
    return stage_csv(path, out)


def refuse_other_formats(path: Path, first: bytes) -> None:
    if first.startswith(OLD_WORKBOOK):
        if is_encrypted(path):
            raise UnreadableFile(
                "Ce classeur est protégé par un mot de passe : enregistrez-le sans mot de passe "
                "(Fichier, Informations, Protéger le classeur)."
            )
        raise UnreadableFile(
            "C'est un classeur à l'ancien format .xls : ouvrez-le, choisissez « Enregistrer "
            "sous », puis « Classeur Excel (.xlsx) » ou « CSV UTF-8 »."
        )
    for mark, words in REFUSED:
        if first.lstrip().startswith(mark):
            raise UnreadableFile(
                f"{words}. Envoyez un fichier CSV, Excel (.xlsx) ou Parquet, au modèle de "
                "votre réseau."
            )


def is_encrypted(path: Path) -> bool:
    """Whether an OLE container holds an encrypted workbook; its names stand anywhere."""
    with path.open("rb") as file:
        kept = b""
        while chunk := file.read(CHUNK_BYTES):
            if ENCRYPTED in kept + chunk:
                return True
            kept = chunk[-len(ENCRYPTED) :]
    return False
