"""An edition of the catalogue comes in whole or not at all, and as often as wanted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from guichet.orientation.catalogue import current_version
from guichet.orientation.models import Procedure
from guichet.orientation.procedures.importing import ImportReport, import_procedures
from guichet.orientation.procedures.sources.base import UnreadableSource
from guichet.orientation.tests.factories import ProcedureFactory
from guichet.orientation.tests.procedure_sheets import sheet_xml, written_zip, xml_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten sheets."""
    return xml_folder(tmp_path / "fiches", *(f"F{rank}" for rank in range(1, 11)))


def outcomes(report: ImportReport) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "restored", "withdrawn")
    return {name: report.counts[name] for name in names if report.counts[name]}


def test_a_sheet_becomes_a_procedure(folder: Path) -> None:
    report = import_procedures(folder)
    assert report.applied
    assert report.faults == []
    procedure = Procedure.objects.get(code="F1")
    assert procedure.audience == "particuliers"
    assert procedure.title == "Déclarer une licorne"
    assert (procedure.subject, procedure.theme) == ("Famille & animaux", "Animaux")
    assert procedure.folder == "Licornes"
    assert procedure.kinds == ["mairie"]
    assert procedure.organisms == [
        {
            "title": "Mairie",
            "kind": "mairie",
            "note": "Pour déclarer ; Pour s'informer",
            "url": "https://lannuaire.example/",
        },
        {"title": "Allô Licorne - 00 00", "kind": "", "note": "", "url": ""},
    ]
    assert procedure.online[0] == {
        "type": "teleservice",
        "title": "Déclarer une licorne",
        "url": "https://demarche.example/licorne",
        "cerfa": "",
    }
    assert {"licorne", "animal", "rare"} <= set(procedure.keywords.split())
    assert procedure.updated_on == procedure.edition == date(2026, 10, 1)
    assert procedure.withdrawn_on is None


def test_the_edition_is_the_day_of_the_newest_sheet(folder: Path) -> None:
    xml_folder(folder, "F3", date="modified 2026-10-20")
    report = import_procedures(folder)
    assert report.edition == date(2026, 10, 20)
    assert set(Procedure.objects.values_list("edition", flat=True)) == {date(2026, 10, 20)}


def test_the_same_catalogue_again_changes_nothing(folder: Path) -> None:
    import_procedures(folder)
    before = list(Procedure.objects.values())
    version = current_version()
    report = import_procedures(folder)
    assert outcomes(report) == {"unchanged": 10}
    assert list(Procedure.objects.values()) == before
    assert current_version() == version


def test_what_changed_is_updated_and_the_search_is_told(folder: Path) -> None:
    import_procedures(folder)
    version = current_version()
    xml_folder(folder, "F3", title="Déclarer deux licornes", date="modified 2026-10-20")
    assert outcomes(import_procedures(folder)) == {"updated": 1, "unchanged": 9}
    assert Procedure.objects.get(code="F3").title == "Déclarer deux licornes"
    assert Procedure.objects.get(code="F4").edition == date(2026, 10, 20)
    assert current_version() != version


def test_a_sheet_that_says_the_same_is_unchanged_when_others_change_its_keywords(
    tmp_path: Path,
) -> None:
    text = "<Texte><Paragraphe>{}</Paragraphe></Texte>"
    xml_folder(tmp_path, "F1", body=text.format("griffon dragon dragon"))
    xml_folder(tmp_path, "F2", body=text.format("phénix"))
    import_procedures(tmp_path)
    assert Procedure.objects.get(code="F1").keywords.split()[0] == "dragon"
    for code in ("F3", "F4", "F5"):
        xml_folder(tmp_path, code, body=text.format("dragon"))
    version = current_version()
    assert outcomes(import_procedures(tmp_path)) == {"created": 3, "unchanged": 2}
    assert Procedure.objects.get(code="F1").keywords.split()[0] == "griffon"
    assert current_version() != version


def test_a_sheet_that_is_gone_is_withdrawn_and_may_come_back(folder: Path) -> None:
    import_procedures(folder)
    (folder / "F1.xml").unlink()
    xml_folder(folder, "F2", date="modified 2026-10-20")
    assert outcomes(import_procedures(folder)) == {"updated": 1, "unchanged": 8, "withdrawn": 1}
    gone = Procedure.objects.get(code="F1")
    assert gone.withdrawn_on == date(2026, 10, 20)
    assert gone not in Procedure.objects.current()
    xml_folder(folder, "F1")
    assert outcomes(import_procedures(folder)) == {"unchanged": 9, "restored": 1}
    assert Procedure.objects.get(code="F1").withdrawn_on is None


def test_one_withdrawn_stays_so_with_its_day(folder: Path) -> None:
    ProcedureFactory(code="F99", withdrawn_on=date(2020, 1, 1), edition=date(2019, 1, 1))
    assert outcomes(import_procedures(folder)) == {"created": 10}
    assert Procedure.objects.get(code="F99").withdrawn_on == date(2020, 1, 1)


def test_many_withdrawals_are_refused_unless_wanted(folder: Path) -> None:
    import_procedures(folder)
    for code in ("F1", "F2", "F3"):
        (folder / f"{code}.xml").unlink()
    report = import_procedures(folder)
    assert not report.applied
    assert "3 des 10 démarches pour les particuliers" in report.refusal
    assert Procedure.objects.current().count() == 10
    assert import_procedures(folder, allow_withdrawals=True).applied
    assert Procedure.objects.current().count() == 7


def test_a_fifth_may_be_withdrawn_in_one_import(folder: Path) -> None:
    import_procedures(folder)
    for code in ("F1", "F2"):
        (folder / f"{code}.xml").unlink()
    assert outcomes(import_procedures(folder)) == {"unchanged": 8, "withdrawn": 2}


def test_the_share_withdrawn_is_that_of_each_audience(folder: Path) -> None:
    for audience in ("Professionnels", "Associations"):
        xml_folder(folder / audience, "F1", audience=audience)
    xml_folder(folder / "Associations", "F2", audience="Associations")
    import_procedures(folder)
    (folder / "Associations" / "F1.xml").unlink()
    assert "1 des 2 démarches pour les associations" in import_procedures(folder).refusal


def test_audiences_that_the_catalogue_lacks_are_left_as_they_are(folder: Path) -> None:
    other = ProcedureFactory(code="F1", audience="professionnels", edition=date(2020, 1, 1))
    assert import_procedures(folder).applied
    other.refresh_from_db()
    assert (other.withdrawn_on, other.edition) == (None, date(2020, 1, 1))


def test_only_the_audiences_named_are_loaded(folder: Path) -> None:
    xml_folder(folder / "pro", "F1", "F20", audience="Professionnels")
    report = import_procedures(folder, audiences=["professionnels"])
    assert report.counts["left_aside"] == 10
    assert set(Procedure.objects.values_list("audience", "code")) == {
        ("professionnels", "F1"),
        ("professionnels", "F20"),
    }
    report = import_procedures(folder, audiences=["associations"])
    assert "Aucune fiche pour : associations" in report.refusal


def test_one_faulty_sheet_and_nothing_is_changed(folder: Path) -> None:
    import_procedures(folder)
    before = list(Procedure.objects.values())
    xml_folder(folder, "F1", title="Autre titre")
    xml_folder(folder, "F2", title="")
    (folder / "F3.xml").write_text("<Publication>\n\n<a>", encoding="utf-8")
    report = import_procedures(folder)
    assert not report.applied
    assert "2 fiche(s) en erreur" in report.refusal
    assert [(fault.file, fault.line, fault.sheet) for fault in report.errors] == [
        ("F2.xml", 2, "F2"),
        ("F3.xml", 3, "F3"),
    ]
    assert list(Procedure.objects.values()) == before


def test_a_catalogue_that_breaks_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    path = written_zip(tmp_path / "a.zip", {"F1.xml": sheet_xml(), "F2.xml": sheet_xml("F2")})
    content = bytearray(path.read_bytes())
    content[content.rindex(b"PK\x03\x04") + 60] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(UnreadableSource, match="abîmée"):
        import_procedures(path)
    assert not Procedure.objects.exists()


def test_a_sheet_that_stands_twice_is_an_error(folder: Path) -> None:
    xml_folder(folder / "encore", "F1")
    report = import_procedures(folder)
    assert not report.applied
    assert "F1.xml" in report.errors[0].message
    assert report.errors[0].file == "encore/F1.xml"


def test_a_trial_says_what_would_change_and_changes_nothing(folder: Path) -> None:
    report = import_procedures(folder, dry_run=True)
    assert outcomes(report) == {"created": 10}
    assert (report.applied, report.refusal) == (False, "")
    assert not Procedure.objects.exists()


def test_an_older_catalogue_does_not_replace_a_newer_one_unasked(folder: Path) -> None:
    import_procedures(folder)
    old = xml_folder(
        folder.parent / "ancien",
        *(f"F{rank}" for rank in range(1, 11)),
        date="modified 2025-01-02",
    )
    report = import_procedures(old)
    assert "plus ancien que celui en place (01/10/2026)" in report.refusal
    assert import_procedures(old, edition=date(2025, 1, 2)).applied
    assert set(Procedure.objects.values_list("edition", flat=True)) == {date(2025, 1, 2)}


def test_a_day_to_come_is_left_aside(folder: Path) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    xml_folder(folder, "F1", date=f"modified {tomorrow}")
    report = import_procedures(folder)
    assert report.applied
    assert report.edition == date(2026, 10, 1)
    assert [(fault.sheet, fault.severity) for fault in report.faults] == [("F1", "warning")]
    assert Procedure.objects.get(code="F1").updated_on is None
    assert "dans l'avenir" in import_procedures(folder, edition=tomorrow).refusal


def test_a_catalogue_without_any_day_wants_one(tmp_path: Path) -> None:
    folder = xml_folder(tmp_path, "F1", date="")
    assert "--edition" in import_procedures(folder).refusal
    assert import_procedures(folder, edition=date(2026, 5, 6)).applied
    assert Procedure.objects.get().read_on == date(2026, 5, 6)


def body_naming(title: str, pivot: str = "") -> str:
    pivot = f"<PivotLocal>{pivot}</PivotLocal>" if pivot else ""
    return f'<OuSAdresser ID="R1"><Titre>{title}</Titre>{pivot}</OuSAdresser>'


@pytest.mark.parametrize(
    ("pivot", "title", "kinds"),
    [
        ("pole_emploi", "Pôle emploi", ["france_travail"]),
        ("france_travail", "France Travail", ["france_travail"]),
        ("msap", "Maison de services au public", ["france_services"]),
        ("tresorerie", "Trésorerie", ["tresorerie"]),
        ("ddpp", "DDPP", ["ddpp", "ddcspp"]),
        ("", "Tribunal judiciaire ou de proximité", ["tgi", "ti"]),
        ("notaire", "Notaire", []),
        ("", "Ministère des licornes", []),
    ],
)
def test_organisms_of_any_edition_lead_to_kinds_of_today(
    tmp_path: Path, pivot: str, title: str, kinds: list[str]
) -> None:
    report = import_procedures(xml_folder(tmp_path, "F1", body=body_naming(title, pivot)))
    assert report.faults == []
    procedure = Procedure.objects.get()
    assert procedure.kinds == kinds
    organism = procedure.organisms[0]
    assert [organism["kind"], *organism.get("also", [])] == (kinds or [""])


def test_that_not_every_place_of_a_kind_does_it_is_kept(tmp_path: Path) -> None:
    body = body_naming("Mairie délivrant des cartes d'identité")
    import_procedures(xml_folder(tmp_path, "F1", body=body))
    assert Procedure.objects.get().organisms[0]["only_some"] is True


def test_a_kind_that_nobody_knows_is_told_once_and_leads_nowhere(folder: Path) -> None:
    for code in ("F1", "F2"):
        xml_folder(folder, code, body=body_naming("Maison des licornes", "maison_licornes"))
    report = import_procedures(folder)
    assert report.applied
    fault = report.faults[0]
    assert len(report.faults) == 1
    assert (fault.value, fault.severity) == ("maison_licornes", "warning")
    assert "2 fiche(s)" in fault.message
    assert Procedure.objects.get(code="F1").kinds == []


def test_long_work_tells_how_far_it_is(tmp_path: Path) -> None:
    steps: list[int] = []
    folder = xml_folder(tmp_path, *(f"F{rank}" for rank in range(120)))
    import_procedures(folder, on_progress=steps.append)
    assert steps == [50, 50]
