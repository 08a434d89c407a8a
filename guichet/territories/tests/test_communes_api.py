"""GET /api/v1/communes: found as people write them, or all of them."""

from __future__ import annotations

import pytest

from guichet.territories.tests.factories import CommuneFactory, FormerCommuneFactory

LIST = "/api/v1/communes"
pytestmark = pytest.mark.usefixtures("no_territories")


def read(client, url=LIST, **asked):
    response = client.get(url, asked)
    assert response.status_code == 200
    return response.json()


@pytest.fixture
def communes(no_territories):
    return [CommuneFactory(insee_code=f"015{n:02}", name=f"Fictive-{n}") for n in range(12)]


def test_a_commune_has_what_a_map_and_a_form_need(client, communes):
    (item,) = read(client, q="fictive 3")["items"]
    assert item == {
        "insee_code": "01503",
        "name": "Fictive-3",
        "kind": "commune",
        "departement": "01",
        "postal_codes": ["01999"],
        "population": 1000,
        "lat": 46.2,
        "lon": 5.2,
        "position_source": "geonames",
        "former_name": None,
    }


def test_the_name_of_the_past_that_was_recognised_is_told(client, communes):
    FormerCommuneFactory(code="01999", name="Vieilleville", commune=communes[0])
    (item,) = read(client, q="vieilleville")["items"]
    assert (item["insee_code"], item["former_name"]) == ("01500", "Vieilleville")


@pytest.mark.parametrize("asked", [{}, {"q": " "}, {"q": "fictive"}])
def test_next_leads_to_the_last_commune(client, communes, asked):
    seen, content = [], read(client, limit=5, **asked)
    while content["next"]:
        seen += content["items"]
        content = read(client, content["next"])
    seen += content["items"]
    assert content["count"] == 12
    assert {item["insee_code"] for item in seen} == {one.insee_code for one in communes}
    assert len(seen) == 12


@pytest.mark.parametrize("text", ["\0", "é" * 10_000, "'; DROP TABLE x; --", "<b>", "‮", "%_"])
def test_any_text_finds_something_or_nothing(client, communes, text):
    assert read(client, q=text)["count"] <= 12
