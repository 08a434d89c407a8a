"""A sheet says nothing of who the person is: what a pattern can find is found, and nothing else."""

from __future__ import annotations

import pytest

from guichet.orientation.private_marks import (
    BIRTH_DATE,
    EMAIL,
    LONG_NUMBER,
    NAME,
    POSTAL_ADDRESS,
    SOCIAL_SECURITY,
    TELEPHONE,
    WEB_ADDRESS,
    private_marks,
)
from guichet.orientation.reference_tables import shipped_needs


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("écrire à jeanne.martin@exemple.fr", (EMAIL,)),
        ("Jeanne Martin <j.martin+caf@mail.exemple.fr>", (EMAIL,)),
        ("tél 06 39 98 01 23", (TELEPHONE,)),
        ("0639980123", (TELEPHONE,)),
        ("06.39.98.01.23, le soir", (TELEPHONE,)),
        ("06-39-98-01-23", (TELEPHONE,)),
        ("06/12/34/56/78", (TELEPHONE,)),
        ("rappeler au +33 6 39 98 01 23", (TELEPHONE,)),
        ("+33 (0)6 39 98 01 23", (TELEPHONE,)),
        ("0033639980123", (TELEPHONE,)),
        ("NIR 2 69 05 49 588 157 80", (SOCIAL_SECURITY,)),
        ("269054958815780", (SOCIAL_SECURITY,)),
        ("1 85 12 2A 004 123", (SOCIAL_SECURITY,)),
        ("185122a004123", (SOCIAL_SECURITY,)),
        ("dossier 123 456 789", (LONG_NUMBER,)),
        ("né le 01/02/1980, allocataire 1234567890", (BIRTH_DATE, LONG_NUMBER)),
        ("voir Mme Moreau", (NAME,)),
        ("habite 3 bis rue des Lilas", (POSTAL_ADDRESS,)),
        ("lire https://exemple.fr/x", (WEB_ADDRESS,)),
        ("née le 3 mai", (BIRTH_DATE,)),
        ("a@b.fr ou 06 39 98 01 23", (EMAIL, TELEPHONE)),
    ],
)
def test_what_tells_who_a_person_is_is_found(text, found):
    assert private_marks(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Appeler le 39 49 ou le 3646",
        "Le 01/02/2026 à 14 h 30",
        "Rendez-vous le 01/02/2026 08 h 30",
        "Entre le 01/02/26 et le 03/04/26",
        "Formulaire Cerfa n° 12485*03, 3 exemplaires",
        "Avis d'impôt 2024, 2025 et 2026",
        "Moins de 1 200 000 euros",
        "Bureau 12, 59000 Lille",
        "@caf",
        "Ouvert 8h30-12h 13h30-17h",
    ],
)
def test_dates_amounts_and_short_numbers_pass(text):
    assert private_marks(text) == ()


def test_no_text_that_the_team_ships_is_refused():
    said = [
        text
        for need in shipped_needs()
        for text in (
            need["title"],
            *need.get("documents", []),
            *(answer["why"] for answer in need.get("services", [])),
        )
    ]
    assert said
    assert [text for text in said if private_marks(text)] == []
