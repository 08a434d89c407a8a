"""Reads about people and their means of signing in. Knows no role: the caller has checked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from guichet.accounts.models import ProviderIdentity, SignIn, User
from guichet.core.text import search_text

KINDS = {
    Authenticator.Type.TOTP.value: "Application d'authentification",
    Authenticator.Type.WEBAUTHN.value: "Clé d'accès",
    Authenticator.Type.RECOVERY_CODES.value: "Codes de secours",
}


@dataclass(frozen=True)
class AuthenticatorLine:
    """A means of signing in beyond the code sent by e-mail."""

    pk: int
    kind: str
    name: str
    added_at: datetime
    last_used_at: datetime | None


def people(text: str = "") -> QuerySet[User]:
    """Everybody whose name, job or address holds each word of `text`, by name, without accents.

    Each row carries `authenticator_count` (recovery codes aside) and `uses_provider`.
    Anonymised people are left out.
    """
    found = User.objects.filter(anonymised_at__isnull=True)
    for word in search_text(text).split():
        found = found.filter(
            Q(full_name__unaccent__icontains=word)
            | Q(job_title__unaccent__icontains=word)
            | Q(email__icontains=word)
        )
    return found.annotate(
        authenticator_count=Count(
            "authenticator",
            filter=~Q(authenticator__type=Authenticator.Type.RECOVERY_CODES),
        ),
        uses_provider=Exists(ProviderIdentity.objects.filter(user=OuterRef("pk"))),
    ).order_by(Lower(Func(F("full_name"), function="unaccent")), "email")


def authenticators_of(user: User) -> list[AuthenticatorLine]:
    """What `reset_authenticators` would erase, oldest first."""
    return [
        AuthenticatorLine(
            pk=authenticator.pk,
            kind=KINDS[authenticator.type],
            name=authenticator_name(authenticator),
            added_at=authenticator.created_at,
            last_used_at=authenticator.last_used_at,
        )
        for authenticator in Authenticator.objects.filter(user=user).order_by("created_at")
    ]


def authenticator_name(authenticator: Authenticator) -> str:
    """The name that its owner gave to a passkey; other kinds have none."""
    if authenticator.type != Authenticator.Type.WEBAUTHN:
        return ""
    return str(authenticator.data.get("name", ""))


def describe_authenticator(authenticator: Authenticator) -> str:
    """« Clé d'accès (téléphone) »."""
    name = authenticator_name(authenticator)
    kind = KINDS[authenticator.type]
    return f"{kind} ({name})" if name else kind


def open_sessions_of(user: User) -> QuerySet[SignIn]:
    """The sessions that give access now, latest first."""
    return SignIn.objects.filter(user=user).select_related("user").still_open()
