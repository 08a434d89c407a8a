"""The services to which a story may be passed on.

Owns which are proposed and in what order; refuses those that already have the story.
"""

from __future__ import annotations

from django.db.models import Q

from guichet.directory.agent_lists import ListWish, matching
from guichet.directory.models import Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.experiences.models import Addressee

MOST_PLACES = 20


def places_to_pass_on(addressee: Addressee, words: str) -> list[tuple[Structure, str]]:
    """Services found by name, town or code, those of the network first; without words, those next
    to the service in its tree. Each with what passing on there means."""
    taken = addressee.experience.addressees.exclude(structure=None).values("structure")
    free = Structure.objects.open_ones().exclude(pk__in=taken).select_related("network", "commune")
    found = matching(free, ListWish(text=words)) if words else near_in_tree(addressee, free)
    return [(one, hint_of(addressee, one)) for one in in_order(addressee, found)]


def near_in_tree(addressee: Addressee, free: StructureQuerySet) -> StructureQuerySet:
    """The parent, the siblings and the children."""
    structure = addressee.structure
    if structure is None:
        return free.none()
    near = Q(parent=structure)
    if structure.parent_id is not None:
        near |= Q(pk=structure.parent_id) | Q(parent=structure.parent_id)
    return free.filter(near)


def in_order(addressee: Addressee, found: StructureQuerySet) -> list[Structure]:
    """The first of them, half of the places kept for other networks."""
    if addressee.network_id is None:
        return list(found.order_by("name", "pk")[:MOST_PLACES])
    own = list(found.filter(network=addressee.network_id).order_by("name", "pk")[:MOST_PLACES])
    others = found.exclude(network=addressee.network_id).order_by("name", "pk")
    rest = list(others[:MOST_PLACES])
    kept = max(MOST_PLACES // 2, MOST_PLACES - len(rest))
    return [*own[:kept], *rest][:MOST_PLACES]


def hint_of(addressee: Addressee, place: Structure) -> str:
    """Where it is, and whether it must accept."""
    where = f"{place.town}. " if place.town else ""
    if addressee.structure is None or (
        addressee.network_id is not None and addressee.network_id == place.network_id
    ):
        return f"{where}Transmis aussitôt."
    network = f"{place.network.name}. " if place.network else ""
    return f"{network}{where}Proposé : ce service accepte, ou renvoie en disant pourquoi."
