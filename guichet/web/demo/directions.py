"""Directions above the real sites of one network, so that a level above the site can be seen.

Owns the hanging of real sites under fictional directions of their département; refuses to move a
site that has a parent.
"""

from __future__ import annotations

from django.db import transaction

from guichet.directory.importing import recompute_paths
from guichet.directory.models import Level, Structure

KIND = "caf"
"""The kind whose network publishes by département in the demonstration with real places."""


@transaction.atomic
def hang_real_sites() -> str:
    """Each real site of `KIND` without a parent, under the direction of its département."""
    directions = dict(
        Structure.objects.filter(kind=KIND, level=Level.DEPARTEMENT, is_fictional=True).values_list(
            "commune__departement_id", "pk"
        )
    )
    alone = (
        Structure.objects.receiving_public()
        .filter(kind=KIND, is_fictional=False, parent=None)
        .values_list("pk", "commune__departement_id")
    )
    moved = [
        Structure(pk=pk, parent_id=directions[departement])
        for pk, departement in alone
        if departement in directions
    ]
    if moved:
        Structure.objects.bulk_update(moved, ["parent"], batch_size=500)
        recompute_paths()
    return f"{len(moved)} lieux réels rattachés"
