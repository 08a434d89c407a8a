"""Names of départements and régions, as people add them to the name of a place.

Owns the reading of « Saint-Denis de la Réunion » and « Vitry (94) »; knows no commune.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from guichet.territories.naming import LINKS, bare_name, search_name
from guichet.territories.reading import read_areas


@cache
def departements_by_name() -> dict[str, tuple[str, ...]]:
    """Codes of départements by the name of a département or région, in search form."""
    regions, departements = read_areas()
    codes: dict[str, tuple[str, ...]] = {}
    for region in regions:
        members = tuple(row.code for row in departements if row.region == region.code)
        codes[bare_name(search_name(region.name))] = members
    for departement in departements:
        codes[bare_name(search_name(departement.name))] = (departement.code,)
    return codes


def departements_named(area: str) -> tuple[str, ...]:
    """Codes of the départements that make up the area of this search form; empty if unknown."""
    return departements_by_name().get(bare_name(area), ())


def area_readings(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ways to read a search form as a place followed by the area that it is in.

    « saint denis de la reunion » gives « saint denis » and (« 974 »): the linking words between
    the two belong to neither.
    """
    words = name.split()
    for cut in range(1, len(words)):
        departements = departements_named(" ".join(words[cut:]))
        if departements:
            place = words[:cut]
            while len(place) > 1 and place[-1] in LINKS:
                place.pop()
            yield " ".join(place), departements
