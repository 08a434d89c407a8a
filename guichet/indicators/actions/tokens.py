"""Tokens with which a network's machine sends batches.

Owns `SendingToken`; keeps a digest only: a token is shown once. Refuses a scope outside of the
network, and a token that was revoked.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.directory.permissions import powers_of
from guichet.indicators.models import SendingToken

PREFIX = "guichet_"
"""So that a search for lost secrets finds it."""

SECRET_BYTES = 32


def digest_of(secret: str) -> str:
    """SHA-256: enough for a secret of 256 bits, which nobody guesses."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, network: Network, label: str, by: User, scope: Structure | None = None
) -> tuple[SendingToken, str]:
    """The token, and the secret that will never be shown again."""
    refuse_stranger(by, network)
    if not label.strip():
        raise RuleViolation("Dites à quoi servira ce jeton.")
    if scope is not None and scope.network_id != network.pk:
        raise RuleViolation("Cette structure n'est pas de ce réseau.")
    secret = f"{PREFIX}{secrets.token_urlsafe(SECRET_BYTES)}"
    token = SendingToken.objects.create(
        network=network, scope=scope, label=label.strip(), digest=digest_of(secret), created_by=by
    )
    record_token(token, by, "token.created")
    return token, secret


@transaction.atomic
def revoke_token(*, token: SendingToken, by: User) -> None:
    refuse_stranger(by, token.network)
    stored = SendingToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if stored.revoked_at is None:
        stored.revoked_at = timezone.now()
        stored.save(update_fields=["revoked_at"])
        record_token(stored, by, "token.revoked")


def usable_token(secret: str) -> SendingToken | None:
    """The token of this secret, None when nobody made it or it was revoked."""
    return (
        SendingToken.objects.select_related("network", "scope")
        .filter(digest=digest_of(secret), revoked_at__isnull=True)
        .first()
    )


def note_use(token: SendingToken, what: str) -> None:
    """Every use is kept: when, and for what ("POST batches")."""
    token.last_used_at = timezone.now()
    token.save(update_fields=["last_used_at"])
    record_token(token, None, "token.used", after={"request": what})


def record_token(
    token: SendingToken, by: User | None, action: str, after: dict[str, str] | None = None
) -> None:
    scope = token.scope.scope if token.scope else token.network.scope_label
    record(by=by, action=action, subject=token, scope=scope, after=after)


def refuse_stranger(by: User, network: Network) -> None:
    if not powers_of(by).leads(network.pk):
        raise RuleViolation("Seul un pilote de ce réseau donne et révoque ses jetons.")
