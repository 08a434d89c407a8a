"""GET /api/v1/structures: the same as the pages, whole, to the last page."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guichet.directory.models import SourceIdentifier, StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.territories.tests.factories import (
    ArrondissementFactory,
    CommuneFactory,
    FormerCommuneFactory,
)

LIST = "/api/v1/structures"
PHONE = {"number": "+33320000000", "display": "03 20 00 00 00", "label": "", "cost": "normal"}


@pytest.fixture(autouse=True)
def kinds(db):
    load_reference()


@pytest.fixture
def village():
    return CommuneFactory(insee_code="01500", name="Fictive", latitude=46.2, longitude=5.2)


def place(code, kind="mairie", **fields):
    fields = {"name": f"Lieu {code}", "commune": None, "network": None, **fields}
    return StructureFactory(code=code, kind=StructureKind.objects.get(code=kind), **fields)


def read(client, url=LIST, status=200, **asked):
    response = client.get(url, asked)
    assert response.status_code == status, response.content
    return response.json()


def codes(content):
    return [item["code"] for item in content["items"]]


def test_a_structure_has_all_that_is_promised(client, village):
    place(
        "mairie-1",
        commune=village,
        network=NetworkFactory(code="mairies"),
        phones=[PHONE],
        emails=["mairie@fictive.example"],
        accessibility="ACC",
        with_hours=True,
    )
    item = read(client, f"{LIST}/mairie-1")
    assert item["commune"] == {"insee_code": "01500", "name": "Fictive"}
    assert (item["type"], item["type_label"], item["network"]) == ("mairie", "Mairie", "mairies")
    assert (item["lat"], item["lon"]) == (50.63, 3.05)
    assert item["phones"] == [PHONE]
    assert item["open_now"] in (True, False)
    assert item["next_change"].startswith("20")
    assert item["address"] == "1 place du Marché, 59000 Lille"
    assert item["distance_m"] is None
    assert (item["source"], item["to_check"]) == ("dila", False)
    assert item["url"] == "http://testserver/services/mairie-1/"


def test_unknown_hours_are_null_not_false(client):
    place("a")
    item = read(client, f"{LIST}/a")
    assert (item["open_now"], item["next_change"]) == (None, None)
    assert item["opening"] == "Horaires inconnus"


def test_old_contacts_are_left_out_as_on_the_page(client):
    place("a", old=True, phones=[PHONE], emails=["a@b.example"])
    item = read(client, f"{LIST}/a")
    assert (item["phones"], item["emails"], item["to_check"]) == ([], [], True)


def test_near_a_point_the_nearest_come_first(client):
    place("loin", latitude=50.9, longitude=3)
    place("près", latitude=50.61, longitude=3)
    place("nulle-part", latitude=None, longitude=None, position_source="")
    content = read(client, near="50.6,3", limit=5)
    assert codes(content) == ["près", "loin"]
    assert [item["distance_m"] for item in content["items"]] == [1112, 33359]
    assert (content["count"], content["next"]) == (2, None)


def test_a_commune_is_a_place_to_start_from(client, village):
    place("voisine", latitude=46.3, longitude=5.2)
    place("ici", commune=village, latitude=46.21, longitude=5.2)
    assert codes(read(client, commune="01500")) == ["ici", "voisine"]
    assert codes(read(client, commune="01500", within="true")) == ["ici"]


def test_within_a_commune_even_what_has_no_position_is_given(client, village):
    place("perdue", commune=village, latitude=None, longitude=None, position_source="")
    place("ici", commune=village)
    content = read(client, commune="01500", within="true")
    assert (codes(content), content["count"]) == (["ici", "perdue"], 2)


def test_a_former_code_and_a_divided_commune_are_understood(client, village):
    FormerCommuneFactory(code="01998", name="Ancienne", commune=village)
    quarter = ArrondissementFactory(insee_code="01501", name="Fictive 1er", parent=village)
    place("ici", commune=quarter)
    assert codes(read(client, commune="01998", within="true")) == ["ici"]


def test_a_kind_takes_former_kinds_and_head_offices(client):
    place("ancien", "pole_emploi")
    place("nouveau", "france_travail", level="region")
    assert codes(read(client, type="france_travail")) == ["ancien", "nouveau"]
    assert codes(read(client)) == ["ancien"]


def test_closed_ones_are_not_listed_but_can_be_read(client):
    place("fermé", gone=True, with_hours=True)
    assert codes(read(client)) == []
    item = read(client, f"{LIST}/fermé")
    assert item["closed_on"] == timezone.localdate().isoformat()
    assert (item["open_now"], item["opening"]) == (False, "Fermé définitivement")


def test_other_identifiers_and_merged_structures_redirect(client):
    kept = place("gardé")
    SourceIdentifier.objects.create(scheme="dila", value="uuid-1", structure=kept)
    place("absorbé", gone=True, merged_into=kept)
    for code in ("uuid-1", "absorbé"):
        response = client.get(f"{LIST}/{code}")
        assert response.status_code == 301
        assert client.get(response.headers["Location"]).json()["code"] == "gardé"


@pytest.mark.parametrize("asked", [{}, {"near": "50,3"}, {"commune": "01500", "within": "true"}])
def test_next_leads_to_the_last_page_without_repeating_or_missing(client, village, asked):
    expected = {place(f"m{n:02}", commune=village, longitude=3 + n / 100).code for n in range(23)}
    seen, content = [], read(client, limit=5, type="mairie", **asked)
    while True:
        assert content["count"] == 23
        seen += codes(content)
        if content["next"] is None:
            break
        content = read(client, content["next"])
    assert (len(seen), set(seen)) == (23, expected)


def test_a_page_after_the_last_is_empty_and_has_no_next(client):
    place("a")
    content = read(client, offset=1_000_000)
    assert (content["items"], content["count"], content["next"]) == ([], 1, None)


def test_empty_parameters_are_as_if_absent(client):
    place("a")
    assert codes(read(client, commune="", near="", type="")) == ["a"]


@pytest.mark.parametrize(
    "asked",
    [
        {"near": "50.6"},
        {"near": "91,3"},
        {"near": "50,181"},
        {"near": "nan,nan"},
        {"near": "50,3,1"},
        {"near": "٥٠,٣"},
        {"commune": "123"},
        {"commune": "abcde"},
        {"type": "a b"},
        {"type": "\0"},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "dix"},
        {"offset": "-1"},
        {"offset": "9" * 40},
        {"within": "peut-être"},
    ],
)
def test_a_parameter_that_makes_no_sense_is_told_and_how_to_write_it(client, asked):
    content = read(client, status=422, **asked)
    (fault,) = content["errors"]
    assert fault["parameter"] in asked
    assert fault["reason"].endswith(".")
    assert content["detail"].startswith("À corriger")


@pytest.mark.parametrize("asked", [{"commune": "01999"}, {"type": "inconnu"}])
def test_what_does_not_exist_is_not_found(client, asked):
    assert next(iter(asked.values())) in read(client, status=404, **asked)["detail"]


def test_the_number_of_queries_does_not_grow_with_the_page(client, village):
    for number in range(12):
        place(f"m{number}", commune=village, with_hours=True)
    counts = []
    for limit in (1, 12):
        with CaptureQueriesContext(connection) as captured:
            read(client, commune="01500", type="mairie", limit=limit)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8
