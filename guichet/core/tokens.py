"""Links that prove something: signed, dated, for one purpose; and seals. Owns no meaning of the
purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.crypto import salted_hmac

from guichet.core.errors import RuleViolation


def make_token(purpose: str, content: Any, *, is_packed: bool = True) -> str:
    """A URL-safe token that carries `content` (JSON) in clear, signed for `purpose`. `is_packed`
    makes it shorter where it can; else what begins alike gives tokens that begin alike."""
    return signing.dumps(content, salt=f"guichet.{purpose}", compress=is_packed)


def read_token(purpose: str, token: str, *, valid_for: timedelta) -> Any:
    """The content; `RuleViolation` when forged, altered, of another purpose or too old."""
    try:
        return signing.loads(token, salt=f"guichet.{purpose}", max_age=valid_for)
    except signing.SignatureExpired as error:
        raise RuleViolation("Ce lien a expiré : demandez-en un nouveau.") from error
    except signing.BadSignature as error:
        raise RuleViolation(
            "Ce lien est incomplet ou n'est pas valable : recopiez-le en entier."
        ) from error


def sealed(purpose: str, text: str) -> str:
    """64 hexadecimal figures that only this installation can compute again from `text`: unlike a
    plain digest, they let nobody find by trial a text that has few possible values."""
    return salted_hmac(f"guichet.{purpose}", text, algorithm="sha256").hexdigest()
