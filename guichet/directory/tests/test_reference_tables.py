"""The shipped networks and kinds: whole, coherent, loaded as often as wanted."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from guichet.directory.kind_search import find_kinds
from guichet.directory.models import Level, Network, StructureKind
from guichet.directory.reference_tables import (
    current_kind,
    load_reference,
    read_table,
    searchable_kinds,
    shipped_kinds,
    with_former_kinds,
    words_with_former,
)

ADDRESS_CHARACTERS = set("abcdefghijklmnopqrstuvwxyz0123456789_-")
SPPLUS_LEVELS = {
    "urssaf": "ACOSS URSSAF",
    "ademe": "ADEME",
    "administration-penitentiaire": "Administration pénitentiaire",
    "anah": "ANAH",
    "caf": "Caisse d'Allocations Familiales",
    "assurance-maladie": "Caisses primaires d'assurance maladie",
    "service-national": "Centre du Service National",
    "crous": "Centre régional des œuvres universitaires et scolaires",
    "affaires-maritimes": "Direction des Affaires Maritimes",
    "education-nationale": "Direction des services départementaux de l'éducation nationale",
    "douanes": "Douanes & Droits Indirects",
    "gendarmerie": "Gendarmerie nationale",
    "hopitaux": "Hôpitaux et cliniques",
    "insee": "INSEE",
    "france-services": "Maisons France Services",
    "agriculture": "Ministère de l'Agriculture et de l'Alimentation",
    "msa": "Mutualité Sociale Agricole",
    "onacvg": "Office national des anciens combattants et victimes de guerre",
    "france-travail": "Pôle Emploi",
    "police-nationale": "Police nationale",
    "prefectures": "Préfectures",
    "protection-judiciaire-jeunesse": "Projection judiciaire de la jeunesse",
    "finances-publiques": "Service des impôts aux particuliers",
    "acces-au-droit": "Service de l'accès au droit et à la justice et de l'aide aux victimes",
    "justice": "Tribunaux judiciaires",
    "universites": "Universités",
}
"""The networks whose level the programme itself published in 2021-2022, under its names."""


def shared(name: str) -> list[dict[str, str]]:
    folder = os.environ.get("GUICHET_SHARED_DATA", "")
    path = Path(folder) / name
    if not folder or not path.exists():
        pytest.skip("GUICHET_SHARED_DATA ne désigne pas le dossier des données réelles")
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_codes_are_unique_and_levels_known():
    for name, column in (("networks.csv", "publication_level"), ("kinds.csv", "level")):
        rows = read_table(name)
        assert len({row["code"] for row in rows}) == len(rows)
        assert {row[column] for row in rows} <= set(Level.values)


def test_network_codes_can_stand_in_an_address():
    assert all(set(row["code"]) <= ADDRESS_CHARACTERS for row in read_table("networks.csv"))


def test_every_network_has_a_kind_and_every_kind_a_known_network_or_none():
    networks = {row["code"] for row in read_table("networks.csv")}
    named = {kind.network for kind in shipped_kinds().values()} - {""}
    assert named == networks


def test_town_halls_and_local_authorities_belong_to_no_national_network():
    for code in ("mairie", "epci", "cg", "cr", "ccas", "maison_handicapees", "police_municipale"):
        assert shipped_kinds()[code].network == "", code


def test_flags_are_yes_or_no():
    for row in read_table("kinds.csv"):
        assert {row["open_on_holidays"], row["is_common"]} <= {"yes", "no"}, row["code"]


def test_a_dozen_or_so_kinds_are_proposed_first_none_of_them_former():
    common = [kind for kind in shipped_kinds().values() if kind.is_common]
    assert 10 <= len(common) <= 15
    assert not any(kind.replaced_by for kind in common)


def test_only_police_gendarmerie_and_emergencies_keep_their_hours_on_holidays():
    held = {kind.code for kind in shipped_kinds().values() if kind.open_on_holidays}
    assert held == {"commissariat_police", "gendarmerie", "gendarmerie_montagne", "chu", "samu"}


def test_a_former_kind_leads_to_a_kind_of_today_in_one_step():
    for kind in shipped_kinds().values():
        if kind.replaced_by:
            assert shipped_kinds()[kind.replaced_by].replaced_by == "", kind.code


def test_words_are_lower_case_short_and_once():
    for kind in shipped_kinds().values():
        assert len(set(kind.words)) == len(kind.words), kind.code
        for word in kind.words:
            assert word == word.strip().lower(), (kind.code, word)
            assert 0 < len(word) <= 80, (kind.code, word)


def test_labels_of_today_differ():
    labels = [kind.label for kind in shipped_kinds().values() if not kind.replaced_by]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("pole_emploi", "france_travail"),
        ("msap", "france_services"),
        ("banque_de_france", "bdf"),
        ("permanence_juridique", "point_justice"),
        ("ddcs", "ddets"),
        ("mairie", "mairie"),
        ("inconnu", "inconnu"),
    ],
)
def test_former_kinds_are_known_under_todays(former, today):
    assert current_kind(former) == today
    assert former in with_former_kinds(today)


def test_words_of_former_kinds_go_to_todays():
    assert "pôle emploi" in words_with_former("france_travail")
    assert "maison de services au public" in words_with_former("france_services")


def test_every_kind_that_has_real_sites_is_shipped():
    rows = shared("types_guichets.csv")
    real = {
        row["type"] for row in rows if int(row["n_guichets_2016"]) + int(row["n_guichets_2026"])
    }
    assert real - set(shipped_kinds()) == set()


def test_renamed_kinds_agree_with_the_real_table():
    for row in shared("types_guichets.csv"):
        today = row["equivalent_2026"]
        if today and today != row["type"]:
            assert current_kind(row["type"]) == today


def test_publication_levels_are_those_of_the_programme():
    rows = shared("spplus_reseaux_mailles_2021_2022.csv")
    published = {row["reseau"]: row["maille_publication"] for row in rows}
    ours = {row["code"]: row["publication_level"] for row in read_table("networks.csv")}
    words = {"département": "departement", "région": "region"}
    for code, name in SPPLUS_LEVELS.items():
        level = published[name]
        assert ours[code] == words.get(level, level), code


@pytest.mark.django_db
def test_loading_writes_networks_and_kinds():
    load_reference()
    kind = StructureKind.objects.get(code="gendarmerie")
    assert (kind.label, kind.network.code) == ("Brigade de gendarmerie", "gendarmerie")
    assert kind.open_on_holidays
    assert kind.is_common
    assert StructureKind.objects.get(code="mairie").network is None
    assert Network.objects.get(code="caf").publication_level == Level.DEPARTEMENT


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    load_reference()
    before = list(StructureKind.objects.values()), list(Network.objects.values())
    load_reference()
    assert (list(StructureKind.objects.values()), list(Network.objects.values())) == before


@pytest.mark.django_db
def test_loading_corrects_a_stale_kind_and_keeps_unknown_ones():
    StructureKind.objects.update_or_create(code="mairie", defaults={"label": "Ancien nom"})
    StructureKind.objects.create(code="tout_neuf", label="Tout neuf")
    load_reference()
    assert StructureKind.objects.get(code="mairie").label == "Mairie"
    assert StructureKind.objects.get(code="tout_neuf").label == "Tout neuf"


@pytest.mark.django_db
def test_loading_is_a_handful_of_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        load_reference()


@pytest.mark.django_db
def test_searchable_kinds_leave_former_ones_out_and_keep_those_of_imports():
    load_reference()
    StructureKind.objects.create(code="tout_neuf", label="Tout neuf")
    kinds = searchable_kinds()
    codes = {kind.code for kind in kinds}
    assert "pole_emploi" not in codes
    assert "tout_neuf" in codes
    match = find_kinds("pole emploi", kinds)[0]
    assert (match.code, match.is_sure) == ("france_travail", True)
