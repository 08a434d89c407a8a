"""What orientation adds to the menus."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry, PageAction
from guichet.directory.menu import follows_structures, is_of_the_team
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of


def reads_misroutings(user: object) -> bool:
    powers = powers_of(user)
    return bool(powers.programme or powers.networks)


def sends_from(user: object, structure: Structure) -> bool:
    return powers_of(user).may_respond(structure) and not structure.is_closed


ENTRIES = (
    MenuEntry("main", "Quel service pour ma démarche ?", "orientation", 20),
    MenuEntry("footer", "Couverture France services", "coverage", 12),
    MenuEntry("agents", "Fiches d'orientation", "handovers", 15, follows_structures),
    MenuEntry("agents", "Erreurs d'orientation", "misroutings", 36, reads_misroutings),
    MenuEntry("agents", "Standard téléphonique", "desk", 22, follows_structures),
    MenuEntry("agents", "Orientation", "orientation_team", 26, is_of_the_team),
)
SEND_ON = PageAction(
    page="agent_structure",
    label="Orienter quelqu'un",
    address=lambda structure: f"/agents/structures/{structure.code}/orientation/",
    shown_to=sends_from,
    icon="send",
)
