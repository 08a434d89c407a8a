import pytest

from guichet.territories.areas import area_readings, departements_named
from guichet.territories.wording import after_de


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("Lille", "de Lille"),
        ("Le Havre", "du Havre"),
        ("Les Abymes", "des Abymes"),
        ("La Rochelle", "de La Rochelle"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses"),
        ("Évry", "d'Évry"),
        ("Annecy", "d'Annecy"),
        ("Leers", "de Leers"),
    ],
)
def test_articles_and_vowels_are_contracted_as_french_wants(name, of):
    assert after_de(name) == of


@pytest.mark.parametrize(
    ("area", "departements"),
    [
        ("gironde", ("33",)),
        ("la reunion", ("974",)),
        ("reunion", ("974",)),
        ("corse", ("2A", "2B")),
        ("bretagne", ("22", "29", "35", "56")),
        ("nulle part", ()),
    ],
)
def test_departements_and_regions_are_known_by_name(area, departements):
    assert departements_named(area) == departements


def test_a_place_is_told_from_the_area_that_follows_it():
    assert list(area_readings("saint denis de la reunion")) == [
        ("saint denis", ("974",)),
        ("saint denis", ("974",)),
    ]
    assert list(area_readings("bourg en bresse")) == []
