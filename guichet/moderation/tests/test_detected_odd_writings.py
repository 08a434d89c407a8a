"""What is dictated, misspelt, abbreviated or corrected is read; what looks like it is left."""

import pytest

from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind
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
        "faites vite. [[name|karim belhadj]] [[birth_date|03/04/82]]",
        "[[name|Lucie Garnier]]\n[[birth_date|09/02/1994]]\n[[phone|06 12 48 77 31]]",
        "[[name|Nadia Roy]], [[birth_date|5 mars 1979]], [[address|14 rue Foy, 59100 Roubaix]]",
        "je sui nai le [[birth_date|12/04/1977]], moi nez le [[birth_date|15 03 1985]]",
        "Née : [[birth_date|15 Aug 1996]]",
        "I was born on [[birth_date|July 7, 1992]] in Accra",
        "nacido el [[birth_date|14 de enero de 1979]]",
        "geboren am [[birth_date|4. Oktober 1958]]",
        "Nom ; Né(e) le ; Reçu le\nX ; [[birth_date|25/10/1982]] ; 14/03/2024",
        "Enfant | Né le\n[[name|Tom]] | [[birth_date|17/02/2018]]",
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
        "PV de gendarmerie (n° [[file_number|01428/00917/2024]])",
        "BAJ n° [[file_number|C-33063-2024-007715]], puis [[file_number|N-59350-2024-000712]]",
        "[[address|14, mtée de la Grande-Côte, ét. 2, 69001 Lyon]]",
        "[[address|5 quinquies rue Hoche, RDJ gauche, 92130 Issy-les-Moulineaux]]",
        "[[address|14 rue Labourdonnais, Ravine des Cabris, 97432 Saint-Pierre]]",
        "[[address|rte de Perpignan, nº 12, 66200 Elne]]",
        'au [[address|lieu dit "la Croix Rouge", 35 bis, 22400 Noyal]]',
        "[[address|12 r. Pasteur - 3ème G - 75015 PARIS]]",
        "c'est [[nir|deux, quarante-huit, zéro trois, cinquante-neuf, trois cent cinquante, cent"
        " quarante-sept, clé zéro trois]]",
        "numéro [[nir|deux 84 09 75 116 042 12]]",
        "n°sécu [[nir|l 84 O7 75 116 042 37]]",
        "tel [[phone|O6 I2 34 56 78]], ou [[phone|06 douze trente-quatre 56 78]]",
        "[[phone|06-12-34-56-78]]/[[phone|01.23.45.67.89]]",
        "[[phone|plus trente-trois six douze trente-quatre cinquante-six soixante-dix-huit]]",
        "L'affaire c'est [[file_number|RG 25/00962]]",
        "Sa carte ([[file_number|CMI 75-0448213]]) est expirée",
        "le courrier [[file_number|B comme Bernard 4417 602]] reçu hier",
        "dossier [[file_number|D comme Denise 22 817]]",
        "dossier [[file_number|quarante-quatre dix-sept six cent deux]]",
        "n° demandeur d'emploi [[file_number|1234567 a]]",
        "[[name|christiane delmas]] [[address|le bourg 19240 Saint-Viance]]",
        "chez [[name|El Mostafa Aourir]], [[address|derb Sidi Ahmed n° 14, Fès médina]]",
        "chez ma mère, [[address|via Garibaldi 12, 10122 Torino]]",
        "j'ai vécu [[address|via Garibaldi 12]] depuis 2019",
        "j'habite [[address|Hauptstraße 14, 66111 Saarbrücken]]",
        "[[address|calle Mayor 23, 2º B, 28013 Madrid]]",
        "[[address|rua das Flores 45, 4050-262 Porto]]",
        "je vis [[address|12 Baker Street, London]]",
        "mon adresse : [[address|Rue de la Loi 16, 1000 Bruxelles]]",
        "chez [[name|Mariam]], [[address|hay Salam, rue 14, n° 22, Agadir]]",
        "adresse : [[address|cité 500 logements, bt 12, Sétif]]",
        "[[email|jean point dupont chez gmail point com]]",
        "[[email|marie durand en un seul mot arobase gmail point com]]",
        "[[email|jean.dupont@gmail,com]]",
        "[[email|jean.dupont chez orange.fr]]",
        "mon aide ménagère s'appelle [[name|Josette]]",
        "connexion impossible, mon code [[file_number|4417602]] est refusé",
        "Mes parents, [[address|12 rue Victor-Hugo]] (la CAF le sait), attendent",
        "la voisine du [[address|12 rue Victor-Hugo]] (CPAM en face)",
        "Monsieur [[name|le Roux]] m'a reçu, puis Madame [[name|la Rivière]]",
        "Le directeur du service s'appelle [[name|Bernard]].",
        "La conseillère de l'agence qui s'appelle [[name|Sandrine]] a tout repris.",
        "La dame qui tient la salle s'appelle [[name|Nicole]]. La salle s'appelle Voltaire.",
        "La dame à l'hôpital s'appelle [[name|Fatou Diop]].",
        "[[iban|FR76 : 3000 6000 0112 3456 7890 189]]",
        "IBAN[[iban|FR7630006000011234567890189]]",
        "plaque [[plate|A B 1 2 3 C D]], immatriculée [[plate|AB_123_CD]]",
        "plaque belge [[plate|1-ABC-123]]",
        "date de naissance [[birth_date|1972/05/03]]",
        "[[url|hxxps://exemple.fr/dossier/48213]]",
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
        "l'agente qui me suit, [[name|corinne vasseur]], est partie",
        "sa tante, [[name|graziella vitale]]",
        "plus rien. [[name|nicole sicard]], [[address|21 rue du stade, 31820 pibrac]]",
        "page bloquée. [[name|théo blanchet]] alloc [[file_number|3318840]]",
        "j'attends. [[name|jean-baptiste noël]], plombier, [[phone|06 09 45 71 28]]",
        "ma voisine [[name|patricia chevalier]] a eu la meme chose",
        "le garagiste, m. [[name|daniel cazeneuve]], refuse",
        "rien. [[name|hervé le gall]] [[phone|06 12 48 77 31]]",
        "[[name|GOMES TAVARES NELSON]] NE LE [[birth_date|30/03/1985]] A PRAIA",
        "LE CONDUCTEUR DU CAR, MONSIEUR [[name|DA COSTA]], A DIT NON",
        "J AI VU MADAME [[name|LE CORRE]] HIER AU GUICHET",
        "MON MARI [[name|LOPES CARDOSO MANUEL]] EST MALADE",
        "je suis josiane, née [[name|mercier]] le [[birth_date|19 janvier 1947]]",
        "Mon téléphone : [[phone|04 95 77 03 18]]. [[name|Ange Poli]]",
        "Rien reçu.\n\n[[name|A.-S. Guillemot]]",
        "Cordialement, [[name|P-Y Le Goff]]",
        "On n'en peut plus. [[name|Aurélie T.]] [[phone|06 39-98-77.41]]",
        "Ma référente [[name|Sandrine V.]] ne répond plus",
        "j'ai 34 ans. mari [[name|Cheikh]] il a crié",
        "Messieurs [[name|Weber]] (Metz) et [[name|Thill]] (Luxembourg) m'ont écrit",
        "Mesdames [[name|Petitjean]] et [[name|Courtois]] m'ont reçu",
        "MM. [[name|Dubreuil]], [[name|Kaplan]] et [[name|Roy]] sont absents",
        "LE CHIEN DU VOISIN [[name|DASTUGUE]] A MORDU MON FILS",
        "LE VOISIN [[name|LAFITTE]] FAIT DU BRUIT TOUTE LA NUIT",
        "IL NE FAIT RIEN. MOI [[name|INES CARRERE]] JE PORTE PLAINTE",
        "son acte dit « [[name|Mohamed Belkacem]] », sa carte « [[name|Mohammed Belkacemi]] »",
        "Mon frère, on l'appelle [[name|Jojo]], et le Pr [[name|Lefort]] le suit",
        "Il s'appelle [[name|Dominique]], tout le monde dit « [[name|Dodo]] »",
        "je suis monsieur [[name|Armand]] à la ligne [[name|Armand]] c'est le nom",
        "AME refusée le 30 juin. Compagnon : [[name|Edmilson]]. Enfant : [[name|Ynaê]]",
        "[[name|Jean-Phi]] du CCAS m'a aidé",
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
        "erreur E000501, code erreur 900123, message d'erreur n° 1045230, version 2024.10.001",
        "code erreur FC-E000042, erreur technique (code TX-99812)",
        "ma déclaration 2042 C PRO, le formulaire 2044 S",
        "le numero 39 49 est gratuit, le numéro vert 0 800 000 ne répond plus",
        "sous le NUR et la demande France-Visas, le 15 Aug 2024",
        "rose blanche sur la table. victoire totale de la paperasse, 2 min d'entretien, 0 solution",
        "MADAME DE LA CAF NE REPOND PAS, MONSIEUR DU GUICHET NON PLUS",
        "Monsieur l'Officier d'état civil, Madame la Sous-Préfète, Monsieur l'Agent comptable",
        "je vis à Saint Benoit, Messieurs les Conseillers",
        "La résidence s'appelle Pierre de Coubertin. Le wifi s'appelle « Espoir ».",
        "Mersi a tous. Bonjourr. B comme Bernard, on épelle",
        "MOI JE PORTE PLAINTE, LE VOISIN FAIT DU BRUIT",
        "mari malade, fille handicapée, femme Marocaine, vacances à Marie-Galante",
        "Accueil déplorable au 12 rue Victor-Hugo (la CPAM, pas celle de la gare)",
        "reçu au 12 rue Foch (CAF de la Somme), puis au 14 rue Foch (agence France Travail)",
        "« service momentanément indisponible (code 503-12) »",
        "il a attendu trente-cinq minutes puis deux heures, en tout cent vingt-deux jours",
        "mille neuf cent soixante-dix-neuf euros, vingt-deux ans de maison, deux ou trois fois",
        "via le site, la place 12 du parking, le bourg de Saint-Viance",
        "Je suis client chez Orange. Ma box est chez Free. Facture de chez SFR.Rien ne va",
        "pris via Doctolib 3 semaines avant, envoyé via Ameli 2 fois, via Pôle Emploi 1 heure",
        "la mairie 19240 Saint-Viance",
        "On l'appelle la Maison des services. Messieurs Dames bonjour.",
        "Mari : malade. Enfants : deux. Tuteur : UDAF. un deux trois soleil",
        "Date ; Objet\n12/03/2024 ; premier courrier\n18/04/2024 ; relance",
    ],
)
def test_what_looks_like_it_is_left(text: str) -> None:
    assert found_by_patterns(text) == []


def test_a_birth_is_not_the_dates_of_a_life() -> None:
    text = "né le 25 mars 1950, marié le 3 juin 1975, radié le 1er avril 2012 (décès)"

    (span,) = found_by_patterns(text)

    assert text[span.start : span.end] == "25 mars 1950"


@pytest.mark.parametrize(
    "text",
    [
        "J'ai vu Mme Roussel 12/03/24 puis relancé",
        "J'ai écrit à Sylvie Marchal 03/04/2024 sans suite",
        "Fait à Lyon, le 12/03/2024\nMichel Perrin",
    ],
)
def test_a_recent_date_beside_a_name_is_no_birth(text: str) -> None:
    assert [span.kind for span in found_by_patterns(text)] == [Kind.NAME]


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
