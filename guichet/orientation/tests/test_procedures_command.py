"""`guichet import_procedures` as a person meets it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guichet.orientation.models import Procedure
from guichet.orientation.tests.procedure_sheets import xml_folder

pytestmark = pytest.mark.django_db


def run(*options: object) -> dict[str, Any]:
    """The report of an import, refused or not."""
    output = io.StringIO()
    try:
        call_command("import_procedures", *map(str, options), "--json", stdout=output)
    except CommandError:
        if not output.getvalue():
            raise
    report: dict[str, Any] = json.loads(output.getvalue())
    return report


def test_a_catalogue_is_loaded_and_loaded_again_without_change(tmp_path: Path) -> None:
    folder = xml_folder(tmp_path, "F1", "F2")
    report = run(folder)
    assert report["counts"]["created"] == 2
    assert (report["edition"], report["applied"]) == ("2026-10-01", True)
    assert report["sheets"] == {"particuliers": 2}
    assert run(folder)["counts"]["unchanged"] == 2


def test_the_options_reach_the_import(tmp_path: Path) -> None:
    folder = xml_folder(tmp_path, "F1")
    xml_folder(tmp_path / "pro", "F2", audience="Professionnels")
    options = ("--audience", "professionnels", "--edition", "2026-11-01")
    assert run(folder, *options, "--dry-run")["dry_run"]
    assert not Procedure.objects.exists()
    run(folder, *options)
    assert str(Procedure.objects.get().edition) == "2026-11-01"
    options = {"audience": "Professionnels", "date": "modified 2026-11-02"}
    other = xml_folder(tmp_path / "autre", "F3", **options)
    assert "plus de 20 %" in run(other)["refusal"]
    run(other, "--allow-withdrawals")
    assert Procedure.objects.current().get().code == "F3"


def test_a_refusal_tells_its_faults_and_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = xml_folder(tmp_path, "F1", title="")
    report = run(folder)
    assert not report["applied"]
    assert report["faults"][0]["file"] == "F1.xml"
    with pytest.raises(CommandError, match="1 fiche"):
        call_command("import_procedures", str(folder))
    shown = capsys.readouterr().out
    assert "F1.xml" in shown
    assert "1 erreur" in shown


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"introuvable[\s\S]*Rien n'a été changé"):
        run(tmp_path / "absent.zip")


@pytest.mark.parametrize(
    "options", [("--edition", "hier"), ("--edition", "2026-02-30"), ("--audience", "licornes")]
)
def test_an_option_that_means_nothing_is_refused(options: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        run(*options)


def test_what_changed_is_said_in_french(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_procedures", str(xml_folder(tmp_path, "F1")))
    shown = capsys.readouterr().out
    assert "Catalogue du 01/10/2026" in shown
    assert "1 créées" in shown
