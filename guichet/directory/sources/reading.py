"""Opens a source file, plain or compressed, and streams its text.

Owns decompression, encoding and size limits; refuses to guess: what is not UTF-8 text of the
expected sort raises `UnreadableSource` with a sentence that says how to mend the file.
"""

from __future__ import annotations

import codecs
import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol, Self

from guichet.core.words import grouped

from .base import Fault, UnreadableSource

CHUNK_BYTES = 1 << 18
HEAD_BYTES = 1 << 16
MAX_LINE_BYTES = 10_000_000
MAX_CONTENT_BYTES = 8 << 30
# A text compresses 5 to 20 times; repetitive test files more. Beyond both limits it is a bomb.
MAX_EXPANSION = 100
EXPANSION_TOLERATED_BYTES = 512 << 20

JSON_SUFFIXES = (".json", ".jsonl", ".ndjson", ".geojson")
CSV_SUFFIXES = (".csv", ".txt")

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "un document PDF"),
    (b"BZh", "une archive bzip2 (.bz2)"),
    (b"\xfd7zXZ\x00", "une archive xz"),
    (b"7z\xbc\xaf\x27\x1c", "une archive 7z"),
    (b"Rar!", "une archive RAR"),
    (b"\x28\xb5\x2f\xfd", "une archive zstd"),
    (b"\xd0\xcf\x11\xe0", "un ancien document Office (XLS ou DOC)"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"PAR1", "un fichier Parquet"),
    (b"SQLite format 3", "une base SQLite"),
)
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL_BYTES = bytes(set(range(32)) - {8, 9, 10, 12, 13, 27})


def cut(text: str, length: int = 60) -> str:
    """A quotation short enough for a message."""
    shown = " ".join(text.split())
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class ByteSource(Protocol):
    """Bytes to be read in order: a file, or what decompresses one."""

    def read(self, size: int, /) -> bytes: ...


class TextStream:
    """The text of a source, decoded piece by piece, never whole in memory.

    `offset` counts the bytes of content decoded so far, after decompression.
    """

    def __init__(
        self,
        content: ByteSource,
        closing: ExitStack,
        compressed_position: Callable[[], int] | None = None,
    ) -> None:
        self._content = content
        self._closing = closing
        self._compressed_position = compressed_position
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._head: str | None = None
        self._ended = False
        self.offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def head(self) -> str:
        """The first piece of text, which `read` will give again."""
        if self._head is None:
            self._head = self._next_text(first=True)
        return self._head

    def read(self) -> str:
        """The next piece of text; an empty string at the end."""
        if self._head is not None:
            text, self._head = self._head, None
            if text:
                return text
        return self._next_text(first=self.offset == 0)

    def _next_text(self, *, first: bool) -> str:
        while not self._ended:
            piece = self._next_bytes()
            self._ended = not piece
            if first:
                _refuse_binary(piece)
                unmarked = piece.removeprefix(codecs.BOM_UTF8)
                self.offset = len(piece) - len(unmarked)
                piece = unmarked
            text = self._decoded(piece)
            if text:
                return text
            first = False
        return ""

    def _next_bytes(self) -> bytes:
        try:
            piece = self._content.read(CHUNK_BYTES)
        except EOFError as error:
            raise UnreadableSource(
                f"Le fichier compressé est coupé : il s'arrête après {grouped(self.offset)} octets "
                "de contenu. Téléchargez-le de nouveau."
            ) from error
        except (OSError, zlib.error, zipfile.BadZipFile, ValueError) as error:
            raise UnreadableSource(
                f"Le fichier est abîmé après {grouped(self.offset)} octets de contenu : "
                "il ne peut pas être décompressé. Téléchargez-le de nouveau."
            ) from error
        self._refuse_bomb(len(piece))
        return piece

    def _refuse_bomb(self, length: int) -> None:
        size = self.offset + length
        if size > MAX_CONTENT_BYTES:
            raise UnreadableSource(
                f"Le contenu dépasse {grouped(MAX_CONTENT_BYTES)} octets : ce n'est pas un "
                "annuaire. Vérifiez le fichier."
            )
        if self._compressed_position is None or size <= EXPANSION_TOLERATED_BYTES:
            return
        if size > MAX_EXPANSION * max(self._compressed_position(), 1):
            raise UnreadableSource(
                "Le contenu décompressé est démesuré par rapport au fichier (plus de "
                f"{MAX_EXPANSION} fois sa taille) : la lecture est arrêtée par prudence. "
                "Vérifiez l'origine du fichier, ou donnez-le déjà décompressé."
            )

    def _decoded(self, piece: bytes) -> str:
        pending = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            position = self.offset - pending + error.start
            raise UnreadableSource(_encoding_fault(error, position, ended=not piece)) from error
        self.offset += len(piece)
        return text


def _encoding_fault(error: UnicodeDecodeError, position: int, *, ended: bool) -> str:
    if ended:
        return (
            f"Le fichier est coupé au milieu d'un caractère, à l'octet {grouped(position)}. "
            "Téléchargez-le de nouveau."
        )
    around = error.object[max(error.start - 15, 0) : error.start + 15]
    where = f"à l'octet {grouped(position)}"
    if around.translate(None, _CONTROL_BYTES) != around:
        return (
            f"Le fichier n'est pas du texte en UTF-8 : {where} se trouvent des octets binaires. "
            "Vérifiez que c'est le bon fichier."
        )
    excerpt = cut(around.decode("cp1252", "replace"))
    return (
        "Le fichier semble être en Latin-1 (windows-1252) : réenregistrez-le en UTF-8. "
        f"Premier caractère illisible {where}, vers « {excerpt} »."
    )


def _refuse_binary(piece: bytes) -> None:
    if piece.startswith(_WIDE_MARKS) or (len(piece) > 3 and piece[1:4:2] == b"\0\0" and piece[0]):
        raise UnreadableSource(
            "Le fichier semble être en UTF-16 (dès l'octet 0) : réenregistrez-le en UTF-8."
        )
    found = ""
    for signature, name in _SIGNATURES:
        if piece.startswith(signature):
            found = name
    if piece[257:262] == b"ustar":
        found = "une archive tar"
    if not found and b"\0" in piece[:HEAD_BYTES]:
        found = "un fichier binaire"
    if found:
        raise UnreadableSource(
            f"Le fichier n'est pas du texte : c'est {found}. Fichiers acceptés : texte en UTF-8, "
            "tel quel ou compressé en .gz ou .zip."
        )


def open_text(path: str, suffixes: tuple[str, ...]) -> TextStream:
    """Opens a plain, gzip or zip file; which one is read from its first bytes, not its name.

    `suffixes` are the endings of the member wanted when a zip holds several files. Members are
    streamed, never extracted to disk. Raises `UnreadableSource`.
    """
    with ExitStack() as opened:
        raw = opened.enter_context(_opened(path))
        start = raw.read(4)
        raw.seek(0)
        if not start:
            raise UnreadableSource(f"Le fichier est vide : {path}.")
        if start.startswith(b"\x1f\x8b"):
            content: ByteSource = opened.enter_context(gzip.open(raw, "rb"))
            return TextStream(content, opened.pop_all(), raw.tell)
        if start in (b"PK\x03\x04", b"PK\x05\x06"):
            content, compressed_bytes = _zip_member(raw, suffixes, opened)
            return TextStream(content, opened.pop_all(), lambda: compressed_bytes)
        return TextStream(raw, opened.pop_all())


def _opened(path: str) -> BinaryIO:
    try:
        mode = Path(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableSource(f"C'est un dossier : {path}. Indiquez un fichier.")
        if not stat.S_ISREG(mode):
            raise UnreadableSource(f"Ce n'est pas un fichier ordinaire : {path}.")
        return Path(path).open("rb")
    except FileNotFoundError as error:
        raise UnreadableSource(f"Fichier introuvable : {path}. Vérifiez le chemin.") from error
    except PermissionError as error:
        raise UnreadableSource(
            f"Lecture refusée : {path}. Donnez à ce compte le droit de lire le fichier."
        ) from error
    except (OSError, ValueError) as error:
        raise UnreadableSource(f"Fichier impossible à ouvrir : {path!r} ({error}).") from error


def _zip_member(
    raw: BinaryIO, suffixes: tuple[str, ...], opened: ExitStack
) -> tuple[ByteSource, int]:
    try:
        archive = opened.enter_context(zipfile.ZipFile(raw))
        member = _chosen_member(archive.infolist(), suffixes)
        return opened.enter_context(archive.open(member)), member.compress_size
    except (RuntimeError, NotImplementedError) as error:
        raise UnreadableSource(
            "L'archive zip est protégée par un mot de passe ou compressée d'une façon inconnue. "
            "Décompressez-la et donnez le fichier qu'elle contient."
        ) from error
    except (OSError, zipfile.BadZipFile, ValueError, zlib.error, EOFError) as error:
        raise UnreadableSource(
            "L'archive zip est coupée ou abîmée. Téléchargez-la de nouveau."
        ) from error


def _chosen_member(members: list[zipfile.ZipInfo], suffixes: tuple[str, ...]) -> zipfile.ZipInfo:
    files = [member for member in members if not _is_clutter(member)]
    names = [member.filename for member in files]
    if "[Content_Types].xml" in names:
        raise UnreadableSource(
            "Le fichier est un document Office (classeur XLSX ou texte DOCX). "
            "Enregistrez-le en CSV UTF-8, ou donnez le fichier d'origine."
        )
    wanted = [member for member in files if member.filename.lower().endswith(suffixes)]
    candidates = wanted or files
    if len(candidates) == 1:
        return candidates[0]
    expected = " ou ".join(suffixes)
    if not candidates:
        raise UnreadableSource(f"L'archive zip est vide : un fichier {expected} est attendu.")
    raise UnreadableSource(
        f"L'archive zip contient {len(candidates)} fichiers ({cut(', '.join(names), 200)}) : "
        f"un seul fichier {expected} est attendu. Donnez directement le bon."
    )


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.split("/")
    return member.is_dir() or parts[0] == "__MACOSX" or parts[-1].startswith(".")


def described(head: str) -> str:
    """What a text looks like, for "found:" in a message."""
    start = head.lstrip()[:500]
    lowered = start.lower()
    if not start:
        return "un fichier sans texte"
    if lowered.startswith(("<!doctype html", "<html")):
        return "une page HTML"
    if start.startswith("<"):
        return "un fichier XML"
    if re.match(r'\[\s*[\[{\]]|\{\s*["}]', start):
        return "du JSON"
    first_line = start.splitlines()[0]
    if re.search(r"\w[,;\t]\s*\"?\w", first_line):
        return f"un tableau CSV (première ligne : « {cut(first_line)} »)"
    return f"du texte (« {cut(first_line)} »)"


class Line(NamedTuple):
    """A physical line without its newline. `length` counts characters, even those left aside.

    An oversized line keeps only its first characters in `text`.
    """

    number: int
    text: str
    length: int
    oversized: bool = False
    has_newline: bool = True


def physical_lines(stream: TextStream, max_length: int = MAX_LINE_BYTES) -> Iterator[Line]:
    """The lines of a stream, from number 1; a line over `max_length` is passed, not stored."""
    number, pending, passed, beginning = 1, "", 0, ""
    while text := stream.read():
        *complete, rest = text.split("\n")
        for piece in complete:
            if passed:
                yield Line(number, beginning, passed + len(piece), oversized=True)
            else:
                whole = pending + piece
                yield Line(number, whole, len(whole))
            number, pending, passed = number + 1, "", 0
        if passed:
            passed += len(rest)
            continue
        pending += rest
        if len(pending) > max_length:
            passed, beginning, pending = len(pending), pending[:200], ""
    if passed:
        yield Line(number, beginning, passed, oversized=True, has_newline=False)
    elif pending:
        yield Line(number, pending, len(pending), has_newline=False)


def oversized_line_fault(line: Line) -> Fault:
    """What to tell about a line that `physical_lines` passed over."""
    return Fault(
        line=line.number,
        identifier="",
        field="",
        value=line.text[:200],
        message=(
            f"La ligne fait {grouped(line.length)} caractères, bien plus que le maximum "
            f"({grouped(MAX_LINE_BYTES)}) : il y manque sans doute des retours à la ligne. "
            "Vérifiez le fichier autour de cette ligne."
        ),
        done="ligne laissée de côté",
    )
