"""Columns of the open tables: the official names of the SP+ data sets first, then ours.

Owns names, labels, types and words; refuses values. Official names: schema of the programme's
open data (data sets structures, indicateurs, resultats).
"""

from __future__ import annotations

from guichet.core.extensions import OpenColumn

OFFICIAL = "Services Publics+"


def official(name: str, label: str, description: str, kind: str = "string") -> OpenColumn:
    return OpenColumn(name, label, kind, description, source=OFFICIAL)


def ours(name: str, label: str, description: str, kind: str = "string") -> OpenColumn:
    return OpenColumn(name, label, kind, description)


STRUCTURES = (
    official("code_sp_de_la_structure", "Code SP+ de la structure", "Code, qui ne change jamais"),
    official("reseau", "Intitulé du réseau", "Réseau dont elle dépend, vide s'il n'y en a pas"),
    official("intitule_de_la_typologie", "Intitulé de la typologie", "Type de lieu"),
    official("intitule_de_la_structure", "Intitulé de la structure", "Nom"),
    official("description_de_la_structure", "Description de la structure", "Informations données"),
    official("identifiant_de_la_structure", "Identifiant de la structure", "SIRET, s'il est connu"),
    official("code_sp_structure_parent", "Code SP+ structure parent", "Structure au-dessus d'elle"),
    ours("code_reseau", "Code du réseau", "Le même que dans les résultats"),
    ours("code_typologie", "Code de la typologie", "Code de la DILA"),
    ours("niveau", "Niveau", "site, departement, region ou national"),
    ours("adresse", "Adresse", "Sur une ligne"),
    ours("code_postal", "Code postal", "Celui de l'adresse"),
    ours("code_insee_commune", "Code INSEE de la commune", "Au code officiel géographique"),
    ours("commune", "Commune", "Nom de la commune"),
    ours("code_departement", "Code du département", "Celui de la commune"),
    ours("code_region", "Code de la région", "Celui du département"),
    ours("latitude", "Latitude", "Degrés, WGS 84", "number"),
    ours("longitude", "Longitude", "Degrés, WGS 84", "number"),
    ours("ouverte_le", "Ouverte le", "Vide si le jour n'est pas connu", "date"),
    ours("fermee_le", "Fermée le", "Dernier jour ; vide si elle n'est pas fermée", "date"),
    ours("reprise_par", "Reprise par", "Code de la structure qui l'a reprise"),
    ours("source", "Source", "D'où viennent ces faits"),
    ours("verifiee_le", "Vérifiée le", "Jour où la source l'a vérifiée", "date"),
    ours("adresse_page", "Page", "Adresse de sa page sur ce site"),
    ours("demonstration", "Démonstration", "Lieu fictif d'une démonstration", "boolean"),
)

INDICATORS = (
    official("reseau", "Réseau", "Réseau qui le publie, vide si aucun ne le publie encore"),
    official("intitule_original_de_l_indicateur", "Intitulé original", "Pour les spécialistes"),
    official("intitule_usager_de_l_indicateur", "Intitulé usager", "Pour les usagers"),
    official("type_d_indicateur", "Type d'indicateur", "performance ou satisfaction"),
    official("sources_et_methodes", "Sources et méthodes", "D'où il vient, comment il est fait"),
    official("type_d_unite", "Type d'unité", "part, solde, moyenne, répartition ou nombre"),
    official("unite", "Unité", "percent, point, day…"),
    ours("code_sp_de_l_indicateur", "Code SP+ de l'indicateur", "Le même que dans les résultats"),
    ours("version", "Version", "Une autre définition est une autre version", "integer"),
    ours("code_reseau", "Code du réseau", "Le même que dans les résultats"),
    ours("compteurs", "Compteurs", "Ce que comptent ses nombres, dans l'ordre, séparés par |"),
    ours("nature", "Nature", "census (exhaustif) ou sample (échantillon)"),
    ours("sens", "Sens", "Ce qui est bien : higher (haut), lower (bas), none (ni l'un ni l'autre)"),
    ours("cible", "Cible", "Dans l'unité de l'indicateur", "number"),
    ours("marge_de_pertinence", "Marge", "Un écart moindre n'est pas net", "number"),
    ours("nombre_minimal_de_cas", "Nombre minimal", "Au-dessous, les cas sont groupés", "integer"),
    ours("bornes", "Bornes", "D'une répartition : bornes hautes des tranches, séparées par |"),
    ours("borne_de_reference", "Borne de référence", "Celle dont la part est publiée", "number"),
    ours("s_additionne", "S'additionne", "Faux : compte pour son seul lieu", "boolean"),
    ours("frequence", "Fréquence", "En mots"),
    ours("maille_niveau", "Maille : niveau", "Ce que le réseau compte : site, departement…"),
    ours("maille_periode", "Maille : période", "day, week, month, quarter ou year"),
    ours("maille_coupes", "Maille : coupes", "Séparées par |"),
    ours("niveau_de_publication", "Niveau de publication", "Celui de la maille ou au-dessus"),
    ours("premiere_periode", "Première période", "Début de cette maille"),
    ours("maille_finie_le", "Maille finie le", "Dernier jour, vide si elle est en cours", "date"),
)

RESULTS = (
    official("code_sp_du_resultat", "Code SP+ du résultat", "Stable d'une édition à l'autre"),
    official("intitule_du_reseau", "Intitulé du réseau", "Réseau qui publie"),
    official("typologie", "Typologie", "Type de lieu, pour une structure"),
    official("intitule_de_la_structure", "Intitulé de la structure", "Vide pour un territoire"),
    official("code_sp_structure", "Code SP+ structure", "Vide pour un territoire"),
    official(
        "code_postal_ville_de_la_structure",
        "Code postal / Ville de la structure",
        "Par exemple 69000 / Lyon",
    ),
    official("code_sp_de_l_indicateur", "Code SP+ de l'indicateur", "Voir indicateurs"),
    official(
        "titre_original_de_l_indicateur", "Titre original de l'indicateur", "Voir indicateurs"
    ),
    official("valeur", "Valeur", "Arrondie une fois ; vide quand il n'y en a pas", "number"),
    official("frequence", "Fréquence", "De la période : jour, semaine, mois, trimestre, année"),
    official("date_de_mise_a_jour", "Date de mise à jour", "Jour de l'édition", "date"),
    ours("code_reseau", "Code du réseau", "Le même que dans les fichiers de l'édition"),
    ours("version", "Version de l'indicateur", "Voir indicateurs", "integer"),
    ours("niveau", "Niveau", "structure, pool (regroupement), departement, region ou nation"),
    ours("lieu", "Lieu", "Code de la structure, du regroupement ou du territoire"),
    ours("periode", "Période", "2026-01, 2026-Q1, 2026, 2026-W05, 2026-W…"),
    ours("coupe", "Coupe", "Vide : toutes ensemble"),
    ours("etat", "État", "published, missing (rien reçu), no_whole (aucun cas) ou declared"),
    ours("annee_en_cours", "Année en cours", "L'année n'est pas finie", "boolean"),
    ours("compteurs", "Compteurs", "Entiers dans l'ordre de la définition, séparés par |"),
    ours("borne_basse", "Borne basse", "Intervalle à 95 %, d'un échantillon", "number"),
    ours("borne_haute", "Borne haute", "Intervalle à 95 %, d'un échantillon", "number"),
    ours("attendus", "Attendus", "Relevés attendus", "integer"),
    ours("recus", "Reçus", "Relevés reçus", "integer"),
    ours(
        "cible",
        "Cible",
        "met (atteinte), not_met (pas atteinte), vide (l'indicateur n'en a pas). D'une valeur "
        "déclarée, celle que fixe sa source pour ce lieu : met, not_met, not_yet (pas encore, "
        "la période visée finit plus tard) ou not_applicable (sa source n'en fixe pas)",
    ),
    ours("valeur_reste_departement", "Reste du département", "Sans ce lieu", "number"),
    ours("ecart_departement", "Écart au département", "Valeur moins le reste", "number"),
    ours("comparaison_departement", "Comparaison au département", "En code : voir la méthode"),
    ours("valeur_reste_pays", "Reste du pays", "Sans ce lieu", "number"),
    ours("ecart_pays", "Écart au pays", "Valeur moins le reste", "number"),
    ours("comparaison_pays", "Comparaison au pays", "better, worse, no_clear_difference…"),
    ours("evolution_periode", "Évolution", "Depuis la période d'avant", "number"),
    ours("sens_evolution_periode", "Sens de l'évolution", "improved, worsened, no_clear_change…"),
    ours("evolution_annee", "Évolution sur un an", "Depuis un an avant", "number"),
    ours("sens_evolution_annee", "Sens sur un an", "improved, worsened, no_clear_change…"),
    ours("edition", "Édition", "Nom de l'édition"),
    ours("part", "Part", "Fichier de l'édition où est la ligne"),
    ours("empreinte_des_lignes", "Empreinte", "SHA-256 des lignes de cette part"),
    ours("source_declaree", "Source déclarée", "D'une valeur déclarée par le réseau"),
    ours(
        "cible_declaree",
        "Cible déclarée",
        "D'une valeur déclarée : ce que vise sa source pour ce lieu ; vide si elle n'en dit rien",
        "number",
    ),
    ours("cible_declaree_pour", "Cible déclarée pour", "Période visée, comme 2026-12"),
    ours(
        "demonstration",
        "Démonstration",
        "Chiffre inventé ; une valeur déclarée, reprise de sa source, ne l'est jamais",
        "boolean",
    ),
)

RELEASES = (
    ours("edition", "Édition", "Nom, qui est aussi dans les adresses"),
    ours("publiee_le", "Publiée le", "Date et heure", "datetime"),
    ours("arretee_le", "Arrêtée le", "Jour de l'arbre et des territoires", "date"),
    ours("jusqu_au", "Jusqu'au", "Dernier jour couvert", "date"),
    ours("en_vigueur", "En vigueur", "L'édition que montrent les pages", "boolean"),
    ours("empreinte", "Empreinte", "SHA-256 des empreintes de ses parts"),
    ours("lignes", "Lignes", "Lignes publiées", "integer"),
    ours(
        "corrections",
        "Chiffres corrigés",
        "Depuis la précédente, sans ce que des lieux déplacés ou regroupés autrement font changer",
        "integer",
    ),
    ours(
        "lignes_differentes",
        "Lignes différentes",
        "Lignes de corrections.csv : tout ce qui diffère de la précédente",
        "integer",
    ),
    ours("edition_precedente", "Édition précédente", "Vide pour la première"),
    ours("note", "Note", "De qui publie, sur une correction"),
    ours("adresse_archive", "Archive", "L'édition entière, en ZIP"),
    ours("demonstration", "Démonstration", "Ses chiffres calculés sont inventés", "boolean"),
)
