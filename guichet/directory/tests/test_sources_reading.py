"""Opening a source: plain, gzip or zip; what is cut, mis-encoded or of another format is told."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guichet.core.words import grouped
from guichet.directory.sources import READERS, reading
from guichet.directory.sources.base import Fault, SourceStructure, UnreadableSource

HERE = Path(__file__).parent
DUMP = (HERE / "sources_dila_fictional.json").read_bytes()
HEADER_2016 = (
    "id,type,nom,code_insee,code_insee_2016,adresse,code_postal,ville,lat,lon,source_coord,"
    "telephone,courriel,site,accessibilite,commentaire,editeur,maj"
)
ROW_2016 = (
    "{id},mairie,Mairie d'Exempleville,45300,,1 rue Imaginaire,45640,Exempleville,47.8,2.0,DILA,"
    "01 99 00 12 34,,,ACC,,DILA,2015-05-12"
)


def record(number: int, **more: object) -> dict[str, object]:
    """A small fictional record of the DILA's dump."""
    return {"id": f"fictif-{number}", "nom": f"Mairie fictive {number}", "pivot": [], **more}


def table(*identifiers: str) -> str:
    return "\n".join([HEADER_2016, *(ROW_2016.format(id=name) for name in identifiers), ""])


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., str]:
    def write(content: bytes | str, name: str = "source.json") -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


def read(path: str, name: str = "dila") -> list[SourceStructure | Fault]:
    return list(READERS[name].read(path))


def names(items: list[SourceStructure | Fault]) -> list[str]:
    return [item.identifier for item in items if isinstance(item, SourceStructure)]


def refusal(path: str, name: str = "dila") -> str:
    with pytest.raises(UnreadableSource) as caught:
        read(path, name)
    return str(caught.value)


def outcome(path: str, name: str) -> list[SourceStructure | Fault] | str:
    """What was read, or the sentence of the refusal; any other exception is a failure."""
    try:
        return read(path, name)
    except UnreadableSource as refused:
        return str(refused)


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


SHAPES = {
    "wrapped": json.dumps({"service": [record(1), record(2)]}),
    "wrapped with spaces": json.dumps({"service": [record(1), record(2)]}, indent=2),
    "results of the API": json.dumps({"total_count": 2, "results": [record(1), record(2)]}),
    "bare array": json.dumps([record(1), record(2)]),
    "an object a line": f"{json.dumps(record(1))}\n{json.dumps(record(2))}\n",
    "an object a line, no last newline": f"{json.dumps(record(1))}\r\n\n{json.dumps(record(2))}",
}


@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES.keys())
def test_each_shape_of_json_gives_the_same_records(
    content: str, written: Callable[..., str]
) -> None:
    assert names(read(written(content))) == ["fictif-1", "fictif-2"]


def test_lines_are_ranks_in_an_array_and_line_numbers_in_an_object_a_line(
    written: Callable[..., str],
) -> None:
    array = [item.line for item in read(written(SHAPES["bare array"]))]
    lines = [item.line for item in read(written(SHAPES["an object a line, no last newline"]))]
    assert (array, lines) == ([1, 2], [1, 3])


def test_plain_gzip_and_zip_give_the_same_records(written: Callable[..., str]) -> None:
    plain = read(written(DUMP))
    clutter = {"__MACOSX/x.json": b"x", "folder/.DS_Store": b"x", "notes.txt": b"x"}
    assert len(plain) > 3
    assert read(written(gzip.compress(DUMP, mtime=0), "a.json.gz")) == plain
    assert read(written(zipped({"folder/dump.json": DUMP, **clutter}), "a.zip")) == plain
    assert read(written(b"\xef\xbb\xbf" + DUMP)) == plain


def test_compression_is_told_by_the_content_not_the_name(written: Callable[..., str]) -> None:
    assert read(written(DUMP, "plain.json.gz")) == read(
        written(gzip.compress(DUMP, mtime=0), "gz.json")
    )


def test_a_lone_member_of_a_zip_is_taken_whatever_its_name(written: Callable[..., str]) -> None:
    assert names(read(written(zipped({"export": DUMP}), "a.zip"))) == names(read(written(DUMP)))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "vide"),
        (b"  \n ", "sans texte"),
        (b"%PDF-1.7 \x00\x01", "document PDF"),
        (b"\x89PNG\r\n\x1a\n", "image PNG"),
        (b"BZh91AY&SY", "bzip2"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x00\x01\x02", "binaire"),
        (b"<!DOCTYPE html><html>", "page HTML"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (table("a").encode(), "tableau CSV"),
        ("Bonjour à tous\n".encode(), "du texte"),
        ('{"a": 1}\n'.encode("utf-16"), "UTF-16"),
        ('[{"a": 1}]'.encode("utf-16-le"), "UTF-16"),
        (b'[{"truc": 1}]', "truc"),
        (b"[]", "aucune fiche"),
        (b'{"service": []}', "aucune fiche"),
        (b"[1, 2]", "ne contient pas d'objets"),
        (b'{\n "a": 1}', "n'est pas un objet JSON complet"),
        (b"[" * 200_000, "imbriquée"),
        (b'[{"id":' * 5_000, "imbriquée"),
        (b'[{"id": "1", "nom": "x", "a": ' + b"9" * 5_000 + b"}]", "lisible"),
        (b'[{"id": "1", "nom": "x"}, {"id": tru}, {}]' + b" " * 50, "fiche n° 2"),
        (b'[{"id": "1", "nom": "x"}] et la suite', "inattendu"),
        (zipped({"a": b""}), "sans texte"),
        (zipped({}), "vide"),
        (zipped({"a.json": DUMP, "b.json": DUMP}), "2 fichiers"),
        (zipped({"[Content_Types].xml": b"x", "xl/sheet.xml": b"x"}), "XLSX"),
        (gzip.compress(b"%PDF-1.4", mtime=0), "document PDF"),
    ],
)
def test_what_is_not_a_dump_is_named(
    content: bytes, expected: str, written: Callable[..., str]
) -> None:
    assert expected in refusal(written(content))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (DUMP, "Trouvé : du JSON"),
        (b"a,b,c\n1,2,3\n", "a,b,c"),
        (f"{HEADER_2016}\n".replace(",maj", "").encode(), "colonnes absentes : maj"),
        (f"{HEADER_2016}\n".encode(), "que sa ligne de titres"),
        (b"<html>", "page HTML"),
        (b"%PDF-1.7", "document PDF"),
        (b"", "vide"),
        (b'"', "attendu"),
    ],
)
def test_what_is_not_the_expected_table_is_named(
    content: bytes, expected: str, written: Callable[..., str]
) -> None:
    assert expected in refusal(written(content, "source.csv"), "dila2016")


def test_missing_folder_and_forbidden_files_are_told(
    tmp_path: Path, written: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "introuvable" in refusal(str(tmp_path / "absent.json"))
    assert "dossier" in refusal(str(tmp_path))
    assert "impossible à ouvrir" in refusal("a\0b")

    def forbidden(*_: object) -> None:
        raise PermissionError

    path = written(DUMP)
    monkeypatch.setattr(Path, "open", forbidden)
    assert "droit de lire" in refusal(path)


def test_another_encoding_is_guessed_and_its_place_given(written: Callable[..., str]) -> None:
    content = json.dumps([record(1, nom="Mairie d'Évry")], ensure_ascii=False)
    message = refusal(written(content.encode("latin-1")))
    position = content.index("É")
    assert "Latin-1 (windows-1252) : réenregistrez-le en UTF-8" in message
    assert f"l'octet {position}" in message
    assert "Évry" in message


def test_the_place_of_a_bad_byte_counts_the_mark_and_the_chunks(
    written: Callable[..., str],
) -> None:
    start = b"\xef\xbb\xbf[" + b" " * (reading.CHUNK_BYTES - 5) + "é".encode()
    position = grouped(len(start))
    assert f"l'octet {position}" in refusal(written(start + b"\xe9]" + b" " * 9))


def test_a_protected_archive_is_told(written: Callable[..., str]) -> None:
    content = bytearray(zipped({"dump.json": DUMP}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "mot de passe" in refusal(written(bytes(content), "a.zip"))


@pytest.mark.parametrize("cut", [1, 10, 200, 1000])
def test_a_cut_gzip_is_told(cut: int, written: Callable[..., str]) -> None:
    assert "coupé" in refusal(written(gzip.compress(DUMP, mtime=0)[:-cut]))


def test_a_damaged_archive_is_told(written: Callable[..., str]) -> None:
    archive = zipped({"dump.json": DUMP})
    assert "coupée ou abîmée" in refusal(written(archive[: len(archive) // 2]))
    broken = bytearray(gzip.compress(DUMP, mtime=0))
    broken[60] ^= 0xFF
    assert "abîmé" in refusal(written(bytes(broken)))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, len(DUMP) - 4))
def test_a_dump_cut_anywhere_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "cut.json"
    path.write_bytes(DUMP[:length])
    assert refusal(str(path))


def test_where_a_dump_is_cut_is_told(written: Callable[..., str]) -> None:
    content = json.dumps([record(1), record(2), record(3)])
    assert "coupé au milieu de la fiche n° 3" in refusal(written(content[:-9]))
    assert "coupé après la fiche n° 3" in refusal(written(content[:-1]))
    wrapped = json.dumps({"service": [record(1)]})
    assert "l'accolade finale manque" in refusal(written(wrapped[:-1]))
    lines = f"{json.dumps(record(1))}\n{json.dumps(record(2))}"
    assert "coupé au milieu de la ligne 2" in refusal(written(lines[:-5]))
    rows = table("a", "b")
    assert "coupé au milieu de la ligne 3" in refusal(written(rows[:-40]), "dila2016")
    unclosed = written(rows + '"jamais refermé')
    assert "guillemet ouvert à la ligne 4" in refusal(unclosed, "dila2016")


def test_a_broken_line_is_a_fault_and_the_others_are_read(written: Callable[..., str]) -> None:
    lines = [json.dumps(record(1)), "{broken", "[1]", '{"a":' * 3000, json.dumps(record(2)), ""]
    items = read(written("\n".join(lines)))
    faults = [item for item in items if isinstance(item, Fault)]
    assert names(items) == ["fictif-1", "fictif-2"]
    assert [(fault.line, fault.severity) for fault in faults] == [
        (2, "error"),
        (3, "error"),
        (4, "error"),
    ]


def test_a_broken_row_is_a_fault_and_the_others_are_read(written: Callable[..., str]) -> None:
    rows = table("a", "b").rstrip().splitlines()
    rows[1:1] = ["trop,court", "", '"a"b,' + "," * 16, ROW_2016.format(id="c") + ",de trop"]
    items = read(written("\n".join([*rows, ""])), "dila2016")
    faults = [item for item in items if isinstance(item, Fault)]
    assert names(items) == ["a", "b"]
    assert [fault.line for fault in faults] == [2, 4, 5]
    assert "18" in faults[0].message


def test_a_row_that_spans_lines_bears_the_first_and_the_next_is_counted_right(
    written: Callable[..., str],
) -> None:
    spanning = ROW_2016.format(id="a").replace("1 rue Imaginaire", '"1 rue\nImaginaire"')
    content = "\n".join([HEADER_2016, spanning, ROW_2016.format(id="b"), ""])
    items = read(written(content), "dila2016")
    assert [item.line for item in items] == [2, 4]


def test_other_separators_are_taken_from_the_titles(written: Callable[..., str]) -> None:
    path = written(table("a", "b").replace(",", ";"))
    assert names(read(path, "dila2016")) == ["a", "b"]


@pytest.mark.parametrize("name", ["dila", "dila2016"])
def test_a_line_of_200_megabytes_is_passed_without_being_held(name: str, tmp_path: Path) -> None:
    good = [json.dumps(record(1)), json.dumps(record(2))] if name == "dila" else table("a", "b")
    first, *rest = good if isinstance(good, list) else good.rstrip().splitlines()
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        file.write(first.encode() + b"\n")
        for _ in range(200):
            file.write(b"x" * 1_000_000)
        file.write("\n".join(["", *rest, ""]).encode())
    tracemalloc.start()
    try:
        items = read(str(path), name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        path.unlink()
    (fault,) = [item for item in items if isinstance(item, Fault)]
    assert names(items) == (["fictif-1", "fictif-2"] if name == "dila" else ["a", "b"])
    assert (fault.line, fault.severity) == (2, "error")
    assert "200\u202f000\u202f000" in fault.message
    assert peak < 50_000_000


def test_an_endless_record_of_an_array_stops_the_reading(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    with path.open("wb") as file:
        file.write(b'[{"id": "1", "nom": "x"}, {"id": "')
        for _ in range(60):
            file.write(b"x" * 1_000_000)
        file.write(b'"}]')
    tracemalloc.start()
    try:
        message = refusal(str(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "fiche n° 2 dépasse" in message
    assert peak < 120_000_000


def test_a_bomb_is_stopped(written: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "EXPANSION_TOLERATED_BYTES", 1_000_000)
    bomb = b"[" + b" " * 20_000_000 + b"]"
    assert "démesuré" in refusal(written(gzip.compress(bomb, mtime=0)))
    assert "démesuré" in refusal(written(zipped({"a.json": bomb})))
    monkeypatch.setattr(reading, "MAX_CONTENT_BYTES", 1_000_000)
    assert "dépasse" in refusal(written(bomb))


def test_a_long_honest_text_is_not_taken_for_a_bomb(
    written: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "EXPANSION_TOLERATED_BYTES", 1_000)
    assert names(read(written(gzip.compress(DUMP, mtime=0)))) == names(read(written(DUMP)))


def test_the_same_identifier_twice_is_an_error_on_the_later_line(
    written: Callable[..., str],
) -> None:
    items = read(written(json.dumps([record(1), record(2), record(1, nom="Autre")])))
    fault = items[-1]
    assert isinstance(fault, Fault)
    assert (fault.line, fault.identifier, fault.severity) == (3, "fictif-1", "error")
    assert "déjà" in fault.message
    (fault,) = [
        item for item in read(written(table("a", "a")), "dila2016") if isinstance(item, Fault)
    ]
    assert (fault.line, fault.identifier, fault.severity) == (3, "a", "error")


beginnings = st.sampled_from(
    [
        b"",
        b"[",
        b'{"service":[',
        DUMP[:900],
        DUMP,
        table("a").encode(),
        HEADER_2016.encode() + b"\n",
    ]
)
wrappings: st.SearchStrategy[Callable[[bytes], bytes]] = st.sampled_from(
    [bytes, gzip.compress, lambda content: zipped({"a.json": content}), lambda c: zipped({"a": c})]
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(READERS)),
    beginnings,
    st.binary(max_size=300),
    wrappings,
    st.integers(0, 60),
)
@example("dila", b"", b"\x1f\x8b", bytes, 0)
@example("dila", b"", b"PK\x03\x04", bytes, 0)
@example("dila2016", b"", b"PK\x05\x06" + b"\0" * 18, bytes, 0)
def test_any_bytes_are_read_or_refused_and_nothing_else(
    tmp_path: Path,
    name: str,
    beginning: bytes,
    noise: bytes,
    wrapping: Callable[[bytes], bytes],
    cut: int,
) -> None:
    content = wrapping(beginning + noise)
    path = tmp_path / "any"
    path.write_bytes(content[: len(content) - cut])
    assert outcome(str(path), name)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(DUMP) - 1), st.integers(0, 255))
def test_one_changed_byte_never_breaks_the_reader(tmp_path: Path, position: int, byte: int) -> None:
    content = bytearray(DUMP)
    content[position] = byte
    path = tmp_path / "changed.json"
    path.write_bytes(bytes(content))
    assert outcome(str(path), "dila")
