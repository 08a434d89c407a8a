"""Create, close, reopen, move, merge and split structures by hand.

Owns the tree; refuses a loop, and never deletes: an old address leads to what replaced it.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import folded
from guichet.directory.importing import recompute_paths
from guichet.directory.models import Membership, Structure, StructureKind
from guichet.territories.models import Commune


@transaction.atomic
def create_structure(
    *,
    name: str,
    kind: StructureKind,
    commune: Commune | None,
    by: User,
    parent: Structure | None = None,
    **values: Any,
) -> Structure:
    """A structure that no source knows. Without a position it stands at its commune."""
    structure = Structure(
        code=f"manuel-{secrets.token_hex(6)}",
        name=name.strip(),
        kind=kind,
        network=parent.network if parent else kind.network,
        level=values.pop("level", kind.level),
        parent=parent,
        commune=commune,
        source="manual",
        checked_on=timezone.localdate(),
        **values,
    )
    if structure.latitude is None and commune is not None:
        structure.latitude, structure.longitude = commune.latitude, commune.longitude
        structure.position_source = "commune"
    elif structure.latitude is not None:
        structure.position_source = "correction"
    structure.search_name = folded(f"{structure.name} {structure.acronym}".strip())
    structure.path = "0"
    structure.save()
    structure.path = f"{parent.path}.{structure.pk}" if parent else str(structure.pk)
    structure.save(update_fields=["path"])
    record(
        by=by,
        action="structure.created",
        subject=structure,
        scope=structure.scope,
        after={"name": structure.name, "kind": kind.pk, "parent": parent.code if parent else None},
    )
    return structure


@transaction.atomic
def move_structure(*, structure: Structure, parent: Structure | None, by: User) -> None:
    """Hang a structure, with all that is under it, under another parent."""
    if parent is not None:
        under = f"{parent.path}.".startswith(f"{structure.path}.")
        if under:
            raise RuleViolation(
                f"« {parent} » dépend déjà de « {structure} » : choisissez un autre parent."
            )
    before = structure.parent.code if structure.parent else None
    structure.parent = parent
    structure.save(update_fields=["parent"])
    recompute_paths()
    structure.refresh_from_db()
    record(
        by=by,
        action="structure.moved",
        subject=structure,
        scope=structure.scope,
        before={"parent": before},
        after={"parent": parent.code if parent else None},
    )


@transaction.atomic
def merge_structures(*, kept: Structure, absorbed: Structure, by: User) -> None:
    """Close `absorbed` into `kept`: its address redirects, its children and roles follow."""
    if kept.pk == absorbed.pk:
        raise RuleViolation("Choisissez deux structures différentes.")
    if kept.merged_into_id is not None:
        raise RuleViolation(f"« {kept} » a elle-même été fusionnée : choisissez sa remplaçante.")
    if str(kept.path).startswith(f"{absorbed.path}."):
        raise RuleViolation(f"« {kept} » dépend de « {absorbed} » : déplacez-la d'abord.")
    absorbed.children.update(parent=kept)
    absorbed.merged_ones.update(merged_into=kept)
    held = set(
        Membership.objects.current().filter(structure=kept).values_list("user_id", "role")
    )
    for membership in Membership.objects.current().filter(structure=absorbed):
        if (membership.user_id, membership.role) in held:
            membership.ended_at = timezone.now()
        else:
            membership.structure = kept
        membership.save(update_fields=["ended_at", "structure"])
    absorbed.merged_into = kept
    absorbed.closed_on = timezone.localdate()
    absorbed.closed_reason = f"fusionnée avec {kept.name}"[:250]
    absorbed.save(update_fields=["merged_into", "closed_on", "closed_reason"])
    recompute_paths()
    record(
        by=by,
        action="structure.merged",
        subject=absorbed,
        scope=absorbed.scope,
        after={"merged_into": kept.code},
    )


@transaction.atomic
def split_structure(
    *, structure: Structure, names: list[str], by: User, close_original: bool = False
) -> list[Structure]:
    """Make new structures of the same kind and place, children of the same parent.

    The original stays with its address, unless closed; then its page names the new ones.
    """
    wanted = [name.strip() for name in names if name.strip()]
    if not wanted:
        raise RuleViolation("Donnez le nom d'au moins une nouvelle structure.")
    made = [
        create_structure(
            name=name,
            kind=structure.kind,
            commune=structure.commune,
            parent=structure.parent,
            by=by,
            level=structure.level,
            address_lines=structure.address_lines,
            postal_code=structure.postal_code,
            town=structure.town,
            latitude=structure.latitude,
            longitude=structure.longitude,
        )
        for name in wanted
    ]
    if close_original:
        close_structure(
            structure=structure,
            by=by,
            reason=f"remplacée par {', '.join(wanted)}",
        )
    record(
        by=by,
        action="structure.split",
        subject=structure,
        scope=structure.scope,
        after={"into": [new.code for new in made], "closed": close_original},
    )
    return made


@transaction.atomic
def close_structure(*, structure: Structure, by: User, reason: str) -> None:
    """Closed for good; re-imports do not reopen it."""
    if structure.closed_on is not None:
        raise RuleViolation("Cette structure est déjà fermée.")
    structure.closed_on = timezone.localdate()
    structure.closed_reason = reason.strip()[:250] or "fermée par l'équipe"
    structure.save(update_fields=["closed_on", "closed_reason"])
    record(
        by=by,
        action="structure.closed",
        subject=structure,
        scope=structure.scope,
        after={"reason": structure.closed_reason},
    )


@transaction.atomic
def reopen_structure(*, structure: Structure, by: User) -> None:
    """Undo a closing or a merge."""
    before = {
        "reason": structure.closed_reason,
        "merged_into": structure.merged_into.code if structure.merged_into else None,
    }
    structure.closed_on, structure.closed_reason, structure.merged_into = None, "", None
    structure.save(update_fields=["closed_on", "closed_reason", "merged_into"])
    record(
        by=by,
        action="structure.reopened",
        subject=structure,
        scope=structure.scope,
        before=before,
    )
