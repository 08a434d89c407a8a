"""The tree of structures: who hangs under whom, as paths of primary keys.

Owns the moves made by hand; refuses a loop. One move at a time: they wait for each other.
"""

from __future__ import annotations

from django.db import connection

from guichet.core.errors import RuleViolation
from guichet.directory.models import Structure

LOCK_OF_THE_TREE = 7_246_101


def lock_tree() -> None:
    """Until the end of the transaction nobody else moves anything: two moves could make a loop."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_OF_THE_TREE])


def hang(structure: Structure, parent: Structure | None) -> None:
    """Hang `structure`, with all that is under it, under `parent` (None: at a root).

    `RuleViolation` when the parent depends on it.
    """
    lock_tree()
    structure.refresh_from_db(fields=["path", "parent"])
    if parent is not None:
        parent.refresh_from_db(fields=["path", "parent"])
        if f"{parent.path}.".startswith(f"{structure.path}."):
            raise RuleViolation(
                f"« {parent} » dépend de « {structure} », ou c'est elle-même : choisissez un autre "
                "rattachement."
            )
    structure.parent = parent
    structure.save(update_fields=["parent"])
    new_path = f"{parent.path}.{structure.pk}" if parent else str(structure.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE directory_structure
            SET path = CASE WHEN path = %(old)s::ltree THEN %(new)s::ltree
                            ELSE %(new)s::ltree || subpath(path, nlevel(%(old)s::ltree)) END
            WHERE path <@ %(old)s::ltree
            """,
            {"old": str(structure.path), "new": new_path},
        )
    structure.refresh_from_db(fields=["path"])
