"""Dates, addresses and file numbers are personal by the words around them."""

import pytest

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind


def found(text: str) -> list[tuple[Kind, str]]:
    return [(span.kind, text[span.start : span.end]) for span in found_by_patterns(text)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("né le 3 mai 1972", "3 mai 1972"),
        ("NE LE : 24 02 1944", "24 02 1944"),
        ("Date de naissance : 03.05.1972", "03.05.1972"),
        ("née prématurément un samedi à Lyon, le 3/4/21", "3/4/21"),
        ("ddn 03051972", "03051972"),
    ],
)
def test_a_date_of_birth_is_found(text: str, date: str) -> None:
    assert found(text) == [(Kind.BIRTH_DATE, date)]


def test_dates_joined_to_a_birth_or_like_it_are_births_too() -> None:
    text = "nées le 3/5/2012 et 4/6/2014. Sur mon dossier : 3/6/2012."

    assert [written for _, written in found(text)] == ["3/5/2012", "4/6/2014", "3/6/2012"]


@pytest.mark.parametrize(
    "text",
    ["acte de naissance demandé le 3 mai 2024", "né en France, j'ai déposé le 3 mai 2024"],
)
def test_other_dates_are_left(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "12 rue des Lilas",
        "14 bis avenue des Tilleuls bât C, 94500 Champigny-sur-Marne",
        "Lieu-dit Kervoal, 29510 Landrévarzec",
        "résidence Les Mimosas, appartement 12, 3e étage, 13090 Aix-en-Provence",
        "12, RUE DE LA PAIX - 59000 LILLE",
        "7A Grand'Rue, 68000 Colmar",
        "12 rue Pierre et Marie Curie, 93210 La Plaine Saint-Denis",
        "2 place du Vieux-Marché 76000 Rouen",
        "PK 18,2 côté mer",
        "12 rue du 8 mai 1945, 69100 Villeurbanne",
        "Appt 204, 33 allée des Cèdres\n91000 Évry-Courcouronnes",
    ],
)
def test_an_address_is_found_whole(address: str) -> None:
    assert (Kind.ADDRESS, address) in found(f"J'habite : {address}. Merci.")


@pytest.mark.parametrize(
    "text",
    [
        "J'ai 3 places de parking et 12 cours de français, à 2 rues d'ici, 69003 Lyon.",
        "La rue Victor Hugo est barrée.",
        "Au guichet du 12 rue de la République, porte fermée.",
    ],
)
def test_what_is_no_private_address_is_left(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mon numero allocataire c'est le 4127763", "4127763"),
        ("numéro fiscal : 30 12 345 678 901", "30 12 345 678 901"),
        ("n° étranger 7503184962", "7503184962"),
        ("identifiant FT 9031774B", "9031774B"),
        ("dossier MDPH-59-208814", "MDPH-59-208814"),
        ("recommandé 1A 198 442 7715 3", "1A 198 442 7715 3"),
        ("Réf. SPI/31/2025/00418", "SPI/31/2025/00418"),
        ("permis de construire PC 035 238 24 R0045", "PC 035 238 24 R0045"),
        ("carte d'identité X4RTBPFW4", "X4RTBPFW4"),
    ],
)
def test_a_file_number_is_found_whole(text: str, number: str) -> None:
    assert (Kind.FILE_NUMBER, number) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "cerfa n°13750*05, article L. 351-3, loi 2005-102, décret n° 2019-1234",
        "code postal 59000, bureau n° 112, ticket A047, guichet 3",
        "SIRET 812 345 678 00019, 12 345,67 €, 3 500 000 habitants, 45 000 dossiers",
        "de 8h30 à 12h00, 14h-17h30, en 2023-2024, version 4.12.1, taille 375x812",
    ],
)
def test_other_numbers_are_left(text: str) -> None:
    assert found(text) == []
