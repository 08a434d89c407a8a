"""What the source said of a field that an agent corrected.

Owns the creation of `Correction` rows; refuses to overwrite the first value that was kept.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Correction, Structure


def keep_source_value(structure: Structure, name: str, value: Any, by: User | None) -> None:
    """The first correction of a field keeps what the source said; later ones only its author."""
    correction, is_new = Correction.objects.get_or_create(
        structure=structure, field=name, defaults={"source_value": value, "by": by}
    )
    if not is_new:
        correction.by, correction.at = by, timezone.now()
        correction.save(update_fields=["by", "at"])
