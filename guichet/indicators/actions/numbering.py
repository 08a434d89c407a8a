"""The one sequence of numbers of batches.

Owns the lock that makes it one; refuses holes only where nothing crashed.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Max

from guichet.indicators.models import Batch

LOCK_OF_NUMBERS = 7_246_104


def next_number() -> int:
    """The number of the next batch, held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_OF_NUMBERS])
    last = Batch.objects.aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
