import json
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.territories.matching import Reason
from guichet.territories.queries import find_commune, search_communes
from guichet.territories.tests.factories import CommuneFactory, FormerCommuneFactory

pytestmark = pytest.mark.usefixtures("load_reference_territories")

FROZEN_QUERIES = Path(__file__).parent / "place_queries.json"
LEAST_FIRST, LEAST_IN_FIVE = 180, 182

REUNION = (-20.9, 55.5)
LYON = (45.76, 4.84)


def codes(text, **options):
    return [match.insee_code for match in search_communes(text, **options)]


def names(text, **options):
    return [match.name for match in search_communes(text, **options)]


def test_places_as_people_write_them_are_found():
    """184 ways to write a place, frozen before the search was written; four stay hard.

    « Saint-Ouen » and « Vire » have an exact namesake; Olonne-sur-Mer and Châlons-sur-Marne are
    names that the COG's list of former communes does not tell.
    """
    frozen = json.loads(FROZEN_QUERIES.read_text("utf-8"))
    assert len(frozen) == 184
    found = [(case, codes(case["query"])[:5]) for case in frozen]
    not_first = [case["query"] for case, five in found if five[:1] != [case["insee_code"]]]
    not_in_five = [case["query"] for case, five in found if case["insee_code"] not in five]
    assert len(frozen) - len(not_first) >= LEAST_FIRST, not_first
    assert len(frozen) - len(not_in_five) >= LEAST_IN_FIVE, not_in_five


def test_an_exact_name_comes_before_longer_ones():
    assert names("Lille")[0] == "Lille"
    assert "Lillebonne" in names("Lille")


def test_namesakes_come_by_population():
    populations = [match.population for match in search_communes("Sainte-Colombe", limit=5)]
    assert populations == sorted(populations, reverse=True)


def test_namesakes_come_by_distance_when_a_place_is_near():
    assert codes("Saint-Denis", near=REUNION)[0] == "97411"
    assert codes("Saint-Denis", near=(48.9, 2.3))[0] == "93066"
    assert codes("villeneuve", near=LYON, limit=1) != codes("villeneuve", limit=1)


def test_a_large_town_that_begins_so_comes_before_a_village_of_that_very_name():
    assert codes("Évry")[:2] == ["91228", "89162"]


def test_a_former_commune_says_where_it_went():
    match = search_communes("Lomme")[0]
    assert match.label == "Lomme, commune associée à Lille"
    assert (match.insee_code, match.reason, match.is_exact) == ("59350", Reason.FORMER_NAME, True)
    assert search_communes("Tourlaville")[0].label == (
        "Tourlaville, commune déléguée de Cherbourg-en-Cotentin"
    )


def test_labels_tell_namesakes_apart():
    labels = [match.label for match in search_communes("Saint-Denis", limit=2)]
    assert labels == ["Saint-Denis (La Réunion)", "Saint-Denis (Seine-Saint-Denis)"]


def test_a_typing_error_is_said_to_be_one():
    match = search_communes("Monpellier")[0]
    assert (match.insee_code, match.reason, match.is_exact) == ("34172", Reason.SPELLING, False)


@pytest.mark.parametrize(
    ("postal_code", "first"),
    [("75012", "75112"), ("75", "75056"), ("750", "75056"), ("1300", "13055"), ("59160", "59350")],
)
def test_postal_codes_give_the_arrondissement_or_the_city_that_they_cover(postal_code, first):
    assert codes(postal_code)[0] == first


def test_an_unknown_postal_code_gives_the_largest_commune_of_the_nearest_beginning():
    match = search_communes("44042")[0]
    assert (match.name, match.reason, match.is_exact) == ("Nantes", Reason.POSTAL_CODE, False)


def test_a_postal_code_and_another_town_give_the_town_then_the_code():
    assert names("69001 Marseille")[:2] == ["Marseille", "Lyon 1er Arrondissement"]
    assert codes("99999 Lyon")[0] == "69123"


def test_one_figure_before_a_town_is_the_number_of_a_house():
    assert set(names("1, Lille")) == set(names("Lille"))


def test_a_former_name_beside_its_postal_code_is_recognised():
    match = search_communes("59160 Lomme")[0]
    assert (match.insee_code, match.former_name) == ("59350", "Lomme")


def test_an_area_gives_its_largest_communes():
    assert codes("Mayotte")[0] == "97611"
    assert codes("Bretagne")[0] == "35238"
    assert {match.departement_code for match in search_communes("2A")} == {"2A"}


def test_a_wrong_departement_does_not_hide_the_place():
    assert codes("Lille (93)")[0] == "59350"


def test_a_name_with_a_parenthesis_is_found_by_it():
    assert names("Château-Chinon (Ville)")[0] == "Château-Chinon (Ville)"
    assert names("Bors (Canton de Charente-Sud) (16)")[0] == "Bors (Canton de Charente-Sud)"


def test_the_others_that_may_be_meant_bear_the_name_or_are_larger():
    best, others = find_commune("Saint-Ouen")
    assert best.insee_code == "41226"
    assert "93070" in [other.insee_code for other in others]
    best, others = find_commune("Lille")
    assert (best.insee_code, others) == ("59350", [])


def test_what_a_match_asks_to_be_typed_finds_it_again():
    for text in ("Saint-Denis", "Sainte-Marie", "Paris", "Castillon", "Lomme", "01300"):
        for match in search_communes(text, limit=20):
            assert find_commune(match.query)[0].insee_code == match.insee_code


def test_nothing_recognised_gives_nothing():
    assert search_communes("zzzzzzzz") == []
    assert find_commune("") == (None, [])


@pytest.mark.parametrize(
    "text",
    [
        "Robert'); DROP TABLE territories_commune;--",
        "%' OR 1=1 --",
        "%",
        "_",
        "\\",
        "\x00Lille\x00",
        "<script>alert(1)</script>",
        "Lille" + " " * 10_000,
        "a" * 10_000,
        "a " * 5_000,
        "œ" * 10_000,
        "\ud800",
        "🏛️",
        "مرسيليا",
        "1" * 5_000,
    ],
)
def test_hostile_text_is_answered_politely(text):
    assert len(search_communes(text)) <= 10


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.integers(-5, 500))
def test_any_text_is_answered_within_the_limit(text, limit):
    found = codes(text, limit=limit)
    assert len(found) == len(set(found)) <= min(max(limit, 1), 100)


def test_unusable_positions_are_left_aside():
    assert codes("Lille", near=(float("nan"), 2.0)) == codes("Lille")


def test_a_search_costs_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        search_communes("Mâcon")
    with django_assert_max_num_queries(1):
        search_communes("59000")
    with django_assert_max_num_queries(8):
        search_communes("argenteuille")


@pytest.mark.parametrize(
    ("condition", "value", "index"),
    [
        ("search_name LIKE %s", "greno%", "commune_search_name"),
        ("bare_name LIKE %s", "roch%", "commune_bare_name"),
        ("search_name LIKE %s", "% ferrand%", "commune_search_trigrams"),
        ("search_name %% %s", "monpellier", "commune_search_trigrams"),
        ("postal_search LIKE %s", "% 5916%", "commune_postal_trigrams"),
    ],
)
def test_names_and_codes_are_found_by_an_index(condition, value, index):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE territories_commune")
        query = f"EXPLAIN SELECT * FROM territories_commune WHERE {condition}"
        cursor.execute(query, [value])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan


def test_a_new_commune_is_found_at_once():
    commune = CommuneFactory(insee_code="01999", name="Ville-Nouvelle-sous-Essai")
    FormerCommuneFactory(code="01998", name="Hameau-Perdu", commune=commune)
    assert codes("ville nouvelle sous essai") == ["01999"]
    assert codes("hameau perdu") == ["01999"]
