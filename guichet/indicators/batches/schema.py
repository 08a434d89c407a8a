"""The columns of a file of observations as a Table Schema (specs.frictionlessdata.io).

Owns their words; the rules are those of `checking`. Plain Python.
"""

from __future__ import annotations

from typing import Any

from guichet.indicators.calculations.kinds import HEADERS, Kind
from guichet.indicators.checking.columns import (
    COUNTERS,
    CUT,
    INDICATOR,
    NEEDED_KEY,
    PERIOD,
    STRUCTURE,
    VERSION,
)
from guichet.indicators.checking.numbers import LARGEST, LARGEST_SQUARES

CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]*$"
PERIOD_PATTERN = r"^\d{4}(-(\d{2}(-\d{2})?|W\d{2}|Q[1-4]))?$"
KEY_FIELDS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (INDICATOR, "Indicateur", "Code de l'indicateur.", {"type": "string", "pattern": CODE}),
    (VERSION, "Version", "Numéro de la version de l'indicateur.", {"type": "integer"}),
    (
        STRUCTURE,
        "Structure",
        "Code de la structure, comme dans l'annuaire ; il ne change jamais.",
        {"type": "string", "pattern": CODE},
    ),
    (
        PERIOD,
        "Période",
        "2026-01-31 (jour), 2026-W05 (semaine), 2026-01 (mois), 2026-Q1 (trimestre) ou 2026 "
        "(année), selon ce que le réseau envoie.",
        {"type": "string", "pattern": PERIOD_PATTERN},
    ),
    (
        CUT,
        "Coupe",
        "Code de la coupe ; vide quand l'indicateur n'en a pas. Toutes les coupes d'une structure "
        "et d'une période viennent dans le même fichier.",
        {"type": "string"},
    ),
)
WORDS = {
    "partie": "Nombre de cas qui remplissent la condition, au plus le total.",
    "total": "Nombre de tous les cas.",
    "favorables": "Nombre de cas favorables.",
    "defavorables": "Nombre de cas défavorables ; avec les favorables, au plus le total.",
    "somme": "Somme des valeurs.",
    "somme_carres": "Somme des carrés des valeurs.",
    "effectif": "Nombre de valeurs additionnées.",
    "nombre": "Nombre de cas.",
}


def table_schema() -> dict[str, Any]:
    """The schema of observations: one description for each column, the key, what is needed."""
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": "observations",
        "title": "Observations d'un réseau de services publics",
        "description": (
            "Une ligne par indicateur, structure, période et coupe. Les compteurs d'une ligne sont "
            "ceux de la forme de son indicateur ; les autres cases restent vides. Un compteur "
            "inconnu ne s'écrit pas 0 : la ligne est supprimée."
        ),
        "fields": [*(key_field(*one) for one in KEY_FIELDS), *map(counter_field, COUNTERS)],
        "primaryKey": [INDICATOR, VERSION, STRUCTURE, PERIOD, CUT],
        "missingValues": [""],
    }


def key_field(name: str, title: str, words: str, kind: dict[str, Any]) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": name in NEEDED_KEY}
    if "pattern" in kind:
        constraints["pattern"] = kind["pattern"]
    if kind["type"] == "integer":
        constraints["minimum"] = 1
    return {
        "name": name,
        "title": title,
        "description": words,
        "type": kind["type"],
        "constraints": constraints,
    }


def counter_field(name: str) -> dict[str, Any]:
    largest = LARGEST_SQUARES if name == "somme_carres" else LARGEST
    kinds = [kind.label for kind in Kind if name in HEADERS.get(kind, ())]
    words = WORDS.get(name) or f"Nombre de cas de la {name.replace('_', ' ')}."
    shapes = " ; ".join(kinds or [Kind.DISTRIBUTION.label])
    return {
        "name": name,
        "title": name.replace("_", " ").capitalize(),
        "description": f"{words} Forme : {shapes}.",
        "type": "integer",
        "constraints": {"minimum": 0, "maximum": largest},
    }
