"""Structures to choose from when one is moved or merged: those searched, else likely ones.

Owns the proposals; refuses to judge whether the choice is allowed (the actions do).
"""

from __future__ import annotations

from guichet.directory.agent_lists import ListWish, matching
from guichet.directory.models import Level, Structure
from guichet.directory.models.structures import StructureQuerySet

MOST_PROPOSALS = 20


def proposals_to_absorb(structure: Structure, text: str) -> list[Structure]:
    """What `structure` may be merged into: searched, else of its kind in its commune."""
    others = open_others(structure)
    if not text.strip():
        others = others.filter(kind=structure.kind_id, commune=structure.commune_id)
    return listed(matching(others, ListWish(text=text)))


def proposals_of_parent(structure: Structure, text: str) -> list[Structure]:
    """What `structure` may hang under: searched, else the heads of its network."""
    others = open_others(structure).exclude(path__descendants=structure.path)
    if not text.strip():
        others = others.filter(network=structure.network_id).exclude(level=Level.SITE)
    return listed(matching(others, ListWish(text=text)))


def open_others(structure: Structure) -> StructureQuerySet:
    return Structure.objects.open_ones().exclude(pk=structure.pk)


def listed(found: StructureQuerySet) -> list[Structure]:
    keys = list(found.values_list("pk", flat=True)[:MOST_PROPOSALS])
    fetched = Structure.objects.select_related("kind", "commune").in_bulk(keys)
    return [fetched[key] for key in keys]
