"""What is noted of accounts in the log of erasures (`core.erasures`)."""

from __future__ import annotations

from enum import StrEnum

from guichet.accounts.models import User
from guichet.core.erasures import note

ACCOUNT = "account"


class Act(StrEnum):
    CLOSED = "closed"
    OPENED_AGAIN = "opened_again"


def note_account(person: User, act: Act) -> None:
    note(ACCOUNT, person.key.hex, act)
