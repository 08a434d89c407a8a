"""Who answers for a structure when something must be mended there.

Owns the way up: its managers or those of the nearest structure above, else the leads of its
network, else the administrators.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet.accounts.models import User
from guichet.directory.models import Membership, Role, Structure
from guichet.directory.models.memberships import MembershipQuerySet


@dataclass(frozen=True)
class Answerable:
    """`people` to tell; `why` is what makes them answerable, in French."""

    people: tuple[User, ...]
    why: str


def answerable_for(structure: Structure) -> Answerable:
    """The nearest people who may correct `structure`; nobody only on an empty platform."""
    current = Membership.objects.current().select_related("user")
    above = (
        current.filter(role=Role.MANAGER, structure__path__ancestors=structure.path)
        .select_related("user", "structure")
        .order_by("-structure__path__depth", "user__email")
    )
    managers = list(above)
    if managers:
        nearest = managers[0].structure
        people = [one.user for one in managers if one.structure_id == managers[0].structure_id]
        return Answerable(tuple(people), f"vous gérez « {nearest} »")
    if structure.network_id is not None:
        leads = current.filter(role=Role.LEAD, network=structure.network_id)
        if people := people_of(leads):
            return Answerable(tuple(people), f"vous pilotez le réseau {structure.network}")
    administrators = people_of(current.filter(role=Role.ADMINISTRATOR))
    return Answerable(tuple(administrators), "vous administrez la plateforme")


def people_of(memberships: MembershipQuerySet) -> list[User]:
    return [one.user for one in memberships.order_by("user__email")]
