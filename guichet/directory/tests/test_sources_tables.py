"""The two CSV sources: the DILA's directory of 2016 and the France services of 2020."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from guichet.directory.sources import READERS, dila2016, france_services
from guichet.directory.sources.base import Fault, SourceInterval, SourcePhone, SourceStructure

ROW_2016 = {
    "id": "mairie-45300-01",
    "type": "mairie",
    "nom": "Mairie d'Exempleville (fictive)",
    "code_insee": "45300",
    "adresse": "Hôtel de ville ; 1 rue Imaginaire\nCS 49001",
    "code_postal": "45640",
    "ville": "Exempleville",
    "lat": "47.8",
    "lon": "2.0",
    "source_coord": "BAN",
    "telephone": "+33 1 99 00 12 34",
    "courriel": "mairie@exemple.fr",
    "site": "www.exemple.fr",
    "accessibilite": "DEM",
    "commentaire": "Accueil ouvert uniquement\nsur rendez-vous.",
    "maj": "2015-05-12",
}
ROW_FRANCE_SERVICES = {
    "matricule": "71",
    "nom": "Exempleville «\u00a0Fictive\u00a0»",
    "itinerance": "",
    "labellisation": "Espace labellisé 01/09/2020",
    "adresse": "2 rue Imaginaire ",
    "code_postal": "45640",
    "commune": "EXEMPLEVILLE",
    "code_insee": "45300",
    "lat": "47.8",
    "lon": "2.0",
    "telephone": "01 99 00 12 34",
    "courriel": "fs@exemple.fr",
    "h_lundi": "9:00 - 12:00 / 13:30 - 17:00",
    "h_mardi": "-",
    "h_mercredi": "-",
    "h_jeudi": "-",
    "h_vendredi": "-",
    "h_samedi": "-",
    "commentaire_horaires": "",
}


@pytest.fixture
def read_row(tmp_path: Path) -> Callable[..., tuple[SourceStructure, list[Fault]]]:
    def read(name: str, row: dict[str, str], **changes: str) -> tuple[SourceStructure, list[Fault]]:
        cells = {**row, **changes}
        path = tmp_path / "table.csv"
        quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells.values()]
        path.write_text(f"{','.join(cells)}\n{','.join(quoted)}\n", encoding="utf-8")
        items = list(READERS[name].read(str(path)))
        (structure,) = [item for item in items if isinstance(item, SourceStructure)]
        return structure, [item for item in items if isinstance(item, Fault)]

    return read


Reader = Callable[..., tuple[SourceStructure, list[Fault]]]


def test_every_column_of_2016_is_read(read_row: Reader) -> None:
    structure, faults = read_row("dila2016", ROW_2016)
    assert faults == []
    assert structure == SourceStructure(
        line=2,
        identifier="mairie-45300-01",
        other_identifiers=(),
        name="Mairie d'Exempleville (fictive)",
        kinds=("mairie",),
        commune_code="45300",
        address_lines=("Hôtel de ville", "1 rue Imaginaire", "CS 49001"),
        postal_code="45640",
        town="Exempleville",
        latitude=47.8,
        longitude=2.0,
        position_source="ban",
        phones=(SourcePhone("+33 1 99 00 12 34"),),
        emails=("mairie@exemple.fr",),
        websites=(("", "http://www.exemple.fr"),),
        accessibility="DEM",
        information="Accueil ouvert uniquement\nsur rendez-vous.",
        updated_on=date(2015, 5, 12),
    )


@pytest.mark.parametrize(
    ("cell", "source"), [("DILA", "dila"), ("centroide_commune", "commune"), ("?", "dila2016")]
)
def test_where_a_position_of_2016_comes_from_is_kept(
    cell: str, source: str, read_row: Reader
) -> None:
    structure, _ = read_row("dila2016", ROW_2016, source_coord=cell)
    assert structure.position_source == source


def test_a_web_address_in_the_email_column_is_a_contact_form(read_row: Reader) -> None:
    structure, faults = read_row("dila2016", ROW_2016, courriel="http://www.exemple.fr/contact")
    assert (structure.emails, structure.contact_form) == ((), "http://www.exemple.fr/contact")
    assert faults == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lat": "0", "lon": "0"}, "lat, lon"),
        ({"lat": "2.0", "lon": "47.8"}, "lat, lon"),
        ({"telephone": "+33 2 34 63 40"}, "telephone"),
        ({"courriel": "mairie"}, "courriel"),
        ({"site": "http"}, "site"),
        ({"accessibilite": "PMR"}, "accessibilite"),
        ({"maj": "2015-13-12"}, "maj"),
        ({"code_postal": "456"}, "code_postal"),
    ],
)
def test_each_doubtful_cell_of_2016_is_told(
    changes: dict[str, str], field: str, read_row: Reader
) -> None:
    _, (fault,) = read_row("dila2016", ROW_2016, **changes)
    assert (fault.line, fault.identifier, fault.field) == (2, "mairie-45300-01", field)
    assert fault.severity == "warning"


def test_every_column_of_france_services_is_read(read_row: Reader) -> None:
    structure, faults = read_row("france-services", ROW_FRANCE_SERVICES)
    assert faults == []
    assert structure == SourceStructure(
        line=2,
        identifier="france-services-71",
        other_identifiers=(),
        name="France services - Exempleville « Fictive »",
        kinds=("france_services",),
        commune_code="45300",
        address_lines=("2 rue Imaginaire",),
        postal_code="45640",
        town="EXEMPLEVILLE",
        latitude=47.8,
        longitude=2.0,
        position_source="france-services",
        phones=(SourcePhone("01 99 00 12 34"),),
        emails=("fs@exemple.fr",),
        hours=(
            SourceInterval(0, time(9), time(12)),
            SourceInterval(0, time(13, 30), time(17)),
        ),
        updated_on=date(2020, 9, 1),
    )


def test_a_doubtful_day_is_unknown_told_and_kept_as_text(read_row: Reader) -> None:
    structure, (fault,) = read_row(
        "france-services", ROW_FRANCE_SERVICES, h_mardi="25:99 - 12:00", h_jeudi=""
    )
    assert structure.unknown_weekdays == (1, 3)
    assert structure.hours_text == "Mardi : 25:99 - 12:00"
    assert {item.weekday for item in structure.hours or ()} == {0}
    assert (fault.field, fault.value, fault.severity) == ("h_mardi", "25:99 - 12:00", "warning")
    assert "« 25:99 » n'existe pas" in fault.message


def test_hours_that_are_not_given_are_unknown_and_not_a_fault(read_row: Reader) -> None:
    silent = {f"h_{day}": "Horaires non communiqués" for day in france_services.DAYS}
    structure, faults = read_row("france-services", ROW_FRANCE_SERVICES, **silent)
    assert (structure.hours, structure.unknown_weekdays, structure.hours_text) == (None, (), "")
    assert faults == []


@pytest.mark.parametrize(
    ("comment", "noted"),
    [
        ("Ouverture les 2ème et 4ème samedis du mois", {5}),
        ("Fermé pendant les vacances scolaires", {0, 5}),
        ("", set()),
    ],
)
def test_a_comment_conditions_the_days_it_names_or_all(
    comment: str, noted: set[int], read_row: Reader
) -> None:
    structure, _ = read_row(
        "france-services",
        ROW_FRANCE_SERVICES,
        h_samedi="9:00 - 12:00",
        commentaire_horaires=comment,
    )
    assert structure.hours is not None
    assert {item.weekday for item in structure.hours if item.note == comment != ""} == noted
    assert structure.hours_text == comment


@pytest.mark.parametrize(
    ("changes", "attribute", "expected"),
    [
        (
            {"itinerance": "Oui"},
            "information",
            "Espace itinérant : renseignez-vous sur les lieux et les jours de passage.",
        ),
        ({"courriel": "www.exemple.org"}, "websites", (("", "http://www.exemple.org"),)),
        ({"courriel": "-", "telephone": "-"}, "emails", ()),
        ({"labellisation": "Espace labellisé 02/2020"}, "updated_on", date(2020, 2, 1)),
        ({"labellisation": ""}, "updated_on", None),
        ({"nom": "Bus France services"}, "name", "Bus France services"),
    ],
)
def test_other_cells_of_france_services(
    changes: dict[str, str], attribute: str, expected: object, read_row: Reader
) -> None:
    structure, faults = read_row("france-services", ROW_FRANCE_SERVICES, **changes)
    assert getattr(structure, attribute) == expected
    assert faults == []


def test_columns_asked_for_are_those_of_the_examples() -> None:
    assert {*dila2016.COLUMNS} == {*ROW_2016, "source_coord"}
    assert {*france_services.COLUMNS} == {*ROW_FRANCE_SERVICES}


@pytest.fixture
def shared() -> Path:
    folder = Path(os.environ.get("GUICHET_SHARED_DATA", "") or "absent")
    if not folder.is_dir():
        pytest.skip("les fichiers réels ne sont pas là (GUICHET_SHARED_DATA)")
    return folder


def test_the_real_file_of_2016_is_read_whole(shared: Path) -> None:
    items = list(READERS["dila2016"].read(str(shared / "guichets_dila_2016.csv.gz")))
    structures = [item for item in items if isinstance(item, SourceStructure)]
    faults = [item for item in items if isinstance(item, Fault)]
    assert len(structures) == 62_138
    assert {fault.severity for fault in faults} == {"warning"}
    assert len(faults) < 200
    assert sum(item.latitude is not None for item in structures) > 62_000
    assert all(item.hours is None for item in structures)


def test_the_real_france_services_are_read_with_most_days_certain(shared: Path) -> None:
    """Counted on the file: of 908 houses, 103 give no hours and 2 six days of "selon planning"."""
    items = list(READERS["france-services"].read(str(shared / "france_services_2020.csv.gz")))
    structures = [item for item in items if isinstance(item, SourceStructure)]
    assert len(structures) == 908
    assert sum(item.hours is None for item in structures) == 105
    doubtful = [item for item in items if isinstance(item, Fault) and item.field.startswith("h_")]
    assert len(doubtful) < 140
    assert all(item.severity == "warning" for item in items if isinstance(item, Fault))
