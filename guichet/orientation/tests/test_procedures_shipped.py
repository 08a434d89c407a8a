"""The catalogue that the project ships, and the script that makes it."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import os
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from guichet.orientation.models import Procedure
from guichet.orientation.procedures.importing import import_procedures, load_shipped_procedures
from guichet.orientation.procedures.sources import read_sheets
from guichet.orientation.procedures.sources.base import Read, UnreadableSource
from guichet.orientation.procedures.sources.compact import (
    SHIPPED,
    read_compact,
    read_heading,
    written,
)
from guichet.orientation.tests.factories import ProcedureFactory
from guichet.orientation.tests.procedure_sheets import xml_folder

SCRIPT = Path(__file__).parents[3] / "scripts" / "build_procedures.py"
EDITION = date(2020, 11, 12)
SHEETS = {"particuliers": 2980, "professionnels": 707, "associations": 94}
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def shipped() -> dict[tuple[str, str], Read]:
    return {(read.sheet.audience, read.sheet.code): read for read in read_sheets()}


@pytest.fixture(scope="module")
def build() -> ModuleType:
    specification = importlib.util.spec_from_file_location("build_procedures", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    sys.modules["build_procedures"] = module
    specification.loader.exec_module(module)
    return module


def test_it_holds_the_sheets_of_its_edition(shipped: dict[tuple[str, str], Read]) -> None:
    heading = read_heading()
    assert (heading.edition, heading.sheets) == (EDITION, SHEETS)
    assert Counter(audience for audience, _ in shipped) == SHEETS
    assert max(read.sheet.updated_on for read in shipped.values()) == EDITION


def test_it_is_light_and_without_the_date_of_its_making() -> None:
    content = SHIPPED.read_bytes()
    assert len(content) < MOST_BYTES
    assert content[4:8] == b"\0\0\0\0"


def test_it_holds_keywords_and_no_text(shipped: dict[tuple[str, str], Read]) -> None:
    assert {read.sheet.text for read in shipped.values()} == {""}
    counts = [len(read.keywords.split()) for read in shipped.values()]
    assert max(counts) == 40
    assert sum(counts) / len(counts) > 30


def test_sheets_say_who_handles_what(shipped: dict[tuple[str, str], Read]) -> None:
    card = shipped["particuliers", "F1341"].sheet
    assert card.title == "Carte d'identité d'un majeur : première demande"
    assert card.organisms[0].title == "Mairie délivrant des cartes d'identité"
    assert card.online[0].title == "Pré-demande de carte d'identité"
    rsa = shipped["particuliers", "F19778"]
    assert [one.pivot for one in rsa.sheet.organisms] == ["caf", "cg", "mairie", "msa"]
    assert "rsa" in rsa.keywords.split()
    assert rsa.sheet.folder == "Revenu de solidarité active (RSA)"


def test_it_agrees_with_tables_made_apart_from_the_same_package(
    shipped: dict[tuple[str, str], Read],
) -> None:
    folder = os.environ.get("GUICHET_SHARED_DATA")
    if not folder:
        pytest.skip("GUICHET_SHARED_DATA is not set")
    fields = {
        "titre": "title", "sujet": "subject", "theme": "theme", "dossier": "folder",
        "description": "description", "url": "url",
    }  # fmt: skip
    seen = 0
    for row in rows_of(Path(folder) / "vdd_fiches_2020.csv.gz"):
        if not row["id"].startswith("F"):
            continue
        sheet = shipped[row["audience"], row["id"]].sheet
        seen += 1
        assert str(sheet.updated_on) == row["date"]
        for theirs, ours in fields.items():
            assert spaced(getattr(sheet, ours)) == spaced(row[theirs]), (row["id"], theirs)
    assert seen == len(shipped)
    for table, ours, theirs, key in (
        ("vdd_ou_sadresser_2020.csv.gz", "organisms", "organisme", "fiche_id"),
        ("vdd_services_en_ligne_2020.csv.gz", "online", "titre", "fiche_id"),
    ):
        titles: dict[tuple[str, str], set[str]] = {}
        for row in rows_of(Path(folder) / table):
            titles.setdefault((row["audience"], row[key]), set()).add(spaced(row[theirs]))
        differing = [
            place
            for place, read in shipped.items()
            if {spaced(one.title) for one in getattr(read.sheet, ours)} != titles.get(place, set())
        ]
        assert differing == []


def rows_of(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def spaced(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.django_db
def test_it_is_loaded_once(django_assert_num_queries) -> None:
    report = load_shipped_procedures()
    assert report.applied
    assert report.faults == []
    assert dict(report.sheets) == SHEETS
    assert Procedure.objects.current().count() == sum(SHEETS.values())
    with django_assert_num_queries(1):
        assert load_shipped_procedures() is None


@pytest.mark.django_db
def test_it_says_that_its_age_needs_a_check() -> None:
    import_procedures(audiences=["associations"])
    procedures = Procedure.objects.all()
    assert {procedure.edition for procedure in procedures} == {EDITION}
    assert all(procedure.needs_check(date(2026, 11, 22)) for procedure in procedures)
    assert load_shipped_procedures().sheets.keys() == SHEETS.keys() - {"associations"}


@pytest.mark.django_db
def test_it_never_takes_the_place_of_a_newer_catalogue() -> None:
    kept = ProcedureFactory(code="F1", title="D'aujourd'hui")
    assert "particuliers" not in load_shipped_procedures().sheets
    assert "plus ancien" in import_procedures().refusal
    kept.refresh_from_db()
    assert (kept.title, kept.withdrawn_on) == ("D'aujourd'hui", None)


def test_the_script_gives_the_same_bytes_for_the_same_sheets(
    build: ModuleType, tmp_path: Path
) -> None:
    folder = xml_folder(tmp_path, "F2", "F10", "F1")
    rows = build.with_keywords(read_sheets(folder))
    content = written(rows, "fictif")
    assert written(rows[::-1], "fictif") == content
    path = tmp_path / "procedures.jsonl.gz"
    path.write_bytes(content)
    assert [read.sheet.code for read in read_compact(path)] == ["F1", "F2", "F10"]
    assert read_heading(path).sheets == {"particuliers": 3}


def test_the_compact_form_loses_nothing_but_the_text(build: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "procedures.jsonl.gz"
    rows = build.with_keywords(read_sheets(xml_folder(tmp_path, "F1")))
    path.write_bytes(written(rows, "fictif"))
    read = next(iter(read_compact(path)))
    sheet, keywords = rows[0]
    assert read.keywords == keywords
    for name in ("title", "description", "organisms", "online", "url", "updated_on"):
        assert getattr(read.sheet, name) == getattr(sheet, name)


def test_the_script_makes_no_catalogue_of_faulty_sheets(
    build: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match=r"F1\.xml"):
        build.with_keywords(read_sheets(xml_folder(tmp_path, "F1", title="")))
    assert "dc:title" in capsys.readouterr().err


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_a_shipped_file_that_is_damaged_is_told(tmp_path: Path, kept: float) -> None:
    content = SHIPPED.read_bytes()
    path = tmp_path / "procedures.jsonl.gz"
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(UnreadableSource, match="build_procedures"):
        list(read_compact(path))
