"""The agents' menu: what each person finds depends on their roles."""

from __future__ import annotations

from guichet.core.extensions import MenuEntry
from guichet.directory.audit_pages import reads_history
from guichet.directory.permissions import CAN_RESPOND, powers_of


def follows_structures(user: object) -> bool:
    return powers_of(user).has_any


def settles_reports(user: object) -> bool:
    powers = powers_of(user)
    responds = any(role in CAN_RESPOND for role, _ in powers.structure_roles)
    return responds or bool(powers.networks) or powers.is_administrator


def is_of_the_team(user: object) -> bool:
    return bool(powers_of(user).programme)


def leads_networks(user: object) -> bool:
    powers = powers_of(user)
    return bool(powers.networks) or powers.is_administrator


def administers(user: object) -> bool:
    return powers_of(user).is_administrator


ENTRIES = (
    MenuEntry("agents", "Structures", "agent_structures", 10, follows_structures),
    MenuEntry("agents", "Erreurs signalées", "agent_reports", 20, settles_reports),
    MenuEntry("agents", "Programme", "programme", 25, is_of_the_team),
    MenuEntry("agents", "Mes réseaux", "networks", 30, leads_networks),
    MenuEntry("agents", "Historique", "audit", 40, reads_history),
    MenuEntry("agents", "Personnes", "people", 50, administers),
)
