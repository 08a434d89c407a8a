"""What the results advise where they would mislead: far away, of another town, or none."""

from __future__ import annotations

import re
from html import unescape

import pytest

from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import StructureFactory
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def brest(no_territories):
    load_reference()
    region = RegionFactory(code="53", name="Bretagne")
    finistere = DepartementFactory(code="29", name="Finistère", region=region)
    return CommuneFactory(
        insee_code="29019",
        name="Brest",
        departement=finistere,
        population=140_000,
        latitude=48.39,
        longitude=-4.49,
    )


def place(code, latitude, longitude, kind="mairie", **fields):
    return StructureFactory(
        code=code,
        kind=StructureKind.objects.get(code=kind),
        commune=None,
        latitude=latitude,
        longitude=longitude,
        **fields,
    )


def results(client, **asked):
    """The words of the page without tags, and its addresses."""
    html = client.get("/services/", asked).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())
    return words, [unescape(url) for url in re.findall(r'href="([^"]*)"', main)]


def test_a_name_found_only_far_away_is_said_to_be_far_with_other_help(client):
    place("paris", 48.85, 2.35, name="Antenne des passeports")
    words, urls = results(client, quoi="passeports", ou="Brest")
    assert "Antenne des passeports" in words
    assert re.search(r"Le lieu le plus proche est à 50\d km", words)
    assert "/services/?ou=Brest&type=france_services" in urls


def test_nothing_is_said_to_be_far_when_one_is_near(client):
    place("far", 48.85, 2.35, name="Antenne des passeports")
    place("near", 48.40, -4.50, name="Guichet des passeports")
    words, _ = results(client, quoi="passeports", ou="Brest")
    assert "Le lieu le plus proche" not in words


def test_without_a_place_nothing_is_far(client):
    place("far", 48.85, 2.35, name="Antenne des passeports")
    assert "Le lieu le plus proche" not in results(client, quoi="passeports")[0]


def test_a_town_that_shares_its_name_is_named_with_its_departement(client, brest):
    ain = DepartementFactory(code="01", name="Ain", region=RegionFactory(code="84", name="Aura"))
    CommuneFactory(insee_code="01999", name="Brest", departement=ain, population=100)
    assert "Mairie près de Brest (Finistère)" in results(client, quoi="mairie", ou="brest")[0]


def test_a_town_alone_of_its_name_is_not_burdened(client):
    words, _ = results(client, quoi="mairie", ou="brest")
    assert "Mairie près de Brest" in words
    assert "Brest (Finistère)" not in words


def test_a_kind_of_which_nothing_is_known_is_not_blamed_on_the_spelling(client):
    words, urls = results(client, quoi="ccas", ou="brest")
    assert "Nous ne connaissons encore aucun lieu de ce type." in words
    assert "/services/?ou=brest&type=mairie" in urls
    assert "Vérifiez l'orthographe" not in words


def test_words_that_mean_nothing_known_lead_to_simpler_words(client):
    words, _ = results(client, quoi="zzzzzz", ou="brest")
    assert "Vérifiez l'orthographe" in words
    assert "aucun lieu de ce type" not in words


def test_who_finds_nothing_in_distress_is_one_click_from_the_emergency_numbers(client):
    words, urls = results(client, quoi="je suis à la rue")
    assert "sans abri" in words
    assert "/urgences/" in urls
