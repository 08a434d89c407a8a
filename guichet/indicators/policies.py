"""The policies of measurement's own pages: who sends, reads and withdraws batches, who defines.

A network's pages answer 404 to whoever has nothing to do there; a batch, also to a manager whose
subtree it does not lie in, for it holds others' figures.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from guichet.core.access import Policy
from guichet.directory.models import Network, Role
from guichet.directory.permissions import powers_of
from guichet.directory.policies import Arguments
from guichet.indicators.actions.definitions import may_define
from guichet.indicators.batches.senders import (
    may_read_batch,
    may_read_batches,
    may_send,
    may_settle_batch,
    may_withdraw_batch,
    networks_read,
)
from guichet.indicators.models import Batch, Indicator


def admit_on_network(may: Callable[[object, Network], bool]) -> Callable[..., Arguments]:
    def admit(request: HttpRequest, arguments: Arguments) -> Arguments:
        network = Network.objects.filter(code=arguments.pop("network")).first()
        if network is None or not may(request.user, network):
            raise Http404("Réseau inconnu, ou qui ne dépend pas de vous.")
        return {**arguments, "network": network}

    return admit


def admit_on_batch(may: Callable[[object, Batch], bool]) -> Callable[..., Arguments]:
    """Both the network and the batch's address are replaced by the batch."""

    def admit(request: HttpRequest, arguments: Arguments) -> Arguments:
        network, address = arguments.pop("network"), arguments.pop("batch")
        batch = (
            Batch.objects.at(address)
            .select_related("network", "scope", "sender", "token", "withdrawn_by")
            .filter(network__code=network)
            .first()
        )
        if batch is None or not may(request.user, batch):
            raise Http404("Lot inconnu, ou qui ne dépend pas de vous.")
        return {**arguments, "batch": batch}

    return admit


def admit_reader_of_any(request: HttpRequest, arguments: Arguments) -> Arguments:
    if not networks_read(request.user).exists():
        raise PermissionDenied(
            "Cette page est réservée à ceux qui envoient des chiffres et à qui les publie."
        )
    return arguments


def admit_definer(request: HttpRequest, arguments: Arguments) -> Arguments:
    """Who may define some indicator."""
    powers = powers_of(request.user)
    if not (powers.networks or powers.has_programme_role(Role.PUBLISHER, Role.ADMINISTRATOR)):
        raise PermissionDenied(
            "Cette page est réservée aux pilotes de réseau et à qui publie pour le programme."
        )
    return arguments


def admit_on_indicator(request: HttpRequest, arguments: Arguments) -> Arguments:
    code = arguments.pop("indicator")
    indicator = Indicator.objects.select_related("owner").filter(code=code).first()
    if indicator is None or not may_define(request.user, indicator.owner):
        raise Http404("Indicateur inconnu, ou que vous ne définissez pas.")
    return {**arguments, "indicator": indicator}


SEND_BATCHES = Policy(
    "send_batches",
    "manager in the network (for the subtree), its lead, administrator",
    admit=admit_on_network(may_send),
)
READ_BATCHES = Policy(
    "read_batches",
    "who sends for the network, and publishers",
    admit=admit_on_network(may_read_batches),
)
READ_ANY_BATCHES = Policy(
    "read_any_batches",
    "who sends for some network, and publishers",
    admit=admit_reader_of_any,
)
READ_BATCH = Policy(
    "read_batch",
    "manager of the subtree it was sent for, lead of its network, publisher, administrator",
    admit=admit_on_batch(may_read_batch),
)
SETTLE_BATCH = Policy(
    "settle_batch",
    "manager of the subtree it was sent for, lead of its network, administrator",
    admit=admit_on_batch(may_settle_batch),
)
WITHDRAW_BATCH = Policy(
    "withdraw_batch",
    "lead of its network, publisher, administrator",
    admit=admit_on_batch(may_withdraw_batch),
)
DEFINE_ANY = Policy(
    "define_any_indicator", "lead of a network, publisher, administrator", admit=admit_definer
)
DEFINE_INDICATOR = Policy(
    "define_indicator",
    "lead of the network that owns it, administrator; of the programme's own, publisher too",
    admit=admit_on_indicator,
)
