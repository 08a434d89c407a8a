"""Folders, archives and lines of sheets: what is read, and what is refused as hostile."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from guichet.orientation.procedures.sources import containers, read_sheets
from guichet.orientation.procedures.sources.base import Read, UnreadableSource
from guichet.orientation.tests.procedure_sheets import (
    as_json,
    sheet_json,
    sheet_xml,
    written_zip,
    xml_folder,
)

THEME = sheet_xml("N5").replace("Publication", "Noeud")


def codes(path: Path) -> list[str]:
    return [read.sheet.code for read in reads(path) if read.sheet]


def reads(path: Path) -> list[Read]:
    return list(read_sheets(path))


def written_tar(path: Path, files: dict[str, bytes], *extra: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix in {".gz", ".tgz"} else "w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in extra:
            archive.addfile(info)
    return path


def test_a_zip_of_the_dila_gives_its_sheets_and_nothing_else(tmp_path: Path) -> None:
    files = {
        "F1.xml": sheet_xml("F1"),
        "F2.xml": sheet_xml("F2"),
        "N5.xml": THEME,
        "R6.xml": "<ServiceComplementaire/>",
        "arborescence.xml": "<Arborescence/>",
        "__MACOSX/._F1.xml": "clutter",
    }
    assert codes(written_zip(tmp_path / "vosdroits-latest.zip", files)) == ["F1", "F2"]


def test_a_folder_is_read_with_those_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "particuliers").mkdir()
    (tmp_path / "particuliers" / "F2.json").write_bytes(sheet_json("F2"))
    (tmp_path / "index.json").write_text("[]", encoding="utf-8")
    xml_folder(tmp_path, "F1")
    assert codes(tmp_path) == ["F1", "F2"]


@pytest.mark.parametrize("name", ["fiches.tgz", "fiches.tar", "fiches.bin"])
def test_a_tar_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    files = {"package/data/particuliers/F1.json": sheet_json("F1"), "package/index.js": b"x"}
    path = written_tar(tmp_path / "fiches.tgz", files).rename(tmp_path / name)
    assert codes(path) == ["F1"]


@pytest.mark.parametrize("name", ["fiches.jsonl", "fiches.jsonl.gz"])
def test_lines_of_json_are_read_with_their_numbers(tmp_path: Path, name: str) -> None:
    lines = [as_json(sheet_xml("F1")), as_json(THEME), as_json(sheet_xml("F2"))]
    content = "\n".join(json.dumps(line) for line in lines).encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert [(read.line, read.sheet.code) for read in reads(path)] == [(1, "F1"), (3, "F2")]


def test_a_faulty_sheet_is_told_and_the_others_read(tmp_path: Path) -> None:
    files = {"F1.xml": "<Publication>\n<a>", "F2.xml": sheet_xml("F2"), "F3.json": "{"}
    found = reads(written_zip(tmp_path / "a.zip", files))
    assert [read.sheet.code if read.sheet else None for read in found] == [None, "F2", None]
    fault = found[0].faults[0]
    assert (fault.file, fault.line, fault.sheet, fault.severity) == ("F1.xml", 2, "F1", "error")


def test_a_broken_line_is_told_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "fiches.jsonl"
    line = json.dumps(as_json(sheet_xml("F1")))
    path.write_text(f'{line}\n{{"children": 3}}\n{{broken}}\n', encoding="utf-8")
    found = reads(path)
    assert [(read.line, bool(read.sheet)) for read in found] == [(1, True), (2, False), (3, False)]


@pytest.mark.parametrize(
    "name", ["../F1.xml", "/etc/F1.xml", "a/../../F1.xml", "..\\F1.xml", "C:/F1.xml"]
)
def test_a_name_that_leaves_its_archive_is_refused(tmp_path: Path, name: str) -> None:
    for path in (
        written_zip(tmp_path / "a.zip", {name: sheet_xml()}),
        written_tar(tmp_path / "a.tgz", {name: sheet_xml().encode()}),
    ):
        with pytest.raises(UnreadableSource, match="sort de l'archive"):
            reads(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_tar_with_anything_but_files_is_refused(tmp_path: Path, kind: bytes) -> None:
    link = tarfile.TarInfo("F2.json")
    link.type, link.linkname = kind, "/etc/passwd"
    path = written_tar(tmp_path / "a.tgz", {"F1.json": sheet_json()}, link)
    with pytest.raises(UnreadableSource, match="ni un fichier ni un dossier"):
        reads(path)


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("F1.xml")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(UnreadableSource, match="ni un fichier ni un dossier"):
        reads(tmp_path / "a.zip")


def test_a_link_that_leaves_its_folder_is_refused(tmp_path: Path) -> None:
    secret = xml_folder(tmp_path / "ailleurs", "F1") / "F1.xml"
    folder = tmp_path / "fiches"
    folder.mkdir()
    (folder / "F1.xml").symlink_to(secret)
    with pytest.raises(UnreadableSource, match="sort du dossier"):
        reads(folder)


def test_a_member_too_big_for_a_sheet_is_refused(tmp_path: Path) -> None:
    huge = b" " * (containers.MAX_FILE_BYTES + 1)
    for path in (
        written_zip(tmp_path / "a.zip", {"F1.xml": huge}),
        written_tar(tmp_path / "a.tgz", {"package/README.md": huge}),
    ):
        with pytest.raises(UnreadableSource, match="ce n'est pas une fiche"):
            reads(path)


def test_a_zip_that_lies_about_its_sizes_is_stopped_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "MAX_FILE_BYTES", 10_000)
    content = sheet_xml() + " " * 50_000
    path = written_zip(tmp_path / "a.zip", {"F1.xml": content})
    size = len(content.encode()).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (100).to_bytes(4, "little")))
    with pytest.raises(UnreadableSource):
        reads(path)


@pytest.mark.parametrize("suffix", ["zip", "tgz"])
def test_a_content_out_of_proportion_is_a_bomb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr(containers, "EXPANSION_TOLERATED_BYTES", 1_000_000)
    padding = f"<!--{' ' * 400_000}-->".encode()
    files = {f"F{rank}.xml": sheet_xml(f"F{rank}").encode() + padding for rank in range(10)}
    path = tmp_path / f"a.{suffix}"
    if suffix == "zip":
        written_zip(path, dict(files))
    else:
        written_tar(path, files)
    with pytest.raises(UnreadableSource, match="100 fois la taille"):
        reads(path)


def test_too_many_files_are_no_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_FILES", 2)
    with pytest.raises(UnreadableSource, match="pas un catalogue"):
        reads(xml_folder(tmp_path, "F1", "F2", "F3"))


def test_an_archive_that_is_cut_is_refused(tmp_path: Path) -> None:
    noise = {f"F{rank}.json": sheet_json(f"F{rank}") + os.urandom(5_000) for rank in range(20)}
    for path in (
        written_zip(tmp_path / "a.zip", dict(noise)),
        written_tar(tmp_path / "a.tgz", noise),
    ):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        with pytest.raises(UnreadableSource, match="coupée ou abîmée"):
            reads(path)


def test_an_encrypted_zip_is_named_for_what_it_is(tmp_path: Path) -> None:
    path = written_zip(tmp_path / "a.zip", {"F1.xml": sheet_xml()})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    with pytest.raises(UnreadableSource, match="mot de passe"):
        reads(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        (b"<html><body>Erreur</body></html>", "HTML"),
        (b'{"autre": 1}\n', "racine"),
        (json.dumps(as_json(THEME)).encode(), "aucune fiche"),
    ],
)
def test_a_file_of_another_nature_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "fiches.jsonl"
    path.write_bytes(content)
    try:
        said = " ".join(fault.message for read in reads(path) for fault in read.faults)
    except UnreadableSource as error:
        said = str(error)
    assert words in said


def test_a_place_without_any_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="aucune fiche"):
        reads(tmp_path)
    with pytest.raises(UnreadableSource, match="aucune fiche"):
        reads(written_zip(tmp_path / "a.zip", {"menu.xml": "<a/>"}))
    with pytest.raises(UnreadableSource, match="introuvable"):
        reads(tmp_path / "nulle part")
