"""Columns of the open table of stories: the official ones first, under their exact titles.

Owns names, titles and words; refuses values. Source: open data of Services Publics +, « Liste des
expériences partagées par les usagers ». Their technical names where they are attested, else the
title in lower case; `heading` is the title. Plain Python.
"""

from __future__ import annotations

import re

from guichet.core.extensions import OpenColumn
from guichet.core.text import folded

OFFICIAL = "Services Publics+"
FEELINGS = "Positif, Neutre ou Négatif"
NEVER = "Vide ici : la plateforme ne le demande pas"
RANKS = (1, 2, 3)


def official(heading: str, description: str, kind: str = "string", name: str = "") -> OpenColumn:
    """`name` is the technical one where it is not made of the title."""
    return OpenColumn(
        name or technical(heading), heading, kind, description, source=OFFICIAL, heading=heading
    )


def ours(heading: str, description: str, kind: str = "string") -> OpenColumn:
    return OpenColumn(technical(heading), heading, kind, description, heading=heading)


def technical(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", folded(heading)).strip("_")


def ranked(heading: str, description: str) -> tuple[OpenColumn, ...]:
    return tuple(official(f"{heading} {rank}", description) for rank in RANKS)


STORY = (
    official("ID expérience", "Numéro du récit, aussi dans son adresse", "integer"),
    official("Etat expérience", "Traitée (au moins une réponse) ou Non traitée"),
    official("Écrit le", "Jour où il a été écrit", "date"),
    official("Date de publication", "Jour de sa publication", "date"),
    official("Date de premiere réponse", "Jour de la première réponse publiée", "date"),
    official("Titre", "Tel que publié"),
    official("Description", "Le récit tel que publié ; les données personnelles sont remplacées"),
    official("Posté comme", "usager, proche ou aidant, professionnel, association…"),
    official("Pseudonyme usager", "Choisi par l'auteur"),
    official("Ressenti usager", FEELINGS),
    official("Intitulé département usager", "Celui que l'auteur a donné"),
    official("Code postal usager", NEVER),
    official("Pays", NEVER),
    official("Démarches saisies par usager", "La démarche dont il s'agit"),
)
SERVICES = (
    *ranked("Intitulé Typologie", "Type du service"),
    *ranked("Canaux Typologie", "Par où il a été contacté, séparés par des virgules"),
    *ranked("Intitulé structure", "Service où la réponse est attendue"),
    *ranked("Statut réponse structure", "Répondue ou En attente"),
    *ranked("Réponse structure", "Réponses publiées et leurs compléments, dans l'ordre"),
    *ranked("Taux de similarité réponse IA structure", "Vide ici : aucune réponse n'est proposée"),
)
REST = (
    official("Accessibilité", FEELINGS),
    official("Information/Explication", FEELINGS),
    official("Relation", FEELINGS),
    official("Réactivité", FEELINGS),
    official("Simplicité/Complexité", FEELINGS),
    official("Tags métiers", NEVER),
    official("Expériences Similaires", "Personnes qui disent avoir vécu la même chose", "integer"),
    official("Amélioration de service à considérer", "Reprise d'une autre plateforme"),
    official("Action", "Ce qu'une réponse a promis en premier"),
    official("Date action engagée", "Jour où le service dit l'avoir fait", "date"),
    official(
        "Évaluation utile réponse structure 1 par visiteurs",
        "Visiteurs qui disent la réponse utile",
        "integer",
    ),
    official("Motif de rejet", "Vide : seuls les récits publiés sont ici"),
)
OURS = (
    *(ours(f"Code structure {rank}", "Code du service, voir structures") for rank in RANKS),
    *(ours(f"Code réseau {rank}", "Code de son réseau") for rank in RANKS),
    *(ours(f"Première réponse structure {rank}", "Jour", "date") for rank in RANKS),
    *(ours(f"Réponse attendue structure {rank}", "Au plus tard ce jour", "date") for rank in RANKS),
    *(ours(f"Signature structure {rank}", "Fonctions, dans le même ordre") for rank in RANKS),
    ours("Ce qui aurait aidé", "D'après l'auteur"),
    ours("Complément de l'auteur", "Ajouté après la publication"),
    ours("Code département usager", "Celui que l'auteur a donné"),
    ours("Code département de lecture", "Le même, sinon celui du premier service"),
    ours("Code de la démarche", "Fiche de service-public.fr"),
    ours("Échéance de l'action", "Au plus tard le jour dit par le service", "date"),
    ours("Avis de l'auteur sur l'action", "kept (tenue), partly (en partie), broken (pas tenue)"),
    ours("Lieu de l'action", "Code du lieu où elle est promise, voir structures"),
    ours("Indicateur de l'action", "Code de celui qui doit la montrer, voir indicateurs"),
    ours("Ce qui a été fait", "D'après le service"),
    ours("Réponse 1 jugée utile par l'auteur", "Vide : il ne l'a pas dit", "boolean"),
    ours("Problème réglé d'après l'auteur", "Vide : il ne l'a pas dit", "boolean"),
    ours("Langue", "Code ISO 639-1, vide quand elle n'est pas sûre"),
    ours("Saisie", "self (par la personne), counter, telephone (par un agent), import (reprise)"),
    ours("ID d'origine", "Numéro sur la plateforme d'où le récit est repris", "integer"),
    ours("Adresse", "Page du récit"),
    ours("Démonstration", "Récit fictif", "boolean"),
)
COLUMNS = (*STORY, *SERVICES, *REST, *OURS)
