"""`/services/` as people see it: words, links, patience with any input, queries."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.core.text import SEARCH_LENGTH
from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import StructureFactory
from guichet.territories.tests.factories import (
    CommuneFactory,
    DepartementFactory,
    FormerCommuneFactory,
    RegionFactory,
)

MOST_QUERIES = 8


@pytest.fixture(autouse=True)
def kinds(db):
    load_reference()


@pytest.fixture
def nord(db):
    return DepartementFactory(code="59", name="Nord", region=RegionFactory(code="32", name="HdF"))


@pytest.fixture
def lille(nord):
    return CommuneFactory(
        insee_code="59350",
        name="Lille",
        departement=nord,
        postal_codes=["59000"],
        population=236_000,
        latitude=50.63,
        longitude=3.06,
    )


def town_hall(code, **fields):
    fields = {"name": f"Mairie {code}", "commune": None, **fields}
    return StructureFactory(code=code, kind=StructureKind.objects.get(code="mairie"), **fields)


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(words).split())


def links_of(response):
    """Address by label, of the links of the page."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', response.content.decode(), re.S)
    return {
        " ".join(unescape(re.sub("<[^>]+>", "", label)).split()): unescape(url)
        for url, label in found
    }


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def search(client, **asked):
    return client.get("/services/", asked)


def test_without_a_question_the_page_offers_kinds(client):
    response = client.get("/services/")
    assert "Les services courants" in text_of(response)
    assert query_of(links_of(response)["Mairie"]) == {"type": "mairie"}
    assert "Archives départementales" in links_of(response)


def test_a_town_and_a_kind_give_the_nearest_with_distance_and_opening(client, lille):
    town_hall("proche", latitude=50.64, longitude=3.06, commune=lille)
    town_hall("loin", latitude=50.74, longitude=3.06, commune=lille)
    text = text_of(search(client, quoi="mairie", ou="lille"))
    assert "Mairie près de Lille" in text
    assert text.index("Mairie proche") < text.index("Mairie loin")
    assert "À 1,1 km" in text
    assert "Horaires inconnus" in text


def test_each_result_leads_to_its_page(client):
    town_hall("mairie-1", name="Mairie de Bergues")
    assert links_of(search(client, quoi="mairie"))["Mairie de Bergues"] == "/services/mairie-1/"


def test_the_header_s_single_line_fills_both_fields(client, lille):
    town_hall("a")
    html = search(client, q="mairie de lille").content.decode()
    assert re.search(r'name="quoi" value="mairie"', html)
    assert re.search(r'name="ou" value="lille"', html)


def test_old_hours_are_marked_to_be_checked(client):
    town_hall("a", old=True, with_hours=True)
    town_hall("b", with_hours=True)
    assert text_of(search(client, quoi="mairie")).count("à vérifier") == 1


def test_the_commune_is_told_where_the_post_names_another(client, lille):
    town_hall(
        "a", commune=lille, postal_code="59863", town="Villeneuve Cedex", address_lines=["BP 1"]
    )
    assert "BP 1, 59863 Villeneuve Cedex (commune : Lille)" in text_of(
        search(client, quoi="mairie")
    )


def test_an_ambiguous_place_offers_the_others(client, no_territories, nord):
    reunion = DepartementFactory(
        code="974", name="La Réunion", region=RegionFactory(code="04", name="La Réunion")
    )
    CommuneFactory(insee_code="97411", name="Saint-Denis", departement=reunion, population=150_000)
    CommuneFactory(insee_code="59999", name="Saint-Denis", departement=nord, population=100)
    response = search(client, quoi="mairie", ou="saint denis", ouvert="oui")
    assert "Vous cherchiez un autre lieu" in text_of(response)
    assert query_of(links_of(response)["Saint-Denis (Nord)"]) == {
        "quoi": "mairie",
        "ou": "Saint-Denis (59)",
        "ouvert": "oui",
    }


def test_an_unknown_place_is_said_and_france_is_shown(client, lille):
    town_hall("a")
    text = text_of(search(client, quoi="mairie", ou="zzzzzz"))
    assert "Nous ne connaissons pas « zzzzzz »" in text
    assert "Mairie a" in text


def test_a_name_of_the_past_is_explained(client, no_territories, lille):
    FormerCommuneFactory(code="59355", name="Lomme", commune=lille)
    assert "Lomme, commune associée à Lille" in text_of(search(client, ou="lomme"))


def test_a_near_spelling_says_what_was_understood(client, no_territories, lille):
    assert "« lile » : nous avons compris Lille (Nord)" in text_of(search(client, ou="lile"))


def test_unsure_words_offer_kinds_beside_the_names_found(client):
    town_hall("a", name="Maison des familles")
    response = search(client, quoi="maison des familles")
    assert "Vous cherchez peut-être" in text_of(response)
    assert query_of(links_of(response)["Point info famille"]) == {"type": "pif"}
    assert "Maison des familles" in links_of(response)


def test_filters_are_switched_on_and_off_by_links(client):
    town_hall("a", with_hours=True, accessibility="ACC")
    off = links_of(search(client, quoi="mairie"))["Accessible en fauteuil"]
    assert query_of(off) == {"quoi": "mairie", "accessible": "oui"}
    on = client.get(off)
    assert query_of(links_of(on)["Accessible en fauteuil"]) == {"quoi": "mairie"}
    assert "dont l'accessibilité est inconnue ne sont pas montrés" in text_of(on)
    assert 'name="accessible" value="oui"' in on.content.decode()


def test_a_picked_kind_is_written_in_the_field_and_found_again(client):
    town_hall("a")
    html = search(client, type="mairie").content.decode()
    assert 'name="quoi" value="Mairie"' in html
    assert "Mairie a" in text_of(search(client, quoi="Mairie"))


def test_nothing_found_says_what_to_try(client, lille):
    response = search(client, quoi="caf", ou="lille", ouvert="oui")
    text = text_of(response)
    assert "Aucun lieu trouvé" in text
    assert query_of(links_of(response)["Chercher sans les filtres"]) == {
        "quoi": "caf",
        "ou": "lille",
    }
    assert query_of(links_of(response)["Voir tous les services des environs"]) == {
        "ou": "lille",
        "ouvert": "oui",
    }
    assert query_of(links_of(response)["trouver la plus proche"])["type"] == "france_services"


def test_pages_are_linked(client, lille):
    for number in range(21):
        town_hall(f"m{number}")
    first = search(client, quoi="mairie")
    second = client.get(links_of(first)["Résultats suivants"])
    assert query_of(links_of(second)["Résultats précédents"]) == {"quoi": "mairie", "page": "1"}
    assert "page 2" in second.content.decode().split("</title>")[0]
    assert "Résultats suivants" not in links_of(second)


def test_a_position_from_the_browser_is_rounded_again_and_kept(client):
    town_hall("a", latitude=50.63, longitude=3.06)
    response = search(client, quoi="mairie", lat="50.631234567", lon="3.06")
    html = response.content.decode()
    assert "Mairie près de vous" in text_of(response)
    assert 'name="lat" value="50.631"' in html
    assert "50.6312" not in html


@pytest.mark.parametrize(
    "position",
    [("nan", "3"), ("inf", "3"), ("91", "3"), ("3", "181"), ("", ""), ("x", "y"), ("1e400", "0")],
)
def test_a_position_that_is_nowhere_is_ignored(client, position):
    town_hall("a")
    response = search(client, quoi="mairie", lat=position[0], lon=position[1])
    assert "Mairie en France" in text_of(response)


NASTY = [
    "\0",
    "a\0b",
    "\ud800",
    "\U0010ffff",
    "é" * 10_000,
    "mairie " * 2_000,
    "'; DROP TABLE directory_structure; --",
    '" OR 1=1 --',
    "%_%_%",
    "\\",
    "{{ 7|add:7 }}{% load x %}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "‮‏\u200b",
    "ﷺ" * 300,
    "😀👩‍🦽",
    "-1",
    "1e309",
    "٣",
    "%s%d{0}",
    "../../../etc/passwd",
    "javascript:alert(1)",
    "a\nb\r\nSet-Cookie: x=1",
]


@pytest.mark.parametrize("parameter", ["q", "quoi", "ou", "type", "lat", "lon", "ouvert", "page"])
def test_any_text_is_answered_politely(client, lille, parameter):
    town_hall("a")
    for nasty in NASTY:
        asked = {"quoi": "mairie", "lon": "3", parameter: nasty.encode("utf-8", "surrogatepass")}
        response = client.get("/services/", asked)
        assert response.status_code == 200, nasty
        html = response.content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert len(html) < 60_000


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_any_path_is_answered_politely(client, nasty):
    path = f"/services/{quote(nasty.encode('utf-8', 'surrogatepass'))}/"
    assert client.get(path).status_code == 404


def test_no_more_than_two_hundred_characters_are_kept(client):
    html = search(client, quoi="z" * 10_000).content.decode()
    assert "z" * SEARCH_LENGTH in html
    assert "z" * (SEARCH_LENGTH + 1) not in html


def queries_of(client, **asked):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        search(client, **asked)
    return captured


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"quoi": "mairie"},
        {"quoi": "mairie", "ou": "lille"},
        {"ou": "lille"},
        {"ou": "59000"},
        {"q": "mairie de lille"},
        {"q": "lille"},
        {"quoi": "maison des familles", "ou": "lille"},
        {"quoi": "mairie", "ou": "lille", "ouvert": "oui"},
        {"quoi": "mairie", "lat": "-13.3", "lon": "-176.2"},
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_results(client, lille, asked):
    town_hall("m0", commune=lille, with_hours=True, latitude=50.6, longitude=3)
    queries_of(client, **asked)
    few = len(queries_of(client, **asked))
    for number in range(1, 25):
        town_hall(f"m{number}", commune=lille, with_hours=True, latitude=45, longitude=number / 9)
    many = len(queries_of(client, **asked))
    second_page = len(queries_of(client, **asked, page="2"))
    assert few == many
    assert second_page <= many <= MOST_QUERIES


def test_reading_writes_nothing(client, lille):
    town_hall("a", with_hours=True)
    for asked in ({}, {"quoi": "mairie", "ou": "lille"}, {"q": "lile", "ouvert": "oui"}):
        written = [
            query["sql"]
            for query in queries_of(client, **asked)
            if re.match(r"\s*(INSERT|UPDATE|DELETE)", query["sql"])
        ]
        assert written == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_reading_is_allowed(client, method):
    assert getattr(client, method)("/services/").status_code == 405
