"""Who asks."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from guichet.accounts.models import User


def actor(request: HttpRequest) -> User:
    """The agent of a page whose policy needs a login."""
    return cast(User, request.user)
