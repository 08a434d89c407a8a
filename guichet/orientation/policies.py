"""The policies of orientation's own pages; both pages are known to everybody, hence 403."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from guichet.core.access import Policy
from guichet.directory.permissions import powers_of
from guichet.directory.policies import Arguments


def admit_adviser(request: HttpRequest, arguments: Arguments) -> Arguments:
    if not powers_of(request.user).has_any:
        raise PermissionDenied("Cette page est réservée aux agents qui ont un rôle.")
    return arguments


def admit_reader_of_calls(request: HttpRequest, arguments: Arguments) -> Arguments:
    powers = powers_of(request.user)
    if not (powers.programme or powers.networks):
        raise PermissionDenied(
            "Cette page est réservée à l'équipe du programme et aux pilotes de réseau."
        )
    return arguments


ADVISE = Policy("advise", "any agent with a role", admit=admit_adviser)
READ_CALLS = Policy(
    "read_calls",
    "moderator, publisher or administrator, lead of a network",
    admit=admit_reader_of_calls,
)
READ_MISROUTINGS = Policy(
    "read_misroutings",
    "moderator, publisher or administrator, lead of a network",
    admit=admit_reader_of_calls,
)
