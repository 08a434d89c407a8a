"""How large a file of figures may be, in millions of bytes: what « Mo » means to a reader.

Owns the limit of a page or of the API and the refusal; refuses to read the file.
"""

from __future__ import annotations

from django.conf import settings

from guichet.core.errors import RuleViolation
from guichet.core.words import grouped

MEGABYTE = 1_000_000


class TooLarge(RuleViolation):
    """The file is over the limit of its way in."""


def refuse_over(byte_count: int, most_mb: int) -> None:
    if byte_count > most_mb * MEGABYTE:
        raise TooLarge(
            f"Ce fichier dépasse {grouped(most_mb)} Mo, la limite d'un envoi : envoyez-le en "
            "plusieurs fichiers (par indicateur ou par période), ou au format Parquet."
        )


def largest_uploaded_mb() -> int:
    """What a request may hold, by a page or by the API."""
    return int(settings.LARGEST_REQUEST_BYTES // MEGABYTE)
