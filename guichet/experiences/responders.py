"""Who answers for a service: the nearest people above it, else its network, else the programme.

Owns the way up and its words; refuses to tell anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from guichet.accounts.models import User
from guichet.directory.models import Membership, Network, Role, Structure
from guichet.directory.permissions import CAN_RESPOND, powers_of

PROGRAMME_ROLES = (Role.MODERATOR, Role.ADMINISTRATOR)
"""Those of the programme team who answer where no agent does."""


@dataclass(frozen=True)
class Responder:
    """Who follows the stories of a service: those of `structure`, else the leads of `network`,
    else (both None) the programme team. `words` is a sentence for the public page."""

    structure: Structure | None
    network: Network | None
    people: tuple[User, ...]
    words: str

    @property
    def is_programme(self) -> bool:
        return self.structure is None and self.network is None


class RespondersTable:
    """The current memberships read once, to ask who answers for many services."""

    def __init__(self, memberships: Iterable[Membership]) -> None:
        self.of_structure: dict[str, list[User]] = {}
        self.names: dict[str, Structure] = {}
        self.of_network: dict[int, list[User]] = {}
        self.programme: list[User] = []
        for one in memberships:
            if one.structure is not None:
                path = str(one.structure.path)
                self.of_structure.setdefault(path, []).append(one.user)
                self.names[path] = one.structure
            elif one.network_id is not None:
                self.of_network.setdefault(one.network_id, []).append(one.user)
            else:
                self.programme.append(one.user)

    def of(self, structure: Structure | None) -> Responder:
        """The responder of one service, or of one that is not in the directory."""
        if structure is None:
            return self.of_programme()
        labels = str(structure.path).split(".")
        for depth in range(len(labels), 0, -1):
            path = ".".join(labels[:depth])
            if people := self.of_structure.get(path):
                above = structure if depth == len(labels) else self.names[path]
                return Responder(above, None, without_doubles(people), words_of(structure, above))
        network = structure.network
        if network is not None and (leads := self.of_network.get(network.pk)):
            words = f"Ce récit est suivi par le réseau {network.name}."
            return Responder(None, network, without_doubles(leads), words)
        return self.of_programme()

    def of_programme(self) -> Responder:
        words = "Ce récit est suivi par l'équipe du programme."
        return Responder(None, None, without_doubles(self.programme), words)


def words_of(structure: Structure, above: Structure) -> str:
    if above.pk == structure.pk:
        return f"Ce récit est suivi par « {structure} »."
    return f"Ce récit est suivi par « {above} », dont dépend « {structure} »."


def without_doubles(people: Iterable[User]) -> tuple[User, ...]:
    """Each person once, by address."""
    return tuple(sorted({one.pk: one for one in people}.values(), key=lambda one: one.email))


def responder_of(structure: Structure | None) -> Responder:
    """Who follows the stories of `structure` today, in one query; of a service that is not in the
    directory (None), the programme team."""
    return responders_of([structure]).of(structure)


def responders_of(structures: Iterable[Structure | None]) -> RespondersTable:
    """Who follows the stories of any of `structures`, in one query: ask `of` each."""
    concerned = Q(role__in=PROGRAMME_ROLES)
    for structure in structures:
        concerned |= concerning(structure)
    return RespondersTable(memberships(concerned))


def concerning(structure: Structure | None) -> Q:
    """The memberships on a structure, above it and on its network."""
    if structure is None:
        return Q(pk__in=())
    found = Q(role__in=CAN_RESPOND, structure__path__ancestors=structure.path)
    if structure.network_id is not None:
        found |= Q(role=Role.LEAD, network=structure.network_id)
    return found


def all_responders() -> RespondersTable:
    """Everybody's, for the jobs of the night."""
    roles = Q(role__in=[*CAN_RESPOND, Role.LEAD, *PROGRAMME_ROLES])
    return RespondersTable(memberships(roles))


def memberships(condition: Q) -> Iterable[Membership]:
    current = Membership.objects.current().filter(condition)
    return current.select_related("user", "structure").order_by("pk")


def may_answer(user: object, structure: Structure | None) -> bool:
    """Roles on the service or above it, its lead, administrators; moderators too, of a service
    that nobody but the programme answers for."""
    powers = powers_of(user)
    if structure is None:
        return powers.has_programme_role(*PROGRAMME_ROLES)
    if powers.may_respond(structure):
        return True
    is_moderator = powers.has_programme_role(Role.MODERATOR)
    return is_moderator and responder_of(structure).is_programme


def may_read(user: object, structure: Structure | None) -> bool:
    """Who reads the service's pages; the programme team, of one that is not in the directory."""
    powers = powers_of(user)
    return bool(powers.programme) if structure is None else powers.may_read(structure)


def who_may_answer(structure: Structure | None) -> tuple[User, ...]:
    """Everybody to whom a story awaited there may be given, by address."""
    found = [one.user for one in memberships(concerning(structure))]
    return without_doubles(found) or responder_of(structure).people
