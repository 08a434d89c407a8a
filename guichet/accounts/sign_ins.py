"""Sessions as their person sees them: opened, kept, closed.

Owns the twelve hours (absolute: activity does not prolong them) and the list of open sessions;
refuses to authenticate anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest
from django.utils import timezone

from guichet.accounts.devices import device_words
from guichet.accounts.models import SignIn, SignInQuerySet, User

SESSION_KEY = "sign_in"
PROVIDER_METHOD = "provider"
SECOND_FACTORS = {
    "totp": SignIn.Means.TOTP,
    "recovery_codes": SignIn.Means.RECOVERY,
    "webauthn": SignIn.Means.SECURITY_KEY,
}


def open_session(request: HttpRequest, user: User, means: SignIn.Means) -> SignIn:
    """Note the session that has just begun; it ends twelve hours from now whatever happens."""
    sign_in = SignIn.objects.create(
        user=user,
        epoch=user.session_epoch,
        means=means,
        device=device_words(request.META.get("HTTP_USER_AGENT", "")),
    )
    request.session[SESSION_KEY] = sign_in.pk
    request.session.set_expiry(sign_in.opened_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    return sign_in


def means_from(records: Iterable[dict[str, Any]]) -> SignIn.Means:
    """The means of a login, from allauth's records of its steps; the last step decides."""
    means = SignIn.Means.CODE
    for step in records:
        method = step.get("method")
        if method == PROVIDER_METHOD:
            means = SignIn.Means.PROVIDER
        elif method == "mfa" and step.get("passwordless"):
            means = SignIn.Means.PASSKEY
        elif method == "mfa":
            means = SECOND_FACTORS[step["type"]]
        elif method == "code":
            means = SignIn.Means.CODE
    return means


def close_session(request: HttpRequest) -> None:
    """Note that the person closed this session."""
    current(request).filter(ended_at__isnull=True).update(ended_at=timezone.now())


def keep_session(request: HttpRequest, user: User) -> None:
    """Let this session alone survive a new `session_epoch` of its person."""
    update_session_auth_hash(request, user)
    current(request).update(epoch=user.session_epoch)


def current(request: HttpRequest) -> SignInQuerySet:
    """The row of the session that asks: one, or none."""
    return SignIn.objects.filter(pk=request.session.get(SESSION_KEY) or 0)
