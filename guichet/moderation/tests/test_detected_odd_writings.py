"""What is dictated, misspelt, abbreviated or corrected is read; what looks like it is left."""

import pytest

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.tests.accuracy import measuring


@pytest.mark.parametrize(
    "marked",
    [
        "DN [[birth_date|03/05/1972]], rien n'avance",
        "dat naisance [[birth_date|12 04 1988]]",
        "née a oran [[birth_date|9 9 1979]]",
        "née, comme ma jumelle, un [[birth_date|3 mars 1971]]",
        "C'est le [[birth_date|12 mars 1980]] que je suis né.",
        "Âge : 58 ans ([[birth_date|7 août 1966]])",
        "Date de naissance erronée : le passeport porte le [[birth_date|12/03/1980]].",
        "[[name|Lina]] née le [[birth_date|12/03/2012]], [[name|Noé]] le [[birth_date|14/05/2014]]",
        "[[name|Inès]] et [[name|Lou]] ([[birth_date|3/2/2015]] et [[birth_date|19/9/2018]])",
        "né le [[birth_date|14.II.1990]] d'après l'acte",
        "[[nir|1 85 07 puis 75 puis 116 puis 042 clé 37]]",
        "[[nir|2 6 9 0 5 9 9 3 5 1 0 1 2 clé 4 5]]",
        "Sécu : [[nir|2 85 07 75 116 042 clé 12]]",
        "[[phone|06 12 34 56 78]] [[nir|2 85 07 75 116 042 12]]",
        "une auto [[plate|DW 550 HR]] en panne",
        "pension [[file_number|W 13 0087714 B]]",
        "mon INE : [[file_number|1203004788 HB]]",
        "prud'hommes, [[file_number|F 21/01234]], audience en mai",
        "mon dossier c'est le [[file_number|458 120]] et non le [[file_number|458 210]]",
        "CSS de deux adhérents [[file_number|77 451-02]]",
        "matricule pension : [[file_number|0458 871 234 K]]",
        "[[address|14, mtée de la Grande-Côte, ét. 2, 69001 Lyon]]",
        "[[address|5 quinquies rue Hoche, RDJ gauche, 92130 Issy-les-Moulineaux]]",
        "[[address|14 rue Labourdonnais, Ravine des Cabris, 97432 Saint-Pierre]]",
        "[[address|rte de Perpignan, nº 12, 66200 Elne]]",
        'au [[address|lieu dit "la Croix Rouge", 35 bis, 22400 Noyal]]',
        "[[address|12 r. Pasteur - 3ème G - 75015 PARIS]]",
    ],
)
def test_what_is_written_in_an_odd_way_is_found_whole(marked: str) -> None:
    assert left_to_read(marked) == []


@pytest.mark.parametrize(
    "marked",
    [
        "un certain [[name|Morvan]] m'a dit de revenir",
        "une demoiselle [[name|Quéméneur]] au guichet",
        "Mon vrai nom tel qu'écrit à l'état civil : [[name|Ouedraogo]]",
        "mon nom s'écrit [[name|Le Bihan]] et pas [[name|Lebihan]]",
        "ils ont écrit [[name|Guéguen]] au lieu de [[name|Guégan]]",
        "Affaire [[name|Dupuis]] c/ CAF de l'Ain",
        "nom [[name|kaci]] prenom [[name|farid]]",
        "mon mari [[name|bekkouche samir]] attend",
        "[[name|samira ben youssef]] est passée",
        "JE SUIS [[name|PEREIRA DOS SANTOS MARIA]]",
        "l assistante [[?|m]] [[name|benali]] repond plus",
        "mon avocat maitre [[name|bensoussan]] et mme [[name|le floch]]",
        "sa remplaçante [[name|Douce Mukendi]] aussi",
        "l'allocataire ([[name|Lætitia]])",
        "[[name|Milan]] a 4 mois",
        "[[name|Noël]], mon mari, attend",
        "La conseillère, [[name|Nadège Roussillon]], m'a écrit",
        "un maçon [[name|Manuel Fontes]]",
        "la mairie est fermée. [[name|sylvie et gilles]]",
        "Merci. [[name|Maxence d'Aubigny]]",
    ],
)
def test_a_name_in_an_odd_place_is_found_whole(marked: str) -> None:
    assert left_to_read(marked) == []


@pytest.mark.parametrize(
    "text",
    [
        "ma fille est née en 2019, j'ai demandé la PAJE le 12/06/2019",
        "congé de naissance du 12/03/2019 au 15/03/2019",
        "Délibération n° 2024-06-117, ligne budgétaire 0218-04, amendement n° 1234.",
        "BIC AGRIFRPP867, notice n° 51809#05, réf. BOI-IR-RICI-150-20, page 45/871",
        "facture de 1318 e, 35/40 au code, entre le 02/09 et le 05/09",
        "j'ai envoyé 3 mail au service, il faisait 20 degrés dans la salle",
        "j'ai mis 20 à la place de 2A. Résultat, rien",
        "jhabite a la cité u les Cèdres",
        "le permis bateau c 38 e",
        "le site NATALI, la chaudière Frisquet, une Zoé grise",
        "au CMP Françoise-Dolto, à la maternité Paule de Viguier, a st brieuc",
        "un malinois nommé Oural",
        "un mur de 3 m. Taux d'humidité : 84 %",
        "m a dit de venir, m envoie un papier",
        "atteint d'Alzheimer",
    ],
)
def test_what_looks_like_it_is_left(text: str) -> None:
    assert found_by_patterns(text) == []


def test_a_birth_is_not_the_dates_of_a_life() -> None:
    text = "né le 25 mars 1950, marié le 3 juin 1975, radié le 1er avril 2012 (décès)"

    (span,) = found_by_patterns(text)

    assert text[span.start : span.end] == "25 mars 1950"


def test_a_name_is_known_by_its_signature() -> None:
    text = "Mon ex-mari François-Régis de Saint-Maur ne paie plus. Cordialement, V. de Saint-Maur"

    written = [text[span.start : span.end] for span in found_by_patterns(text)]

    assert written == ["François-Régis de Saint-Maur", "V. de Saint-Maur"]


def left_to_read(marked: str) -> list[str]:
    """The marks of a labelled text that spans do not cover whole."""
    one = measuring.labelled("x", marked)
    covered = set().union(*(range(span.start, span.end) for span in found_by_patterns(one.text)))
    return [
        one.text[start:end]
        for start, end, kind in one.marks
        if kind != measuring.NEUTRAL and not measuring.signs(one.text, start, end) <= covered
    ]
