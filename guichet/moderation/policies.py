"""The policy of the moderators' pages, known to everybody, hence 403."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from guichet.core.access import Policy
from guichet.directory.models import Role
from guichet.directory.permissions import powers_of
from guichet.directory.policies import Arguments


def moderates(user: object) -> bool:
    return powers_of(user).has_programme_role(Role.MODERATOR, Role.ADMINISTRATOR)


def admit_moderator(request: HttpRequest, arguments: Arguments) -> Arguments:
    if not moderates(request.user):
        raise PermissionDenied("Cette page est réservée à la modération.")
    return arguments


MODERATE = Policy("moderate", "moderator, administrator", admit=admit_moderator)
