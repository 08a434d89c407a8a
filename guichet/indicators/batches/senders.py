"""Who may send a network's figures, for which part of it, and who may read what was sent.

Owns these rights (`docs/permissions.md`); refuses any HTTP. A sender holds one network and one
subtree (`docs/methods/observation.md`, § 4): the lead all of it, a manager the structures managed.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guichet.accounts.models import User
from guichet.directory.models import Membership, Network, Role, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.permissions import CAN_MANAGE, powers_of
from guichet.indicators.models import Batch, BatchWork
from guichet.indicators.models.batches import BatchQuerySet


def leads(user: object, network: Network) -> bool:
    return powers_of(user).leads(network.pk)


def publishes(user: object) -> bool:
    return powers_of(user).has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)


def scopes_of(user: object, network: Network) -> StructureQuerySet:
    """The roots of the subtrees of this network that `user` manages."""
    roots = [path for role, path in powers_of(user).structure_roles if role in CAN_MANAGE]
    keys = [path.rpartition(".")[2] for path in roots]
    return Structure.objects.filter(pk__in=keys, network=network).order_by("name")


def may_send(user: object, network: Network) -> bool:
    return leads(user, network) or scopes_of(user, network).exists()


def may_read_batches(user: object, network: Network) -> bool:
    return publishes(user) or may_send(user, network)


def reads_all(user: object, network: Network) -> bool:
    """True for who may see the figures of the whole network before they are published."""
    return publishes(user) or leads(user, network)


def readable_batches(user: object, network: Network) -> BatchQuerySet:
    """All of them, or those sent for a subtree that `user` manages."""
    batches = Batch.objects.filter(network=network)
    return batches if reads_all(user, network) else batches.filter(sent_within(user, network))


def readable_works(user: object, network: Network) -> QuerySet[BatchWork]:
    works = BatchWork.objects.filter(network=network).select_related("batch")
    return works if reads_all(user, network) else works.filter(sent_within(user, network))


def sent_within(user: object, network: Network) -> Q:
    """Sent for a subtree that `user` manages."""
    condition = Q(pk__in=[])
    for scope in scopes_of(user, network):
        condition |= Q(scope__path__descendants=scope.path)
    return condition


def may_read_batch(user: object, batch: Batch) -> bool:
    return publishes(user) or may_settle_batch(user, batch)


def may_settle_batch(user: object, batch: Batch) -> bool:
    """Confirm or give up."""
    if batch.scope is None:
        return leads(user, batch.network)
    return powers_of(user).may_manage(batch.scope)


def may_withdraw_batch(user: object, batch: Batch) -> bool:
    return publishes(user) or leads(user, batch.network)


def networks_sent(user: object) -> QuerySet[Network]:
    """Those for which `user` may send something."""
    powers = powers_of(user)
    if powers.is_administrator:
        return Network.objects.all()
    roots = [path for role, path in powers.structure_roles if role in CAN_MANAGE]
    keys = [path.rpartition(".")[2] for path in roots]
    return Network.objects.filter(
        Q(pk__in=powers.networks) | Q(structures__in=Structure.objects.filter(pk__in=keys))
    ).distinct()


def networks_read(user: object) -> QuerySet[Network]:
    return Network.objects.all() if publishes(user) else networks_sent(user)


def leads_of(network: Network) -> QuerySet[User]:
    held = Membership.objects.current().filter(network=network, role=Role.LEAD)
    return User.objects.filter(pk__in=held.values("user"))
