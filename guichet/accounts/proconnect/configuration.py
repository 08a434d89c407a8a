"""Where the provider is and how we speak to it. Read when first needed, never at start.

Owns the discovery (OpenID Connect Discovery 1.0, section 4) and its hour of cache; refuses a
document that speaks for another issuer.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache

TIMEOUT_SECONDS = 10
KEPT_FOR_SECONDS = 3600


class ProviderUnavailable(Exception):
    """The provider cannot be reached, or does not describe itself as it should."""


@dataclass(frozen=True)
class Endpoints:
    """The provider's addresses, under the names of the discovery document."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""


def is_configured() -> bool:
    return bool(settings.PROCONNECT_ISSUER)


def endpoints() -> Endpoints:
    """Those given in the settings; the rest from the provider itself.

    `ProviderUnavailable` when it does not answer.
    """
    given = {name: url for name, url in settings.PROCONNECT_ENDPOINTS.items() if url}
    needed = {field.name for field in fields(Endpoints)} - {"end_session_endpoint"}
    if needed <= given.keys():
        return Endpoints(**given)
    return Endpoints(**{**discovered(settings.PROCONNECT_ISSUER), **given})


def discovered(issuer: str) -> dict[str, str]:
    key = f"proconnect:{issuer}"
    known: dict[str, str] | None = cache.get(key)
    if known is None:
        known = asdict(read_discovery(issuer))
        cache.set(key, known, KEPT_FOR_SECONDS)
    return known


def read_discovery(issuer: str) -> Endpoints:
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        response = requests.get(address, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        document = response.json()
    except (requests.RequestException, json.JSONDecodeError) as error:
        raise ProviderUnavailable(f"no discovery document at {address}") from error
    if not isinstance(document, dict) or document.get("issuer") != issuer:
        raise ProviderUnavailable(f"{address} does not speak for {issuer}")
    try:
        return Endpoints(
            **{
                field.name: document[field.name]
                for field in fields(Endpoints)
                if field.name in document
            }
        )
    except TypeError as error:
        raise ProviderUnavailable(f"{address} lacks an endpoint") from error


def library_setting(name: str, *default: Any) -> Any:
    """mozilla-django-oidc's settings, answered from ours; the others from Django's."""
    if name in LIBRARY_ENDPOINTS:
        return getattr(endpoints(), LIBRARY_ENDPOINTS[name])
    ours = {
        "OIDC_RP_CLIENT_ID": settings.PROCONNECT_CLIENT_ID,
        "OIDC_RP_CLIENT_SECRET": settings.PROCONNECT_CLIENT_SECRET,
        "OIDC_RP_SCOPES": settings.PROCONNECT_SCOPES,
        "OIDC_USE_PKCE": settings.PROCONNECT_PKCE,
        "OIDC_STATE_SIZE": 43,
        "OIDC_NONCE_SIZE": 43,
        "OIDC_TIMEOUT": TIMEOUT_SECONDS,
        "OIDC_STORE_ID_TOKEN": True,
        "OIDC_AUTH_REQUEST_EXTRA_PARAMS": {"claims": json.dumps(requested_claims())},
    }
    if name in ours:
        return ours[name]
    return getattr(settings, name, *default)


LIBRARY_ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}


def requested_claims() -> dict[str, Any]:
    """How the person proved who they are (`amr`) and, if required, how surely (`acr`).

    ProConnect refuses `acr_values` and any parameter that it does not know: levels are asked
    for in `claims`.
    """
    wanted: dict[str, Any] = {"amr": None}
    if settings.PROCONNECT_ACR:
        wanted["acr"] = {"essential": True, "values": settings.PROCONNECT_ACR}
    return {"id_token": wanted}
