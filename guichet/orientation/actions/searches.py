"""What people searched and did not find: the programme team says when it is dealt with.

Owns `settled_at`; nothing goes to the audit, which would keep the words for three years when
`retention` keeps them for ninety days.
"""

from __future__ import annotations

from django.utils import timezone

from guichet.orientation.models import MissedSearch, UnknownWord


def settle(row: MissedSearch | UnknownWord, *, settled: bool = True) -> None:
    """Dealt with, or again to deal with."""
    row.settled_at = (row.settled_at or timezone.now()) if settled else None
    row.save(update_fields=["settled_at"])
