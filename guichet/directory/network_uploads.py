"""The file of a network between its preview and its confirmation, kept by the server.

Owns its keeping, for two hours; refuses to give it to anybody but who sent it, for its network.
"""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache

from guichet.accounts.models import User
from guichet.directory.models import Network

KEPT_FOR = timedelta(hours=2)


@dataclass(frozen=True)
class KeptFile:
    """`token` names it in addresses."""

    token: str
    name: str
    content: bytes


def keep_file(content: bytes, *, name: str, network: Network, by: User) -> KeptFile:
    token = secrets.token_urlsafe(16)
    row = {"by": by.pk, "network": network.pk, "name": name, "zip": zlib.compress(content)}
    cache.set(cache_key(token), row, KEPT_FOR.total_seconds())
    return KeptFile(token, name, content)


def kept_file(token: str, *, network: Network, by: User) -> KeptFile | None:
    """None when it was applied, when it is too old, or when it is somebody else's."""
    row = cache.get(cache_key(token))
    if row is None or (row["by"], row["network"]) != (by.pk, network.pk):
        return None
    return KeptFile(token, row["name"], zlib.decompress(row["zip"]))


def forget_file(file: KeptFile) -> None:
    cache.delete(cache_key(file.token))


def cache_key(token: str) -> str:
    return f"network-file:{token}"
