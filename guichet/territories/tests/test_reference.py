"""The shipped list, against what is known of the COG of 1 January 2026."""

import gzip
from collections import Counter

import pytest

from guichet.territories.bounds import position_fault
from guichet.territories.reading import REFERENCE_FOLDER, read_reference
from guichet.territories.time_zones import time_zone_name

MOST_BYTES = 1_200_000


@pytest.fixture(scope="module")
def reference():
    return read_reference()


def test_it_holds_the_communes_of_the_cog_2026(reference):
    kinds = Counter(row.kind for row in reference.communes)
    assert kinds == {"commune": 34_969, "arrondissement": 45}
    assert len(reference.departements) == 101 + 8
    assert len(reference.regions) == 18 + 8


def test_arrondissements_belong_to_paris_lyon_and_marseille(reference):
    parents = Counter(row.parent for row in reference.communes if row.kind == "arrondissement")
    assert parents == {"75056": 20, "13055": 16, "69123": 9}


def test_the_people_of_paris_are_those_of_its_arrondissements(reference):
    people = {row.insee_code: row.population for row in reference.communes}
    of_arrondissements = [row.population for row in reference.communes if row.parent == "75056"]
    assert sum(of_arrondissements) == people["75056"] == 2_103_778


@pytest.mark.parametrize(
    ("insee_code", "name", "postal_code"),
    [
        ("2A004", "Ajaccio", "20000"),
        ("97411", "Saint-Denis", "97400"),
        ("59350", "Lille", "59160"),
        ("75116", "Paris 16e Arrondissement", "75116"),
        ("97801", "Saint-Martin", "97150"),
        ("98818", "Nouméa", "98800"),
    ],
)
def test_codes_names_and_postal_codes_go_together(reference, insee_code, name, postal_code):
    commune = next(row for row in reference.communes if row.insee_code == insee_code)
    assert commune.name == name
    assert postal_code in commune.postal_codes


def test_every_commune_stands_in_its_territory_and_has_a_legal_time(reference):
    for row in reference.communes:
        assert position_fault(row.departement, *row.position) == "", row
        assert time_zone_name(row.insee_code)


def test_populous_communes_have_a_sure_position_and_the_others_are_flagged(reference):
    sources = Counter(row.position_source for row in reference.communes)
    assert set(sources) == {"geonames", "approximate"}
    assert sources["geonames"] > 14_500
    in_cities = [row for row in reference.communes if row.population > 35_000]
    assert {row.position_source for row in in_cities} == {"geonames"}


def test_former_codes_and_names_lead_to_communes_of_today(reference):
    today = {row.insee_code for row in reference.communes}
    kinds = Counter(row.kind for row in reference.former)
    assert {row.insee_code for row in reference.former} <= today
    assert kinds["associated"] == 471
    assert kinds["delegated"] > 2_000
    assert kinds["former"] > 2_000
    assert all(row.name for row in reference.former if row.kind != "former")


def test_the_files_are_sorted_reproducible_and_light(reference):
    codes = [row.insee_code for row in reference.communes]
    assert codes == sorted(codes)
    archives = list(REFERENCE_FOLDER.glob("*.gz"))
    assert {path.name for path in archives} == {"communes.csv.gz", "passage.csv.gz"}
    for path in archives:
        assert path.read_bytes()[4:8] == b"\0\0\0\0", "a date is written in the archive"
        assert gzip.decompress(path.read_bytes()).endswith(b"\n")
    assert sum(path.stat().st_size for path in REFERENCE_FOLDER.iterdir()) < MOST_BYTES
