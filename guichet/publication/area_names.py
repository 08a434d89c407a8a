"""Départements and régions inside French sentences: « du Nord », « dans l'Ain », « en Bretagne ».

Owns their articles, which no source tells; refuses codes.
"""

from __future__ import annotations

from guichet.core.text import folded

LE = set(
    "Calvados|Cantal|Cher|Doubs|Finistère|Gard|Gers|Jura|Loir-et-Cher|Loiret|Lot|Lot-et-Garonne|"
    "Maine-et-Loire|Morbihan|Nord|Pas-de-Calais|Puy-de-Dôme|Bas-Rhin|Haut-Rhin|Rhône|Tarn|"
    "Tarn-et-Garonne|Var|Vaucluse|Val-de-Marne|Val-d'Oise|Territoire de Belfort|Grand Est|"
    "Centre-Val de Loire".split("|")
)
LES = set(
    "Alpes-de-Haute-Provence|Hautes-Alpes|Alpes-Maritimes|Ardennes|Bouches-du-Rhône|"
    "Côtes-d'Armor|Deux-Sèvres|Landes|Pyrénées-Atlantiques|Hautes-Pyrénées|Pyrénées-Orientales|"
    "Vosges|Yvelines|Hauts-de-Seine|Hauts-de-France|Pays de la Loire|"
    "Terres australes et antarctiques françaises".split("|")
)
BARE = set("Paris|Mayotte|Saint-Pierre-et-Miquelon|Saint-Barthélemy|Saint-Martin".split("|"))
ISLANDS = BARE | {"La Réunion", "Wallis-et-Futuna", "Wallis et Futuna"}
REGIONS_IN_EN = set(
    "Auvergne-Rhône-Alpes|Bourgogne-Franche-Comté|Bretagne|Corse|Île-de-France|Normandie|"
    "Nouvelle-Aquitaine|Occitanie|Provence-Alpes-Côte d'Azur|Guadeloupe|Martinique|Guyane|"
    "Polynésie française|Nouvelle-Calédonie".split("|")
)

EN = set(
    "Charente|Charente-Maritime|Corrèze|Corse-du-Sud|Côte-d'Or|Dordogne|Eure-et-Loir|Gironde|"
    "Haute-Corse|Haute-Savoie|Ille-et-Vilaine|Indre-et-Loire|Isère|Loire-Atlantique|Lozère|"
    "Mayenne|Meurthe-et-Moselle|Moselle|Saône-et-Loire|Savoie|Seine-et-Marne|Seine-Maritime|"
    "Seine-Saint-Denis|Vendée".split("|")
)
"""Départements that are said without an article."""


def plain(name: str) -> str:
    return name.replace("’", "'")


def begins_with_a_vowel(name: str) -> bool:
    return folded(name)[:1] in set("aeiouy") or name.startswith("Hérault")


def with_article(name: str) -> str:
    """« le Nord », « l'Ain », « la Marne », « les Landes », « Paris »."""
    key = plain(name)
    if key in BARE or key.startswith(("La ", "Le ", "Les ", "Wallis")):
        return name
    if key in LES:
        return f"les {name}"
    if begins_with_a_vowel(key):
        return f"l'{name}"
    return f"le {name}" if key in LE else f"la {name}"


def after_de(name: str) -> str:
    """« du Nord », « de l'Ain », « des Landes », « de Paris », « de La Réunion »."""
    named = with_article(name)
    if named.startswith("le "):
        return f"du {named[3:]}"
    if named.startswith("les "):
        return f"des {named[4:]}"
    return f"de {named}"


def inside(name: str) -> str:
    """« dans le Nord », « à Paris », « en Bretagne »."""
    key = plain(name)
    if key == "Île de Clipperton":
        return "à Clipperton"
    if key in ISLANDS:
        return f"à {name}"
    return f"en {name}" if key in REGIONS_IN_EN | EN else f"dans {with_article(name)}"
