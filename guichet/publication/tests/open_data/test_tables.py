"""The open tables: what they hold, row by row, and how they are written."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.core.extensions import OpenColumn, OpenTable, open_tables
from guichet.directory.csv_sheets import BOM
from guichet.directory.models import Structure
from guichet.indicators.tests.observation_example import EXAMPLE
from guichet.publication.models import Release
from guichet.publication.open_data import kept_files
from guichet.publication.open_data.columns import OFFICIAL
from guichet.publication.open_data.writers import FORMATS, csv_pieces, json_pieces, write_table
from guichet.publication.tasks import refresh_open_data
from guichet.publication.tests.factories import declare_aim

NAMES = ("structures", "indicateurs", "resultats", "millesimes")


def table(name: str) -> OpenTable:
    return next(each for each in open_tables if each.name == name)


def dicts(name: str) -> list[dict]:
    found = table(name)
    names = [column.name for column in found.columns]
    return [dict(zip(names, row, strict=True)) for row in found.rows()]


def test_the_tables_of_this_app_are_registered_with_distinct_columns():
    assert {each.name for each in open_tables} >= set(NAMES)
    for name in NAMES:
        columns = [column.name for column in table(name).columns]
        assert len(set(columns)) == len(columns)


OFFICIAL_NAMES = {
    "structures": (
        "code_sp_de_la_structure reseau intitule_de_la_typologie intitule_de_la_structure "
        "description_de_la_structure identifiant_de_la_structure code_sp_structure_parent"
    ),
    "indicateurs": (
        "reseau intitule_original_de_l_indicateur intitule_usager_de_l_indicateur "
        "type_d_indicateur sources_et_methodes type_d_unite unite"
    ),
    "resultats": (
        "code_sp_du_resultat intitule_du_reseau typologie intitule_de_la_structure "
        "code_sp_structure code_postal_ville_de_la_structure code_sp_de_l_indicateur "
        "titre_original_de_l_indicateur valeur frequence date_de_mise_a_jour"
    ),
}


@pytest.mark.parametrize("name", OFFICIAL_NAMES)
def test_official_columns_come_first_under_their_official_names(name):
    found = [column.name for column in table(name).columns if column.source == OFFICIAL]
    assert found == OFFICIAL_NAMES[name].split()
    assert [column.name for column in table(name).columns][: len(found)] == found


def test_official_names_are_those_of_the_programmes_schema():
    shipped = technical_names(Path(__file__).with_name("official_columns.csv"))
    assert shipped.keys() == OFFICIAL_NAMES.keys()
    for name, names in shipped.items():
        assert names <= {each.name for each in table(name).columns if each.source == OFFICIAL}
    if folder := os.environ.get("GUICHET_SHARED_DATA"):
        real = technical_names(Path(folder) / "spplus_opendata_schema.csv")
        assert {name: real[name] for name in shipped} == shipped


def technical_names(path: Path) -> dict[str, set[str]]:
    """Of each table of the programme's open data, the columns that have a technical name."""
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["nom_technique"]:
                found.setdefault(row["jeu"], set()).add(row["nom_technique"])
    return found


def test_results_hold_every_figure_of_the_current_release(published):
    found = {
        (
            row["code_reseau"],
            row["code_sp_de_l_indicateur"],
            row["niveau"],
            row["lieu"],
            row["periode"],
            row["coupe"],
        ): row
        for row in dicts("resultats")
    }
    with (EXAMPLE / "expected_figures.csv").open(encoding="utf-8") as lines:
        expected = list(csv.DictReader(lines))
    assert len(found) == len(expected)
    for line in expected:
        key = tuple(
            line[name] for name in ("network", "indicator", "level", "place", "period", "cut")
        )
        row = found[key]
        assert row["valeur"] == (Decimal(line["value"]) if line["value"] else None)
        assert row["etat"] == line["state"]
        assert row["comparaison_pays"] == line["versus_nation"]
        assert row["evolution_periode"] == (
            Decimal(line["change_previous"]) if line["change_previous"] else None
        )


def test_a_result_says_where_it_can_be_recomputed(published):
    row = next(
        row
        for row in dicts("resultats")
        if row["code_sp_du_resultat"] == "REL/decroche.1/2026/structure/S10/2026-02"
    )
    assert row["compteurs"] == "205|250"
    assert (row["edition"], row["part"]) == ("2026-04", "REL/decroche.1/2026")
    hashes = (EXAMPLE / "expected_hash.txt").read_text()
    assert f"{row['empreinte_des_lignes']}  {row['part']}.csv" in hashes
    assert row["intitule_de_la_structure"] == "Guichet fictif de Riom"
    assert row["demonstration"] is True


def test_a_declared_value_is_never_said_to_be_invented(published):
    marks = {(row["etat"] == "declared", row["demonstration"]) for row in dicts("resultats")}
    assert marks == {(False, True), (True, False)}


def test_a_declared_value_says_what_its_source_aims_at(published):
    def aims(mark):
        rows = [row for row in dicts("resultats") if (row["etat"] == "declared") is mark]
        return {(row["cible"], row["cible_declaree"], row["cible_declaree_pour"]) for row in rows}

    assert aims(True) == {("not_applicable", None, "")}
    assert aims(False) == {(one, None, "") for one in ("", "met", "not_met")}
    declare_aim("12.4")
    assert aims(True) == {("not_yet", Decimal(10), "2026-Q4")}


def test_results_keep_the_same_code_from_one_edition_to_the_next(published):
    codes = [row["code_sp_du_resultat"] for row in dicts("resultats")]
    assert len(set(codes)) == len(codes)
    assert "REL/accuse-delai.1/2026/pool/pool~R32/2026-Q1/courrier" in codes


def test_missing_is_empty_and_never_zero(published):
    row = next(
        row
        for row in dicts("resultats")
        if row["code_sp_du_resultat"] == "REL/decroche.1/2026/structure/S05/2026-02"
    )
    assert (row["etat"], row["valeur"], row["compteurs"]) == ("missing", None, "")
    assert (row["attendus"], row["recus"]) == (1, 0)


def test_structures_hold_their_parent_and_their_territory(published):
    found = {row["code_sp_de_la_structure"]: row for row in dicts("structures")}
    assert found["S08"]["code_sp_structure_parent"] == "REL-59"
    assert (found["S08"]["code_departement"], found["S08"]["code_region"]) == ("59", "32")
    assert found["S12"]["fermee_le"] == date(2026, 2, 28)
    assert found["S13"]["code_departement"] == ""
    assert len(found) == Structure.objects.count()


def test_indicators_have_a_row_for_each_network_that_publishes_them(published):
    rows = {
        row["code_sp_de_l_indicateur"]: row for row in dicts("indicateurs") if row["code_reseau"]
    }
    assert set(rows) == {"decroche", "satisfaction", "accuse-delai", "delai-moyen"}
    assert rows["accuse-delai"]["maille_coupes"] == "courrier|en-ligne"
    assert rows["decroche"]["cible"] == 85
    assert rows["delai-moyen"]["maille_periode"] == ""


def test_releases_are_listed_the_newest_first(published):
    rows = dicts("millesimes")
    assert [(row["edition"], row["en_vigueur"]) for row in rows] == [
        ("2026-04", True),
        ("2026-T1", False),
    ]
    assert rows[0]["edition_precedente"] == "2026-T1"
    assert (rows[0]["corrections"], rows[0]["lignes_differentes"]) == (12, 44)


def test_no_table_is_held_in_memory_nor_asks_once_a_row(published):
    for name, most in [("resultats", 14), ("structures", 1), ("indicateurs", 4), ("millesimes", 1)]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            count = sum(1 for _ in table(name).rows())
        assert count
        assert len(queries) <= most, name


def test_without_a_release_results_are_empty(published):
    Release.objects.update(is_current=False)
    assert dicts("resultats") == []


COLUMNS = (
    OpenColumn("mot", "Mot", "string", "Un mot"),
    OpenColumn("nombre", "Nombre", "number", "Un nombre"),
    OpenColumn("entier", "Entier", "integer", "Un entier"),
    OpenColumn("vrai", "Vrai", "boolean", "Vrai ou faux"),
    OpenColumn("jour", "Jour", "date", "Un jour"),
    OpenColumn("moment", "Moment", "datetime", "Un moment"),
)
MOMENT = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
ROWS = [
    ('=1+1;"é"', Decimal("-4.60"), 3, True, date(2026, 5, 1), MOMENT),
    ("", None, None, None, None, None),
    ("@SOMME(A1)\n", Decimal("1E+2"), -1, False, date(2026, 5, 1), MOMENT),
]


def read_csv(content: bytes) -> list[list[str]]:
    text = content.decode()
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def test_csv_is_quoted_and_formulas_are_neutralised_but_numbers_are_not():
    header, first, empty, last = read_csv(b"".join(csv_pieces(COLUMNS, ROWS)))
    assert header == [column.name for column in COLUMNS]
    assert first == ['\'=1+1;"é"', "-4.60", "3", "true", "2026-05-01", MOMENT.isoformat()]
    assert empty == [""] * 6
    assert last[:3] == ["'@SOMME(A1)\n", "100", "-1"]


def test_json_keeps_types_and_nulls():
    found = json.loads(b"".join(json_pieces(COLUMNS, ROWS)))
    assert found[0]["nombre"] == -4.6
    assert found[1]["nombre"] is None
    assert (found[0]["vrai"], found[0]["jour"]) == (True, "2026-05-01")
    assert json.loads(b"".join(json_pieces(COLUMNS, []))) == []


def test_many_rows_stay_one_array_and_one_header():
    rows = [("a", None, number, None, None, None) for number in range(4_500)]
    assert [one["entier"] for one in json.loads(b"".join(json_pieces(COLUMNS, rows)))] == [
        *range(4_500)
    ]
    assert len(read_csv(b"".join(csv_pieces(COLUMNS, rows)))) == 4_501


def test_parquet_is_typed_and_described(tmp_path):
    path = tmp_path / "t.parquet"
    write_table(COLUMNS, ROWS, path)
    found = pyarrow.parquet.read_table(path)
    assert [str(field.type) for field in found.schema] == [
        "string", "double", "int64", "bool", "date32[day]", "timestamp[ms, tz=UTC]",
    ]  # fmt: skip
    assert found.to_pylist()[0]["nombre"] == -4.6
    assert found.schema.field("mot").metadata[b"description"] == b"Un mot"
    write_table(COLUMNS, [], path)
    assert pyarrow.parquet.read_table(path).num_rows == 0


def test_the_three_formats_say_the_same(published, tmp_path):
    found = table("resultats")
    for extension in FORMATS:
        write_table(found.columns, found.rows(), tmp_path / f"r.{extension}")
    rows = read_csv((tmp_path / "r.csv").read_bytes())
    objects = json.loads((tmp_path / "r.json").read_bytes())
    records = pyarrow.parquet.read_table(tmp_path / "r.parquet").to_pylist()
    assert len(rows) - 1 == len(objects) == len(records)
    value = rows[0].index("valeur")
    assert [float(row[value]) if row[value] else None for row in rows[1:]] == [
        one["valeur"] for one in objects
    ]
    assert [one["valeur"] for one in objects] == [one["valeur"] for one in records]


def test_files_are_made_again_only_when_rows_change(published):
    found = table("millesimes")
    assert kept_files.refresh(found)
    first = kept_files.kept_file(found, "csv")
    assert not kept_files.refresh(found)
    assert kept_files.kept_file(found, "csv") == first
    Release.objects.filter(name="2026-04").update(is_current=False)
    assert kept_files.refresh(found)
    second = kept_files.kept_file(found, "csv")
    assert second.mark != first.mark
    assert not first.path.exists()


def test_a_failure_leaves_the_former_files(published, monkeypatch):
    found = table("millesimes")
    kept_files.refresh(found)
    former = kept_files.kept_file(found, "json")
    monkeypatch.setattr(kept_files, "stamp_of", lambda table: "another")

    def full_disk(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_files, "write_table", full_disk)
    with pytest.raises(OSError, match="No space"):
        kept_files.refresh(found)
    assert kept_files.kept_file(found, "json") == former
    assert not list(kept_files.folder_of(found).glob(".*"))


def test_the_worker_keeps_every_table_ready_and_removes_broken_drafts(published):
    draft = kept_files.folder_of(table("structures")) / f"{kept_files.DRAFT}killed"
    draft.mkdir(parents=True)
    refresh_open_data(timestamp=0)
    for each in open_tables:
        for extension in FORMATS:
            assert kept_files.kept_file(each, extension).byte_size
    assert not draft.exists()
