"""An authentication application whose half minute never ends while a code is typed."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.totp.internal import auth

HALF_MINUTE = 59_000_000


def the_only_half_minute() -> Iterator[int]:
    yield HALF_MINUTE


def application_code(secret: str) -> str:
    """What the application of the owner of `secret` shows."""
    return auth.format_hotp_value(auth.hotp_value(secret, HALF_MINUTE))
