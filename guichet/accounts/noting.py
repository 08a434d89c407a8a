"""What is noted of accounts in the log of erasures (`core.erasures`)."""

from __future__ import annotations

from enum import StrEnum

from guichet.accounts.models import User
from guichet.core.erasures import note, note_undone

ACCOUNT = "account"


class Act(StrEnum):
    CLOSED = "closed"
    OPENED_AGAIN = "opened_again"


def note_closed(person: User) -> None:
    note(ACCOUNT, person.key.hex, Act.CLOSED)


def note_opened_again(person: User) -> None:
    note_undone(ACCOUNT, person.key.hex, Act.OPENED_AGAIN)
