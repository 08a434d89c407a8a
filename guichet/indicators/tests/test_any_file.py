"""Files told by their first bytes: titles, what is no table, what is damaged."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.indicators.checking import columns
from guichet.indicators.files.staged import UnreadableFile
from guichet.indicators.files.titles import OTHERS, WANTED
from guichet.indicators.tests.staged_files import (
    ROW,
    TITLES,
    parquet,
    rows_of,
    staged,
    text_of,
    workbook,
)


@pytest.mark.parametrize(
    "text",
    [
        "decroche;1;S05;2026-04;;572;640\n" * 3,
        "indicateur|version|structure|periode\ndecroche|1|S05|2026-04\n",
        '[{"indicateur": "decroche", "version": 1}]\n',
        "Avril\n" * 10 + "indicateur;version\ndecroche;1\n",
    ],
)
def test_without_titles_only_the_titles_are_asked(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile) as told:
        staged(text.encode(), tmp_path)
    assert "la ligne 1 doit être « indicateur;version;structure;periode" in str(told.value)
    assert "supprim" not in str(told.value)


def test_what_looks_like_titles_is_what_the_checks_know() -> None:
    known = {*columns.KEY, *columns.DECLARED, *columns.COUNTERS} - {*columns.BUCKETS}
    assert {WANTED, *OTHERS} == known


def test_the_cell_of_a_fault_is_named_as_a_spreadsheet_does(tmp_path: Path) -> None:
    found = staged(b"indicateur;a\nx;1\n", tmp_path)
    assert (found.cell("a", 7), found.cell("", 7)) == ("B7", "")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"\xef\xbb\xbf\r\n\r\n", "vide"),
        (b"%PDF-1.7 ...", "un PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien format .xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        (b"\x1f\x8b\x08\0", "décompressez"),
        (b"PK\x05\x06" + b"\0" * 18, "abîmé"),
        (b"<!DOCTYPE html><html>", "une page web"),
        (b'{"a": 1}', "du JSON"),
        (b"PAR1 et rien d'autre", "Parquet est abîmé"),
        (b"abc\0\0\0def;indicateur\n\x01\x02", "pas un fichier de texte"),
        ("\ufeffindicateur;a\n".encode("utf-16-le") + b"\xd8", "coupé ou abîmé"),
        (("c;" * 70 + "indicateur\n").encode(), "71 colonnes"),
        (b"\x00\x01\x02indicateur\xff\xfe;version", "pas un fichier de texte"),
    ],
)
def test_what_is_no_table_says_how_to_save_it_again(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        staged(content, tmp_path)


SAMPLES = {
    "xlsx": workbook(*([*TITLES], *([ROW] * 5))),
    "parquet": parquet(
        {title: pa.array([cell] * 5) for title, cell in zip(TITLES, ROW, strict=True)}
    ),
    "csv": text_of(";", TITLES, *([ROW] * 5)).encode(),
}


@settings(
    max_examples=150,
    deadline=None,
)
@given(
    kind=st.sampled_from(list(SAMPLES)),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, 40),
)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(
    tmp_path: Path, kind: str, changes: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(SAMPLES[kind])
    for place, byte in changes:
        content[place % len(content)] = byte
    del content[len(content) - cut :]
    try:
        found = staged(bytes(content), tmp_path)
    except UnreadableFile as error:
        told = str(error)
    else:
        told = f"{len(rows_of(found))} lignes."
    assert told.strip().endswith((".", "»"))
