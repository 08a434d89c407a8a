"""What Django and allauth announce, and what is kept of it."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from guichet.accounts import sign_ins
from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.accounts.queries import describe_authenticator


def note_login(request: HttpRequest, user: User, **kwargs: Any) -> None:
    steps = get_authentication_records(request, user)
    sign_ins.open_session(request, user, sign_ins.means_from(steps))


def note_logout(request: HttpRequest | None, user: User | None, **kwargs: Any) -> None:
    if request is not None and user is not None:
        sign_ins.close_session(request)


def note_new_authenticator(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Its first use, on the page that adds it, is a recent proof: recovery codes come next."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)
    after = {"authenticator": describe_authenticator(authenticator)}
    record(by=user, action="authenticator.added", subject=user, after=after)


def note_removed_authenticator(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    before = {"authenticator": describe_authenticator(authenticator)}
    record(by=user, action="authenticator.removed", subject=user, before=before)


def note_new_recovery_codes(user: User, **kwargs: Any) -> None:
    record(by=user, action="recovery_codes.renewed", subject=user)
