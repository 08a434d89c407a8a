"""The policies of the pages of stories."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from guichet.core.access import Policy
from guichet.directory.menu import settles_reports
from guichet.directory.policies import Arguments


def admit_who_enters_stories(request: HttpRequest, arguments: Arguments) -> Arguments:
    if not settles_reports(request.user):
        raise PermissionDenied(
            "Cette page est réservée aux agents qui répondent pour une structure ou un réseau."
        )
    return arguments


ENTER_STORIES = Policy(
    "enter_stories",
    "responder or manager of a structure, lead of a network, administrator",
    admit=admit_who_enters_stories,
)
