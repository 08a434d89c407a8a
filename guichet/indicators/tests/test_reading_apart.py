"""A file made to exhaust its reader is refused in words, and the one that asked lives on."""

from __future__ import annotations

import io
import resource
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from guichet.indicators.files import apart
from guichet.indicators.files.apart import Limits, is_small, stage_apart
from guichet.indicators.files.reading import stage
from guichet.indicators.files.staged import UnreadableFile

TITLES = ["indicateur", "version", "structure", "periode", "coupe", "partie", "total"]
LINE = ["decroche", "1", "S01", "2026-01", "", "1", "2"]
LIMITS = Limits(megabytes=1_500, seconds=60)
SPREADSHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def workbook(**parts: str) -> bytes:
    """One of two lines, with these parts in place of its own (`styles_xml` for styles.xml)."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(TITLES)
    sheet.append(LINE)
    saved, out = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with (
        zipfile.ZipFile(saved) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            key = entry.filename.rsplit("/", 1)[-1].replace(".", "_")
            target.writestr(entry.filename, parts.get(key, source.read(entry)))
    return out.getvalue()


def styles(count: int) -> str:
    return f"<styleSheet {SPREADSHEET}><cellXfs>{'<xf/>' * count}</cellXfs></styleSheet>"


def parquet(
    path: Path, cell: str, rows: int, *, width: int, kind: pa.DataType | None = None
) -> Path:
    """Columns of one repeated text, as a dictionary unless `kind` says otherwise."""
    repeated = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([cell]))
    column = repeated if kind is None else repeated.cast(kind)
    names = [*TITLES, *(f"c{rank}" for rank in range(width - len(TITLES)))]
    pq.write_table(pa.table(dict.fromkeys(names, column)), path)
    return path


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "received"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_apart_or_not_a_file_is_read_alike(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "received"
    if kind == "csv":
        lines = [";".join(TITLES), *[";".join(LINE)] * 60_000, ";".join([*LINE, "trop"])]
        path.write_text("\n".join(lines))
    elif kind == "xlsx":
        path.write_bytes(workbook())
    else:
        parquet(path, "x", 3, width=7)
    here, there = stage(path, tmp_path / "here"), stage_apart(path, tmp_path / "there", LIMITS)
    assert pq.read_table(there.path).equals(pq.read_table(here.path))
    assert {**vars(there), "path": None} == {**vars(here), "path": None}
    assert sorted(file.name for file in tmp_path.iterdir()) == ["here", "received", "there"]


def test_what_is_no_table_is_told_as_ever(tmp_path: Path) -> None:
    path = written(tmp_path, workbook()[:-40])
    with pytest.raises(UnreadableFile, match="abîmé"):
        stage_apart(path, tmp_path / "out", LIMITS)


@pytest.mark.parametrize(
    "limits", [Limits(megabytes=700, seconds=60), Limits(megabytes=4_000, seconds=1)]
)
def test_a_file_that_takes_too_much_memory_or_time_is_refused_in_words(
    tmp_path: Path, limits: Limits
) -> None:
    path = written(tmp_path, workbook(styles_xml=styles(900_000)))
    with pytest.raises(UnreadableFile, match=r"trop de mémoire ou de temps.*enregistrez-le en CSV"):
        stage_apart(path, tmp_path / "out", limits)


def test_repeated_long_texts_are_refused_without_being_decoded(tmp_path: Path) -> None:
    path = parquet(tmp_path / "long", "x" * 7_900, 200_000, width=64)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFile, match="plus de 2 000 caractères"):
        stage(path, tmp_path / "out")
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 300_000


@pytest.mark.parametrize("kind", [None, pa.string(), pa.large_string()])
def test_no_kind_of_text_escapes_the_limit_of_length(
    tmp_path: Path, kind: pa.DataType | None
) -> None:
    path = parquet(tmp_path / "long", "é" * 2_001, 10, width=7, kind=kind)
    with pytest.raises(UnreadableFile, match="démesurés"):
        stage(path, tmp_path / "out")
    just = parquet(tmp_path / "just", "é" * 2_000, 10, width=7, kind=kind)
    assert stage(just, tmp_path / "out").row_count == 10


def test_columns_beyond_those_of_a_file_are_refused_before_any_is_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="65 colonnes"):
        stage(parquet(tmp_path / "wide", "x", 1, width=65), tmp_path / "out")
    assert stage(parquet(tmp_path / "all", "x", 1, width=64), tmp_path / "out").row_count == 1


RELATION = '<Relationship Id="rId1" Type="a" Target="b"/>'
MANY_RELATIONS = f"<Relationships {RELATIONS}>{RELATION * 700_000}</Relationships>"
SHEETS = "".join(f'<sheet name="f{rank}" sheetId="{rank}"/>' for rank in range(60_000))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"styles_xml": styles(2_000_000)}, "partie démesurée"),
        (
            {"workbook_xml_rels": MANY_RELATIONS},
            "partie démesurée",
        ),
        (
            {"workbook_xml": f"<workbook {SPREADSHEET}><sheets>{SHEETS}</sheets></workbook>"},
            "plus de 500 feuilles",
        ),
        ({"styles_xml": f"<!--{'x' * 5_000}--><!DOCTYPE a []><styleSheet/>"}, "abîmé"),
        ({"styles_xml": f"<?a {'x' * 5_000}?> <!doctype a []><styleSheet/>"}, "abîmé"),
        ({"styles_xml": f"<!--{'x' * 70_000}--><!DOCTYPE a []><styleSheet/>"}, "abîmé"),
    ],
)
def test_a_part_made_to_exhaust_is_refused_before_it_is_read(
    tmp_path: Path, parts: dict[str, str], words: str
) -> None:
    with pytest.raises(UnreadableFile, match=words):
        stage(written(tmp_path, workbook(**parts)), tmp_path / "out")


def test_a_comment_before_the_first_element_is_no_fault(tmp_path: Path) -> None:
    commented = f"<?xml version='1.0'?>\n<!-- <!DOCTYPE a> {'x' * 5_000} -->\n{styles(1)}"
    found = stage(written(tmp_path, workbook(styles_xml=commented)), tmp_path / "out")
    assert found.row_count == 1


def test_what_is_small_is_told_by_the_contents(tmp_path: Path) -> None:
    packed = tmp_path / "packed.csv"
    packed.write_bytes(workbook(styles_xml=styles(3_500_000)))
    assert packed.stat().st_size < apart.SMALL_PACKED_BYTES
    assert not is_small(packed, LIMITS)
    assert is_small(written(tmp_path, workbook()), LIMITS)
    long = parquet(tmp_path / "long.csv", "x", 100_000, width=7)
    assert long.stat().st_size < apart.SMALL_PACKED_BYTES
    assert not is_small(long, LIMITS)
    assert is_small(parquet(tmp_path / "short", "x", 1_000, width=7), LIMITS)
    text = tmp_path / "texte.xlsx"
    text.write_bytes(b"a;b\n" * 300_000)
    assert is_small(text, LIMITS)
    text.write_bytes(b"a;b\n" * 400_000)
    assert not is_small(text, LIMITS)


def test_a_broken_file_is_small_since_it_is_refused_at_once(tmp_path: Path) -> None:
    assert is_small(written(tmp_path, b"PAR1 and nothing more"), LIMITS)
    assert is_small(written(tmp_path, b"PK\x03\x04 and nothing more"), LIMITS)


def test_the_process_that_reads_knows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, str]] = []

    def run(command: list[str], *, env: dict[str, str], **_: object) -> object:
        given.append(env)
        raise apart.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setenv("GUICHET_SECRET_KEY", "secret")
    monkeypatch.setattr(apart.subprocess, "run", run)
    with pytest.raises(UnreadableFile, match="trop de mémoire ou de temps"):
        stage_apart(written(tmp_path, workbook()), tmp_path / "out", LIMITS)
    assert "secret" not in given[0].values()
