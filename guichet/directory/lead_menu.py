"""The agents' menu, for those who lead a network, answer for a subtree or administer."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry
from guichet.directory.audit_pages import reads_history
from guichet.directory.permissions import powers_of


def leads_networks(user: object) -> bool:
    powers = powers_of(user)
    return bool(powers.networks) or powers.is_administrator


def administers(user: object) -> bool:
    return powers_of(user).is_administrator


LEAD_ENTRIES = (
    MenuEntry("agents", "Mes réseaux", "networks", 30, leads_networks),
    MenuEntry("agents", "Historique", "audit", 40, reads_history),
    MenuEntry("agents", "Personnes", "people", 50, administers),
)
