"""What a person may do, read from current memberships.

Owns the meaning of each role (the table in `docs/permissions.md`); refuses any HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guichet.accounts.models import User
from guichet.directory.models import Membership, Network, Role, Structure
from guichet.directory.models.structures import StructureQuerySet

CAN_READ = frozenset({Role.READER, Role.RESPONDER, Role.MANAGER})
CAN_RESPOND = frozenset({Role.RESPONDER, Role.MANAGER})
CAN_MANAGE = frozenset({Role.MANAGER})
PROGRAMME_TEAM = frozenset({Role.MODERATOR, Role.PUBLISHER, Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Powers:
    """The current roles of one person, read in one query and asked many times."""

    programme: frozenset[str]
    networks: frozenset[int]
    structure_roles: tuple[tuple[str, str], ...]

    def has_programme_role(self, *roles: str) -> bool:
        return bool(self.programme & set(roles))

    def leads(self, network_id: int | None) -> bool:
        return self.is_administrator or network_id in self.networks

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.programme

    @property
    def has_any(self) -> bool:
        return bool(self.programme or self.networks or self.structure_roles)

    def covers(self, structure: Structure, roles: frozenset[Role]) -> bool:
        """True when one of `roles` is held on the structure or above it, or its network is led."""
        if self.leads(structure.network_id):
            return True
        path = str(structure.path)
        return any(
            role in roles and (path == root or path.startswith(f"{root}."))
            for role, root in self.structure_roles
        )

    def may_read(self, structure: Structure) -> bool:
        return bool(self.programme & PROGRAMME_TEAM) or self.covers(structure, CAN_READ)

    def may_respond(self, structure: Structure) -> bool:
        return self.covers(structure, CAN_RESPOND)

    def may_manage(self, structure: Structure) -> bool:
        return self.covers(structure, CAN_MANAGE)

    def may_administer(self, structure: Structure) -> bool:
        return self.is_administrator


NO_POWERS = Powers(frozenset(), frozenset(), ())


def powers_of(user: object) -> Powers:
    """The powers of `user`; none for a visitor or a person who left."""
    if not isinstance(user, User) or not user.is_active:
        return NO_POWERS
    cached: Powers | None = getattr(user, "_powers", None)
    if cached is None:
        cached = read_powers(user)
        user._powers = cached  # type: ignore[attr-defined]
    return cached


def read_powers(user: User) -> Powers:
    rows = (
        Membership.objects.current()
        .filter(user=user)
        .values_list("role", "network_id", "structure__path")
    )
    programme: set[str] = set()
    networks: set[int] = set()
    structure_roles: list[tuple[str, str]] = []
    for role, network_id, path in rows:
        if path is not None:
            structure_roles.append((role, str(path)))
        elif network_id is not None:
            networks.add(network_id)
        else:
            programme.add(role)
    return Powers(frozenset(programme), frozenset(networks), tuple(structure_roles))


def structures_covered(user: object, roles: frozenset[Role]) -> StructureQuerySet:
    """The structures on which `user` holds one of `roles`, directly, from above or as lead."""
    powers = powers_of(user)
    structures = Structure.objects.all()
    if powers.is_administrator or (roles is CAN_READ and powers.programme & PROGRAMME_TEAM):
        return structures
    condition = Q(network_id__in=powers.networks)
    for role, root in powers.structure_roles:
        if role in roles:
            condition |= Q(path__descendants=root)
    return structures.filter(condition)


def networks_led(user: object) -> list[Network]:
    powers = powers_of(user)
    networks = Network.objects.all()
    return list(networks if powers.is_administrator else networks.filter(pk__in=powers.networks))
