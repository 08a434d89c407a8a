"""Accounts closed since a backup are closed again once it is restored.

Owns what is noted of accounts in the log of erasures; refuses to name anybody there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from guichet.accounts.actions import deactivate_user
from guichet.accounts.models import User
from guichet.accounts.noting import ACCOUNT, Act
from guichet.core.erasures import Erasure, Replayer


def accounts_with(keys: Collection[str]) -> Iterator[tuple[str, User]]:
    for person in User.objects.filter(key__in=[key for key in keys if len(key) == 32]):
        yield person.key.hex, person


def redo_account(person: User, acts: Sequence[Erasure]) -> bool:
    if acts[-1].act != Act.CLOSED or not person.is_active:
        return False
    deactivate_user(user=person, by=None)
    return True


def remembered_accounts(since: datetime) -> Iterator[Erasure]:
    closed = User.objects.filter(is_active=False, left_at__gte=since)
    for person in closed.only("key", "left_at"):
        assert person.left_at is not None
        yield Erasure(ACCOUNT, person.key.hex, Act.CLOSED, person.left_at)


REPLAYER = Replayer(
    ACCOUNT, ("compte", "comptes"), accounts_with, redo_account, remembered_accounts
)
