"""Where the pages of publication stand in the menus."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry, PageAction
from guichet.directory.models import Level, Network, Role, Structure
from guichet.directory.permissions import powers_of


def publishes(user: object) -> bool:
    return powers_of(user).has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)


def displays_results(user: object, structure: Structure) -> bool:
    return structure.level == Level.SITE and powers_of(user).may_read(structure)


def leads(user: object, network: Network) -> bool:
    return powers_of(user).leads(network.pk)


ENTRIES = (
    MenuEntry("main", "Résultats", "results", 30),
    MenuEntry("footer", "Données ouvertes", "open_data", 45),
    MenuEntry("agents", "Éditions des résultats", "releases", 38, publishes),
)
DISPLAYS = PageAction(
    page="agent_structure",
    label="Afficher ses résultats",
    address=lambda structure: f"/agents/structures/{structure.code}/affichage/",
    shown_to=displays_results,
    icon="print",
    rank=14,
)
POSTERS = PageAction(
    page="network",
    label="Affiches de tous les lieux",
    address=lambda network: f"/agents/reseaux/{network.code}/affiches/",
    shown_to=leads,
    icon="print",
    rank=14,
)
