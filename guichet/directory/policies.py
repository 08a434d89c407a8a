"""The policies that need roles. Each replaces the code in the URL by the object it names.

What one may not see answers 404, so that its existence does not leak; a page whose existence
everybody knows answers 403.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from guichet.core.access import Policy
from guichet.directory.models import Network, Role, Structure
from guichet.directory.permissions import Powers, powers_of

Arguments = dict[str, Any]


def admit_on_structure(may: Callable[[Powers, Structure], bool]) -> Callable[..., Arguments]:
    def admit(request: HttpRequest, arguments: Arguments) -> Arguments:
        code = arguments.pop("code")
        structure = (
            Structure.objects.select_related("kind", "network", "commune__departement")
            .filter(code=code)
            .first()
        )
        if structure is None or not may(powers_of(request.user), structure):
            raise Http404("Structure inconnue, ou qui ne dépend pas de vous.")
        return {**arguments, "structure": structure}

    return admit


def admit_lead(request: HttpRequest, arguments: Arguments) -> Arguments:
    network = Network.objects.filter(code=arguments.pop("network")).first()
    if network is None or not powers_of(request.user).leads(network.pk):
        raise Http404("Réseau inconnu, ou que vous ne pilotez pas.")
    return {**arguments, "network": network}


def admit_programme(*roles: Role) -> Callable[..., Arguments]:
    def admit(request: HttpRequest, arguments: Arguments) -> Arguments:
        if not powers_of(request.user).has_programme_role(*roles):
            raise PermissionDenied("Cette page est réservée à l'équipe du programme.")
        return arguments

    return admit


def admit_any_lead(request: HttpRequest, arguments: Arguments) -> Arguments:
    powers = powers_of(request.user)
    if not (powers.networks or powers.is_administrator):
        raise PermissionDenied("Cette page est réservée aux pilotes de réseau.")
    return arguments


READ_STRUCTURE = Policy(
    "read_structure",
    "reader, responder or manager of it or above, lead of its network, programme team",
    admit=admit_on_structure(Powers.may_read),
)
RESPOND_STRUCTURE = Policy(
    "respond_structure",
    "responder or manager of it or above, lead of its network, administrator",
    admit=admit_on_structure(Powers.may_respond),
)
MANAGE_STRUCTURE = Policy(
    "manage_structure",
    "manager of it or above, lead of its network, administrator",
    admit=admit_on_structure(Powers.may_manage),
)
ADMINISTER_STRUCTURE = Policy(
    "administer_structure",
    "administrator",
    admit=admit_on_structure(Powers.may_administer),
)
LEAD_NETWORK = Policy("lead_network", "lead of this network, administrator", admit=admit_lead)
LEAD_ANY_NETWORK = Policy(
    "lead_any_network", "lead of a network, administrator", admit=admit_any_lead
)
PROGRAMME = Policy(
    "programme",
    "moderator, publisher or administrator",
    admit=admit_programme(Role.MODERATOR, Role.PUBLISHER, Role.ADMINISTRATOR),
)
PUBLISH = Policy(
    "publish", "publisher, administrator", admit=admit_programme(Role.PUBLISHER, Role.ADMINISTRATOR)
)
ADMINISTER = Policy("administer", "administrator", admit=admit_programme(Role.ADMINISTRATOR))
