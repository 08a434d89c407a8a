"""The service that the address of the list names: by its code, as links do, or as it is typed.

Owns how it is understood; refuses to choose among several.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet.directory.models import Structure
from guichet.directory.queries import code_known_elsewhere
from guichet.directory.search import search_structures
from guichet.directory.search_reading import SearchWish

MOST_OFFERED = 6


@dataclass(frozen=True)
class PlaceNamed:
    """`structure` when one is meant, else those among which to choose; neither: it is unknown."""

    structure: Structure | None = None
    offered: tuple[Structure, ...] = ()


def place_named(text: str) -> PlaceNamed:
    """ "caf-lille", the number that a source gives to a place, or « caf lille »."""
    if not text:
        return PlaceNamed()
    if found := structure_of_code(text):
        return PlaceNamed(structure=found)
    named = [one.structure for one in search_structures(SearchWish(what=text)).items]
    if len(named) == 1:
        return PlaceNamed(structure=named[0])
    return PlaceNamed(offered=tuple(named[:MOST_OFFERED]))


def structure_of_code(code: str) -> Structure | None:
    """Also of a place that was merged since, or that a source calls so."""
    known = Structure.objects.select_related("merged_into")
    found = known.filter(code=code).first()
    if found is None and (today := code_known_elsewhere(code)):
        found = known.filter(code=today).first()
    return found.merged_into or found if found else None
