"""What measurement adds to the menus and to a structure's page."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry, PageAction
from guichet.directory.menu import follows_structures
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of


def reads_figures(user: object, structure: Structure) -> bool:
    return structure.network_id is not None and powers_of(user).may_read(structure)


ENTRIES = (
    MenuEntry("agents", "Chiffres envoyés", "batches", 32, follows_structures),
    MenuEntry("agents", "Indicateurs", "indicators", 34, follows_structures),
)
NETWORK_BATCHES = PageAction(
    page="network",
    label="Chiffres envoyés",
    address=lambda network: f"/agents/reseaux/{network.code}/lots/",
    shown_to=lambda user, network: True,
    icon="chart",
)
OWN_FIGURES = PageAction(
    page="agent_structure",
    label="Voir ses chiffres",
    address=lambda structure: f"/agents/structures/{structure.code}/chiffres/",
    shown_to=reads_figures,
    icon="chart",
    rank=12,
)
