"""Addresses are found whole however people write them, and places of everybody are left."""

from pathlib import Path

import pytest

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind
from guichet.moderation.tests.accuracy import measuring


def left_to_read(marked: str) -> list[str]:
    """The marks of a labelled text that spans do not cover whole."""
    one = measuring.labelled("x", marked)
    spans = found_by_patterns(one.text)
    covered = set().union(*(range(span.start, span.end) for span in spans))
    return [
        one.text[start:end]
        for start, end, _ in one.marks
        if not measuring.signs(one.text, start, end) <= covered
    ]


@pytest.mark.parametrize(
    "marked",
    [
        "Je vis [[address|quatre rue des Lilas à Vierzon]].",
        "On m'a proposé le [[address|vingt-sept bis, avenue Jean-Jaurès, Paris XIXe]].",
        "je suis au [[address|12, 14 et 16 rue du Puits-Neuf]]",
        "mon adresse cest [[address|12 r pasteur lens]] et rien n'arrive",
        "j'habite [[address|rue des lilas au 14, à roubaix]]",
        "adresse : [[address|rue principale 12, 57230 Bitche]]",
        "j'ai déménagé de [[address|5 rue emile zola a st denis]]",
        "au [[address|3 le bourg, 23400 saint-dizier-leyrenne]]",
        "Chez moi : [[address|PK 12, route de Saint-Laurent, 97355 Macouria]]",
        "Écrire à [[address|BP 380 417, 98718 Punaauia]]",
        "[[address|22 straeta di u Palazzu, 20250 Corte]]",
        "[[address|Maison Ithurraldea, Elizako bidea, 64250 Itxassou]]",
        "chez une dame du [[address|6, Krummgass, à Hunawihr]]",
        "Ma belle-mère vit au [[address|5 Hent Ar Mor, 29900 Concarneau]]",
        "[[address|Aire d'accueil des gens du voyage, emplacement 9, chemin du Pré, 45140 Ingré]]",
        "au [[address|31 allee des erables batiment 4 porte 112 93270 sevran]]",
        "à la [[address|résidance jean mermoz entrée 5 appart 82, 66000 perpignan]]",
        "au [[address|28, Bd de l'Hôpital, Esc. C, 4ème étg, porte gauche, 75013 PARIS]]",
        "au [[address|17B, sente des Vignes, Montmorency (95160)]]",
        "vit [[address|84 chemin Bois-de-Nèfles, Saint-Denis, La Réunion]]",
        "Nous vivons [[address|ferme du Mesnil à Saint-Lô]]",
        "au [[address|12 rue Haute-des-Capucins, chez ma mère, 89000 Auxerre]]",
        "Adresse : [[address|« Les Tamaris », 8 chemin des Dunes, 17480 Saint-Trojan]]",
        "C'est [[address|145 bis, route départementale 906, 73000 Chambéry]].",
        "au [[address|8 bis A rue de la Cavée, 76200 Dieppe]]",
        "au [[address|foyer de l'enfance, 14 rue du Repos, 80080 Amiens]]",
        "[[address|D 974, lieu-dit La Forge, 21420 Savigny-lès-Beaune]]",
        "Ici [[address|poste restante, 05100 Briançon]]",
        "au [[address|8 rue des Fleurs\nBât C, 2e étage\n54500 Vandœuvre-lès-Nancy]]",
        "c'est [[address|kergroas 29710 plozevet]], sans rue ni numéro",
        "la maison, [[address|157 les Thévenins, 39150 Lac-des-Rouges-Truites]]",
        "jabite au [[address|1 le bourg]] et jai rien recu",
        "au [[address|8, rue de la 73e-Division, 54470 Fey-en-Haye]]",
        "au [[address|9 rue philibert le beau 01160 pont-d'ain]]",
        "au [[address|3 place de la Halle, 89420 Pisy]]",
        "au [[address|2, rue Derrière-l'Église à Grémecey]]",
        "au [[address|9 rue Guerbigny, 80500 LIGNIERES LES ROYE]]",
        "au [[address|6 allée des Tilleuls, 92090 Paris La Défense Cedex 2]]",
        "[[address|1 bis, lieu dit « Le Petit Bordeaux »\n33620 Cézac]]",
        "la Busserine, [[address|bâtiment F3, entrée 22, 13014 Marseille]]",
        "J'habite près de la mairie, [[address|12 rue des Lilas]]",
        "Bonjour la CAF, [[address|12 rue des Lilas, 59000 Lille]], merci",
        "[[address|La Grangette, 5 côte de la Cavée, 76400 Fécamp]]",
    ],
)
def test_an_address_is_found_to_its_last_letter(marked: str) -> None:
    assert left_to_read(marked) == []


@pytest.mark.parametrize(
    "text",
    [
        "Demande déposée le 12, rue fermée le 13, chemin coupé le 14.",
        "On a fait 12 rue par rue. La 3e rue à droite, puis la 2e avenue à gauche.",
        "Voie 3, quai B, train de 8 h 04. Ligne 12, rue du Bac : station fermée.",
        "De 8 h à 12 h, place Bellecour, sous la pluie, avec 30 personnes.",
        "Ils étaient cinq, rue de la Paix, à attendre depuis 7 heures.",
        "Ma résidence principale à Lyon est exonérée, la cité administrative à Lille non.",
        "Rendez-vous à 14 h 30 cours Vitton ; lignes 3 et 12, place de Clichy.",
        "Une ville de 3 500 habitants, 45 000 dossiers.",
        "Le tribunal, 6 rue de la Justice, m'a convoquée.",
        "J'ai écrit à la préfecture du Nord, 12 rue Jean-sans-Peur.",
        "Le siège de la CPAM : 2 rue Alfred-Labbé.",
        "Nous habitons le quartier des Minguettes à Vénissieux.",
        "Les travaux durent du 12 au 24 rue Nationale.",
        "J HABITE A 35 KM ET J AVAIS POSE MA MATINEE",
        "Vous habitez dans une maison de retraite.",
        "Code postal 59280, code INSEE 59017.",
    ],
)
def test_ways_hours_and_public_places_are_left(text: str) -> None:
    assert found_by_patterns(text) == []


def test_an_address_stops_with_its_sentence() -> None:
    text = "J'habite 12 rue des Lilas. Bonjour à Valérie."

    first = found_by_patterns(text)[0]

    assert text[first.start : first.end] == "12 rue des Lilas"


@pytest.mark.parametrize(
    "marked",
    [
        "Suivi [[file_number|2L 076 551 9034 2]], perdu.",
        "Référence à rappeler : [[file_number|LB/MC/25.1187]]",
        "Dossier [[file_number|MPR 2024 0771 883]]",
        "et sur l'appli [[file_number|4471902 P]] avec un espace",
        "le [[file_number|88417]], c'est mon numéro de dossier",
        "Je suis du [[birth_date|7 janvier 1961]], donc pénalisé.",
        "né un [[birth_date|3 mai 1972]] à Brest",
        "née le [[birth_date|trois mai mille neuf cent soixante-douze]] à Dole",
        "Sur ma carte : « [[birth_date|12 DEC 1970]] », naissance à Fort-de-France",
        "date de naiss. [[birth_date|12-09-82]]",
        "mon blog [[url|sonia-raconte.over-blog.com]]",
        "[[url|https://exemple.fr/commencer/suivi#/dossier/4521]]",
        "[[url|https://pay.exemple.fr/c/aZ3kLp9Qw]]",
        "n° allocataire : [[file_number|TF 227546]]",
        "Le numéro que la dame m'a donné au téléphone est le [[file_number|77 410 28]].",
        "référence de la demande en ligne : [[file_number|D1-2026-7741-B]]",
        "numéro de formule [[file_number|2018 AB 44187]]",
        "née le [[birth_date|12 du 4 2016]]",
        "[[url|https://exemple.fr/reinitialisation/4b1f9c0e77aa21d0]]",
        "[[url|https://lnk.exemple.fr/3fGh9K]]",
        "[[url|ftp://depot.exemple.fr/usagers/4418/piece1.pdf]]",
    ],
)
def test_odd_numbers_births_and_links_are_found_whole(marked: str) -> None:
    assert left_to_read(marked) == []


@pytest.mark.parametrize(
    "text",
    [
        "La circulaire NOR INTV2306215J et le train TER 883417.",
        "circulaire 2012/117, article L114-5",
        "Le courrier, il est du 12 mars 2025.",
        "Née en 1958, je pars à la retraite le 1er juillet 2025.",
        "https://www.impots.gouv.fr/portail/formulaire/2042/declaration-des-revenus",
        "https://www.demarches-simplifiees.fr/commencer/aide-logement-2025",
        "https://www.exemple.fr/candidat/vos-droits-et-demarches.html",
        "https://www.exemple.fr/social/trop-percus-20260412",
        "https://www.impots.gouv.fr/sites/default/files/formulaires/2042/2042_4826.pdf",
        "Ils ont reçu 12 000 demandes ; le RSA est à 646,52 €, l'AAH à 1 033,32 €.",
        "Imprimé 2042-K, déclaration 2031-SD, fiche n° 2069-RCI-SD.",
        "Marié le 4 mai 1988, naissance prévue le 4 janvier 2027.",
        "Les assurés nés à compter du 1er juillet 1951.",
    ],
)
def test_texts_trains_and_public_pages_are_left(text: str) -> None:
    assert found_by_patterns(text) == []


@pytest.mark.parametrize("path", measuring.DEVELOPMENT_SETS, ids=lambda path: path.stem)
def test_the_development_texts_are_read(path: Path) -> None:
    texts = measuring.read_labelled(path.read_text(encoding="utf-8"))
    counts = measuring.measure(texts, found_by_patterns)
    shaped = measuring.totals(counts, measuring.STRUCTURED)

    assert shaped.recall >= 0.985
    assert shaped.precision >= 0.97
    assert counts[Kind.NAME].recall >= 0.98
    assert counts[Kind.NAME].precision >= 0.95
