"""`guichet import_directory` as a person meets it: files that are cut, wrong or hostile."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from guichet.directory.models import ImportRun, Structure
from guichet.territories.tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lille() -> None:
    CommuneFactory(insee_code="59350", name="Lille", latitude=50.63, longitude=3.06)


def record(identifier: str, **values: Any) -> dict[str, Any]:
    """A record of the DILA's dump, fictional."""
    return {
        "id": identifier,
        "nom": f"Mairie {identifier}",
        "categorie": "SL",
        "pivot": [{"type_service_local": "mairie", "code_insee_commune": ["59350"]}],
        "code_insee_commune": "59350",
        "adresse": [
            {
                "type_adresse": "Adresse",
                "numero_voie": "1 rue de la Fiction",
                "code_postal": "59000",
                "nom_commune": "Lille",
                "longitude": "3.07",
                "latitude": "50.63",
            }
        ],
        "plage_ouverture": [
            {
                "nom_jour_debut": "Lundi",
                "nom_jour_fin": "Vendredi",
                "valeur_heure_debut_1": "09:00:00",
                "valeur_heure_fin_1": "12:00:00",
            }
        ],
        "date_modification": "01/10/2026 10:00:00",
        **values,
    }


def written(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"service": list(records)}), encoding="utf-8")
    return path


def run(path: Path, *options: str) -> dict[str, Any]:
    """The report of an import, refused or not."""
    output = io.StringIO()
    try:
        call_command(
            "import_directory", str(path), "--format", "dila", "--json", *options, stdout=output
        )
    except CommandError:
        if not output.getvalue():
            raise
    report: dict[str, Any] = json.loads(output.getvalue())
    return report


def test_a_dump_is_loaded_and_loaded_again_without_change(tmp_path: Path) -> None:
    path = written(tmp_path / "dump.json", record("a"), record("b"))
    assert run(path)["counts"]["created"] == 2
    assert run(path)["counts"]["unchanged"] == 2
    structure = Structure.objects.get(code="a")
    assert structure.intervals.count() == 5


def test_a_dump_cut_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "dump.json", *(record(f"m{rank}") for rank in range(3000)))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 9 // 10])
    with pytest.raises(CommandError, match="coupé"):
        run(path)
    assert Structure.objects.count() == 0
    assert ImportRun.objects.count() == 0


def test_a_compressed_dump_cut_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "dump.json.gz"
    whole = gzip.compress(
        json.dumps({"service": [record(os.urandom(8).hex()) for _ in range(3000)]}).encode()
    )
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CommandError, match="coupé"):
        run(path, "--keep-going")
    assert Structure.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        ("id;nom\n1;Évreux".encode("latin-1"), "."),
        (b"<html><body>Erreur</body></html>", "HTML"),
    ],
)
def test_a_file_of_another_nature_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "dump.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run(path)
    assert Structure.objects.count() == 0


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.json"):
        run(tmp_path / "absent.json")


def test_every_fault_is_told_at_once_with_line_field_value_and_what_was_done(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path / "dump.json",
        record("good"),
        record("good"),
        record("lost", code_insee_commune="99999", pivot=[]),
        record(
            "late",
            plage_ouverture=[
                {
                    "nom_jour_debut": "Lundi",
                    "nom_jour_fin": "Lundi",
                    "valeur_heure_debut_1": "25:99:00",
                    "valeur_heure_fin_1": "12:00:00",
                }
            ],
        ),
    )
    report = run(path)
    assert not report["applied"]
    assert Structure.objects.count() == 0
    told = {fault["identifier"]: fault for fault in report["faults"]}
    assert {"good", "lost", "late"} <= set(told)
    assert told["good"]["severity"] == told["lost"]["severity"] == "error"
    assert told["late"]["severity"] == "warning"
    assert "25:99" in told["late"]["value"]
    assert all(fault["message"] and fault["done"] and fault["field"] for fault in told.values())

    report = run(path, "--keep-going")
    assert report["applied"]
    assert set(Structure.objects.values_list("code", flat=True)) == {"good", "late"}


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [("0", "0", None), ("3.07", "50.63", (50.63, 3.07)), ("50,63", "3,07", (50.63, 3.07))],
)
def test_positions_at_zero_swapped_or_with_commas(
    tmp_path: Path, latitude: str, longitude: str, expected: tuple[float, float] | None
) -> None:
    address = {**record("x")["adresse"][0], "latitude": latitude, "longitude": longitude}
    run(written(tmp_path / "dump.json", record("x", adresse=[address])))
    structure = Structure.objects.get()
    if expected:
        assert (structure.latitude, structure.longitude) == expected
    else:
        assert structure.position_source == "commune"


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    report = run(written(tmp_path / "dump.json", record("a")), "--dry-run")
    assert report["counts"]["created"] == 1
    assert Structure.objects.count() == 0


def test_people_read_a_table_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "dump.json", record("lost", code_insee_commune="99999", pivot=[]))
    with pytest.raises(CommandError, match="rien n'a été importé"):
        call_command("import_directory", str(path), "--format", "dila")
    assert "1 erreur(s)" in capsys.readouterr().out


def test_nobody_named_in_the_dump_is_kept(tmp_path: Path) -> None:
    person = {"fonction": "Maire", "personne": {"nom": "Introuvable", "prenom": "Personne"}}
    path = written(tmp_path / "dump.json", record("a", affectation_personne=[person]))
    run(path)
    row = Structure.objects.values().get()
    assert "Introuvable" not in json.dumps(row, default=str)


def check_keys() -> None:
    """At once and by plans for tables that are full: those that earlier tests left in this
    connection, for tables of a few rows, would read them whole for every row."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE territories_commune, directory_structure")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.long
@pytest.mark.skipif(
    not os.environ.get("GUICHET_SHARED_DATA"), reason="GUICHET_SHARED_DATA ne désigne rien"
)
def test_the_real_files_load_whole_and_a_second_time_change_nothing() -> None:
    from guichet.territories.models import Commune

    call_command("import_territories", verbosity=0)
    assert Commune.objects.count() > 34_000
    folder = Path(os.environ["GUICHET_SHARED_DATA"])
    for source, name, options in (
        ("dila2016", "guichets_dila_2016.csv.gz", ()),
        ("france-services", "france_services_2020.csv.gz", ("--keep-going",)),
    ):
        output = io.StringIO()
        arguments = ["import_directory", str(folder / name), "--format", source, "--json", *options]
        call_command(*arguments, stdout=output)
        first = json.loads(output.getvalue())["counts"]
        again = io.StringIO()
        call_command(*arguments, stdout=again)
        second = json.loads(again.getvalue())["counts"]
        assert first["created"] > 900
        assert second["unchanged"] == first["created"]
        assert second.get("created", 0) == second.get("updated", 0) == 0
        check_keys()
    assert Structure.objects.filter(source="dila2016").count() == 62_138
