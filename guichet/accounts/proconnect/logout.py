"""Ending the session at the provider too (OpenID Connect RP-Initiated Logout 1.0).

The farewell leaves from a page of ours, not from the form's answer: the provider then leads
through the person's own administration, and a form may only lead to sites named in advance.
"""

from __future__ import annotations

import logging
from typing import TypedDict
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string

from guichet.accounts.proconnect.configuration import (
    ProviderUnavailable,
    endpoints,
    is_configured,
)

logger = logging.getLogger("guichet.accounts")
SESSION_KEY = "proconnect_farewell"
KEPT_FOR_SECONDS = 600


class Farewell(TypedDict):
    url: str
    state: str


def is_due(request: HttpRequest) -> bool:
    """True for a session that began at the provider."""
    return is_configured() and "oidc_id_token" in request.session


def prepare(request: HttpRequest) -> Farewell | None:
    """Where to send the browser, computed while the session still knows its identity token."""
    if not is_due(request):
        return None
    try:
        address = endpoints().end_session_endpoint
    except ProviderUnavailable:
        logger.warning("provider logout skipped: provider unavailable")
        return None
    if not address:
        return None
    state = get_random_string(43)
    query = urlencode(
        {
            "id_token_hint": request.session["oidc_id_token"],
            "post_logout_redirect_uri": request.build_absolute_uri(
                reverse("proconnect_logged_out")
            ),
            "state": state,
        }
    )
    return {"url": f"{address}?{query}", "state": state}


def remember(request: HttpRequest, farewell: Farewell | None) -> None:
    """Keep the farewell for the page that comes next, ten minutes at most."""
    if farewell is not None:
        request.session[SESSION_KEY] = farewell
        request.session.set_expiry(KEPT_FOR_SECONDS)


def remembered(request: HttpRequest) -> Farewell | None:
    farewell: Farewell | None = request.session.get(SESSION_KEY)
    return farewell


def is_return_of(request: HttpRequest) -> bool:
    """True when the provider brings back the state that we had sent."""
    farewell = remembered(request)
    state = request.GET.get("state", "")
    return farewell is not None and constant_time_compare(farewell["state"], state)
