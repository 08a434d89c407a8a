"""Names are found from what is around them; words, places and services are left."""

import pytest

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind


def names(text: str) -> list[str]:
    spans = found_by_patterns(text)
    return [text[span.start : span.end] for span in spans if span.kind is Kind.NAME]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("je suis nadia benali et j'attend", ["nadia benali"]),
        ("Je m'appelle Rose Avril, merci.", ["Rose Avril"]),
        ("nom: petit prenom: rose", ["petit", "rose"]),
        ("L'agent, M. Petit, a été odieux.", ["Petit"]),
        ("mon conseiller s appelle monsieur dufresne", ["dufresne"]),
        ("Mme N'Diaye et M. D'Almeida", ["N'Diaye", "D'Almeida"]),
        ("le badge indiquait P. GRANGER", ["P. GRANGER"]),
        ("MON MARI ROGER EST DECEDE. GISELE PONCET", ["ROGER", "GISELE PONCET"]),
        ("Mon fils Trésor est né à Kinshasa.", ["Trésor"]),
        ("Cordialement, Yann Kervella", ["Yann Kervella"]),
        ("LE MOIGNE Gwenaëlle", ["LE MOIGNE Gwenaëlle"]),
        ("Refusés : LE GALL Yann, LE GALL Soazig.", ["LE GALL Yann", "LE GALL Soazig"]),
        ("monsieur van der Straten attend", ["van der Straten"]),
        ("mme barreau ma recu hier", ["barreau"]),
        ("J'ai vu Maëlis au guichet.", ["Maëlis"]),
        ("Me Haddad, avocate, a déposé le recours.", ["Haddad"]),
        ("merci à claire et à la dame (Nathalie)", ["claire", "Nathalie"]),
        ("Mme Thi Kim Lien NGUYEN", ["Thi Kim Lien NGUYEN"]),
        ("Maître Gauthier de Brémond", ["Gauthier de Brémond"]),
        ("Mes parents, Lucien et Odile Castellan, y vivent.", ["Lucien", "Odile Castellan"]),
    ],
)
def test_a_name_is_found_whole(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Un petit marchand de roses, au mois d'avril, sous un ciel bleu.",
        "L'école (Jules-Ferry), le lycée Jean Moulin, la fac (Paul-Sabatier), rue Victor Hugo.",
        "LA PREFECTURE DE BOBIGNY NE REPOND PAS AU TELEPHONE DEPUIS SIX MOIS",
        "Madame la Préfète, Monsieur le Maire, madame bonjour je voudrais savoir",
        "Merci France services ! Merci Marianne, bravo Doctolib et Pôle emploi.",
        "La loi Macron, le livret A, Noël, la Toussaint, Saint-Étienne, la Sarthe.",
        "Je suis Malienne, il est Français, mon voisin Turc.",
        "Une Mme B. et M. L ne répondent pas.",
        "Gagnez du temps ! « Calmez-vous, monsieur », m'a-t-on dit. Donnez-nous un numéro.",
        "Señora muy amable",
        "J'ai lu Victor Hugo en attendant au guichet.",
        "I came with my husband.",
    ],
)
def test_words_places_and_services_are_no_names(text: str) -> None:
    assert names(text) == []


def test_a_name_found_once_is_found_everywhere() -> None:
    text = "On m'a passé Mme Teriitahi. Teriitahi a raccroché. Puis TERIITAHI encore."

    assert names(text) == ["Teriitahi", "Teriitahi", "TERIITAHI"]


def test_a_name_that_is_a_word_is_left_where_it_is_one() -> None:
    text = "Il s'appelle Fontaine, M. Fontaine a la patience d'une fontaine."

    assert names(text) == ["Fontaine", "Fontaine"]


def test_a_full_date_after_a_name_is_a_birth() -> None:
    spans = found_by_patterns("Mon fils Enzo (12 mai 2008) attend depuis le 12 mai 2025.")

    assert [span.kind for span in spans] == [Kind.NAME, Kind.BIRTH_DATE]
