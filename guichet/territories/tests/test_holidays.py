"""Public holidays, against the articles named in the module. Dates of Easter: 21 April 2019,
20 April 2025, 5 April 2026, 28 March 2027."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guichet.territories.holidays import customary_day_off, public_holiday

EVERY_CODE = [
    *(f"{number:02d}" for number in range(1, 96) if number != 20),
    *("2A", "2B"),
    *("971", "972", "973", "974", "975", "976", "977", "978"),
    *("984", "986", "987", "988", "989"),
]

# Article L3133-1 of the Code du travail, for 2026.
NATIONAL_2026 = {
    date(2026, 1, 1): "Jour de l'an",
    date(2026, 4, 6): "Lundi de Pâques",
    date(2026, 5, 1): "Fête du Travail",
    date(2026, 5, 8): "Fête de la Victoire",
    date(2026, 5, 14): "Ascension",
    date(2026, 5, 25): "Lundi de Pentecôte",
    date(2026, 7, 14): "Fête nationale",
    date(2026, 8, 15): "Assomption",
    date(2026, 11, 1): "Toussaint",
    date(2026, 11, 11): "Armistice",
    date(2026, 12, 25): "Noël",
}

ABOLITION = "Abolition de l'esclavage"

# Articles L3134-13 and L3422-2, and the texts of the three collectivities of the Pacific.
LOCAL_2026 = {
    "57": {date(2026, 4, 3): "Vendredi saint", date(2026, 12, 26): "Saint-Étienne"},
    "67": {date(2026, 4, 3): "Vendredi saint", date(2026, 12, 26): "Saint-Étienne"},
    "68": {date(2026, 4, 3): "Vendredi saint", date(2026, 12, 26): "Saint-Étienne"},
    "971": {date(2026, 5, 27): ABOLITION},
    "972": {date(2026, 5, 22): ABOLITION},
    "973": {date(2026, 6, 10): ABOLITION},
    "974": {date(2026, 12, 20): ABOLITION},
    "976": {date(2026, 4, 27): ABOLITION},
    "977": {date(2026, 10, 9): ABOLITION},
    "978": {date(2026, 5, 28): ABOLITION},
    "986": {
        date(2026, 4, 28): "Saint Pierre Chanel",
        date(2026, 6, 29): "Saints Pierre et Paul",
        date(2026, 7, 29): "Fête du Territoire",
    },
    "987": {
        date(2026, 3, 5): "Arrivée de l'Évangile",
        date(2026, 4, 3): "Vendredi saint",
        date(2026, 11, 20): "Matāri'i",
    },
    "988": {date(2026, 9, 24): "Fête de la Citoyenneté"},
}


def year_of(code: str, year: int) -> dict[date, str]:
    days = (date(year, 1, 1) + timedelta(days=offset) for offset in range(366))
    named = {day: public_holiday(code, day) for day in days if day.year == year}
    return {day: name for day, name in named.items() if name}


@pytest.mark.parametrize("code", EVERY_CODE)
def test_the_year_2026_is_that_of_the_texts(code: str) -> None:
    assert year_of(code, 2026) == {**NATIONAL_2026, **LOCAL_2026.get(code, {})}


@pytest.mark.parametrize(
    ("year", "good_friday"),
    [(2019, date(2019, 4, 19)), (2025, date(2025, 4, 18)), (2027, date(2027, 3, 26))],
)
def test_good_friday_is_a_holiday_in_strasbourg_and_not_in_paris(
    year: int, good_friday: date
) -> None:
    assert good_friday.year == year
    assert public_holiday("67", good_friday) == "Vendredi saint"
    assert public_holiday("75", good_friday) is None
    assert public_holiday("54", good_friday) is None


def test_the_day_of_martinique_is_an_ordinary_one_in_guadeloupe() -> None:
    assert public_holiday("972", date(2026, 5, 22)) == ABOLITION
    assert public_holiday("971", date(2026, 5, 22)) is None
    assert public_holiday("971", date(2026, 5, 27)) == ABOLITION
    assert public_holiday("978", date(2026, 5, 27)) is None


def test_polynesia_moved_its_own_day_from_june_to_november_in_2026() -> None:
    assert public_holiday("987", date(2024, 6, 29)) == "Fête de l'autonomie"
    assert public_holiday("987", date(2025, 6, 29)) == "Fête de l'autonomie"
    assert public_holiday("987", date(2025, 11, 20)) is None
    assert public_holiday("987", date(2026, 6, 29)) is None
    assert public_holiday("987", date(2026, 11, 20)) == "Matāri'i"
    assert len(year_of("987", 2025)) == len(year_of("987", 2026)) == 14


def test_two_holidays_on_one_day_are_both_named() -> None:
    # Ascension fell on 1 May in 2008.
    assert public_holiday("75", date(2008, 5, 1)) == "Ascension et Fête du Travail"


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("971", date(2026, 2, 17), "Mardi gras"),
        ("972", date(2026, 2, 18), "Mercredi des Cendres"),
        ("971", date(2026, 3, 12), "Mi-Carême"),
        ("978", date(2026, 3, 12), "Mi-Carême"),
        ("972", date(2026, 3, 12), None),
        ("971", date(2026, 4, 3), "Vendredi saint"),
        ("972", date(2026, 7, 21), "Fête de Victor Schoelcher"),
        ("971", date(2026, 11, 2), "Jour des défunts"),
        ("75", date(2026, 7, 21), None),
        ("67", date(2026, 4, 3), None),
        ("971", date(2026, 5, 27), None),
    ],
)
def test_local_custom_is_told_apart_from_the_law(code: str, day: date, name: str | None) -> None:
    assert customary_day_off(code, day) == name


@pytest.mark.parametrize("code", ["971", "972", "978"])
def test_a_customary_day_is_never_a_public_holiday(code: str) -> None:
    days = [date(2026, 1, 1) + timedelta(days=offset) for offset in range(365)]
    customary = [day for day in days if customary_day_off(code, day)]
    assert customary
    assert not [day for day in customary if public_holiday(code, day)]


@pytest.mark.parametrize("code", ["", "1", "20", "96", "970", "979", "985", "75056", "FR"])
def test_an_unknown_departement_is_refused_in_french(code: str) -> None:
    with pytest.raises(ValueError, match="n'est pas un code de département"):
        public_holiday(code, date(2026, 5, 1))
