"""From a code given by the provider to one of our people.

The library checks the signature's algorithm, the signature and the nonce. Added here: issuer,
audience, authorised party, dates, level of assurance, a userinfo that must be signed and speak of
the same person (OpenID Connect Core 1.0, sections 3.1.3.7 and 5.3.2). Never makes an account.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from guichet.accounts import actions
from guichet.accounts.models import ProviderIdentity, User
from guichet.accounts.proconnect.configuration import (
    TIMEOUT_SECONDS,
    endpoints,
    is_configured,
    library_setting,
)

logger = logging.getLogger("guichet.accounts")
CLOCK_LEEWAY_SECONDS = 30


class Refusal(Enum):
    """Why a person known to the provider does not come in."""

    NO_ACCOUNT = "no_account"
    OTHER_IDENTITY = "other_identity"


@dataclass(frozen=True)
class Outcome:
    """What the view needs to know besides the user; left on the request as `proconnect`.

    `methods` are how the person proved who they are (RFC 8176).
    """

    refusal: Refusal | None = None
    email: str = ""
    methods: tuple[str, ...] = ()


class ProConnectBackend(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Speaks to the provider only while somebody is signing in: sessions never wait for it."""

    def __init__(self) -> None:
        self.UserModel = User

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        return library_setting(attr, *args)

    def authenticate(self, request: HttpRequest | None, **kwargs: Any) -> User | None:
        if request is None or "nonce" not in kwargs or not is_configured():
            return None
        known = endpoints()
        self.OIDC_OP_TOKEN_ENDPOINT = known.token_endpoint
        self.OIDC_OP_JWKS_ENDPOINT = known.jwks_uri
        self.OIDC_RP_CLIENT_ID = settings.PROCONNECT_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.PROCONNECT_CLIENT_SECRET
        user: User | None = super().authenticate(request, **kwargs)
        return user

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """The claims of an identity token; `SuspiciousOperation` or `PyJWTError` otherwise."""
        claims = self.verified(token, required=("iss", "aud", "sub", "exp", "iat", "nonce"))
        if not constant_time_compare(str(claims["nonce"]), str(kwargs.get("nonce") or "")):
            raise SuspiciousOperation("identity token: wrong nonce")
        if claims.get("azp", settings.PROCONNECT_CLIENT_ID) != settings.PROCONNECT_CLIENT_ID:
            raise SuspiciousOperation("identity token: made for another party")
        if settings.PROCONNECT_ACR and claims.get("acr") not in settings.PROCONNECT_ACR:
            raise SuspiciousOperation("identity token: level of assurance not reached")
        return claims

    def verified(self, token: str, *, required: tuple[str, ...]) -> dict[str, Any]:
        """The claims of a token that the provider signed for us, and that is in date."""
        claims: dict[str, Any] = jwt.decode(
            token,
            self.retrieve_matching_jwk(token),
            algorithms=[settings.PROCONNECT_ALGORITHM],
            issuer=settings.PROCONNECT_ISSUER,
            audience=settings.PROCONNECT_CLIENT_ID,
            leeway=CLOCK_LEEWAY_SECONDS,
            options={"require": list(required)},
        )
        return claims

    def get_userinfo(
        self, access_token: str, id_token: str, payload: dict[str, Any]
    ) -> dict[str, Any]:
        """What the provider says of the person of `payload`, under its signature."""
        response = requests.get(
            endpoints().userinfo_endpoint,
            headers={"Authorization": f"Bearer {access_token}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        if not response.headers.get("Content-Type", "").lower().startswith("application/jwt"):
            raise SuspiciousOperation("userinfo: not signed")
        claims = self.verified(response.text, required=("iss", "aud", "sub"))
        if not constant_time_compare(str(claims["sub"]), str(payload["sub"])):
            raise SuspiciousOperation("userinfo: of somebody else")
        return claims

    def get_or_create_user(
        self, access_token: str, id_token: str, payload: dict[str, Any]
    ) -> User | None:
        claims = self.get_userinfo(access_token, id_token, payload)
        found = person_of(claims)
        if isinstance(found, Refusal):
            self.request.proconnect = Outcome(found, str(claims.get("email", "")))
            return None
        self.request.proconnect = Outcome(methods=tuple(payload.get("amr") or ()))
        return found


def person_of(claims: dict[str, Any]) -> User | Refusal:
    """The active account of the person described by verified `claims`.

    The pinned subject decides; without one, the address, and the subject is pinned. Another
    subject for an account already pinned is refused: the address may have changed hands.
    """
    issuer, subject = settings.PROCONNECT_ISSUER, str(claims["sub"])
    pinned = ProviderIdentity.objects.select_related("user").filter(issuer=issuer, subject=subject)
    if identity := pinned.first():
        return identity.user if identity.user.is_active else Refusal.NO_ACCOUNT
    user = None
    if claims.get("email_verified") is not False:
        user = User.objects.with_email(str(claims.get("email", "")))
    if user is None or not user.is_active:
        return Refusal.NO_ACCOUNT
    if not pinned_to(user, issuer, subject):
        logger.warning("another provider identity refused", extra={"user_id": user.pk})
        return Refusal.OTHER_IDENTITY
    adopt_name(user, claims)
    return user


def pinned_to(user: User, issuer: str, subject: str) -> bool:
    """Pin the identity; False when the person, or the identity, is already tied to another."""
    if ProviderIdentity.objects.filter(user=user).exists():
        return False
    try:
        with transaction.atomic():
            actions.pin_identity(user=user, issuer=issuer, subject=subject)
    except IntegrityError:
        return False
    return True


def adopt_name(user: User, claims: dict[str, Any]) -> None:
    """Take the provider's name for whoever had none yet."""
    name = f"{claims.get('given_name', '')} {claims.get('usual_name', '')}".strip()[:150]
    if name and not user.full_name:
        actions.update_profile(user=user, by=user, full_name=name, job_title=user.job_title)
