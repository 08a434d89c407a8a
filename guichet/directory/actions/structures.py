"""Create, close, reopen, move, merge and split structures by hand.

Owns what replaced what; never deletes: an old address leads to what replaced it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.actions.corrections import search_name
from guichet.directory.actions.memberships import end, record_membership
from guichet.directory.actions.source_values import keep_source_value
from guichet.directory.actions.tree import hang, lock_tree
from guichet.directory.models import Membership, Structure, StructureKind
from guichet.territories.models import Commune

MANUAL = "manual"
LONGEST_NAME = 300
CLOSED_BY_HAND = "fermée par l'équipe du programme"
COPIED_BY_SPLIT = (
    "address_lines",
    "postal_code",
    "town",
    "latitude",
    "longitude",
    "position_source",
    "accessibility",
    "accessibility_note",
)


@dataclass(frozen=True)
class NewStructure:
    """What must be known to create a structure; `values` are other fields of `Structure`."""

    name: str
    kind: StructureKind
    commune: Commune | None = None
    parent: Structure | None = None


@transaction.atomic
def create_structure(*, new: NewStructure, by: User, **values: Any) -> Structure:
    """A structure that no source knows. Without a position it stands at its commune."""
    structure = Structure(
        code=f"manuel-{secrets.token_hex(6)}",
        name=checked_name(new.name),
        kind=new.kind,
        network=new.kind.network or (new.parent.network if new.parent else None),
        level=values.pop("level", new.kind.level),
        commune=new.commune,
        source=MANUAL,
        checked_on=timezone.localdate(),
        path="0",
        **values,
    )
    if structure.latitude is not None:
        structure.position_source = structure.position_source or "correction"
    elif new.commune is not None:
        structure.latitude, structure.longitude = new.commune.latitude, new.commune.longitude
        structure.position_source = "commune"
    structure.search_name = search_name(structure)
    structure.save()
    Structure.objects.filter(pk=structure.pk).update(path=str(structure.pk))
    hang(structure, new.parent)
    record_on(
        structure,
        by,
        "structure.created",
        after={"name": structure.name, "kind": new.kind.label, "parent": name_of(new.parent)},
    )
    return structure


@transaction.atomic
def move_structure(*, structure: Structure, parent: Structure | None, by: User) -> None:
    """Hang a structure, with all that is under it, under another parent; imports leave it there.

    `RuleViolation` when the parent depends on it, is closed, or is its parent already.
    """
    refuse_closed(parent)
    former = structure.parent
    if former == parent:
        raise RuleViolation("C'est déjà son rattachement : choisissez-en un autre.")
    hang(structure, parent)
    keep_source_value(structure, "parent", former.code if former else None, by)
    record_on(
        structure,
        by,
        "structure.moved",
        before={"parent": name_of(former)},
        after={"parent": name_of(parent)},
    )


@transaction.atomic
def merge_structures(*, kept: Structure, absorbed: Structure, by: User) -> None:
    """Close `absorbed` into `kept`: its address redirects, its children and roles follow."""
    lock_tree()
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    if kept.pk == absorbed.pk:
        raise RuleViolation("Choisissez deux structures différentes.")
    if absorbed.merged_into_id is not None:
        raise RuleViolation(f"« {absorbed} » a déjà été fusionnée : rouvrez-la d'abord.")
    refuse_closed(kept)
    if str(kept.path).startswith(f"{absorbed.path}."):
        raise RuleViolation(f"« {kept} » dépend de « {absorbed} » : déplacez-la d'abord.")
    for child in absorbed.children.all():
        hang(child, kept)
    absorbed.merged_ones.update(merged_into=kept)
    hand_roles_over(absorbed, kept, by)
    before = {"closed_on": absorbed.closed_on}
    absorbed.merged_into = kept
    absorbed.closed_on = absorbed.closed_on or timezone.localdate()
    absorbed.closed_reason = f"fusionnée avec {kept.name}"[:250]
    absorbed.save(update_fields=["merged_into", "closed_on", "closed_reason"])
    record_on(absorbed, by, "structure.merged", before=before, after={"merged_into": name_of(kept)})
    record_on(kept, by, "structure.absorbed", after={"absorbed": name_of(absorbed)})


def hand_roles_over(absorbed: Structure, kept: Structure, by: User) -> None:
    """Current roles follow; one that its person already has there ends."""
    held = set(Membership.objects.current().filter(structure=kept).values_list("user_id", "role"))
    following = Membership.objects.filter(structure=absorbed, ended_at__isnull=True)
    for membership in following.select_related("user"):
        if (membership.user_id, membership.role) in held:
            end(membership, by)
        else:
            membership.structure = kept
            membership.save(update_fields=["structure"])
            record_membership(
                membership,
                by,
                "membership.followed",
                before={"structure": name_of(absorbed)},
                after={"structure": name_of(kept)},
            )


@transaction.atomic
def split_structure(
    *, structure: Structure, names: list[str], by: User, close_original: bool = False
) -> list[Structure]:
    """Make new structures of the same kind and place, children of the same parent.

    The original stays with its address, unless closed; then its page names the new ones.
    """
    wanted = [checked_name(name) for name in names if name.strip()]
    if not wanted:
        raise RuleViolation("Donnez le nom d'au moins une nouvelle structure.")
    if len(set(wanted)) < len(wanted):
        raise RuleViolation("Deux des nouvelles structures ont le même nom : distinguez-les.")
    copied = {name: getattr(structure, name) for name in COPIED_BY_SPLIT}
    made = [
        create_structure(
            new=NewStructure(name, structure.kind, structure.commune, structure.parent),
            by=by,
            level=structure.level,
            **copied,
        )
        for name in wanted
    ]
    record_on(structure, by, "structure.split", after={"into": wanted})
    if close_original:
        close_structure(structure=structure, by=by, reason=f"remplacée par {', '.join(wanted)}")
    return made


@transaction.atomic
def close_structure(*, structure: Structure, by: User, reason: str) -> None:
    """Closed for good; re-imports do not reopen it."""
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    if stored.closed_on is not None:
        raise RuleViolation("Cette structure est déjà fermée.")
    stored.closed_on = timezone.localdate()
    stored.closed_reason = " ".join(reason.split())[:250] or CLOSED_BY_HAND
    stored.save(update_fields=["closed_on", "closed_reason"])
    record_on(stored, by, "structure.closed", after={"closed_reason": stored.closed_reason})


@transaction.atomic
def reopen_structure(*, structure: Structure, by: User) -> None:
    """Undo a closing or a merge; the roles and children that a merge moved stay where they are."""
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    if stored.closed_on is None:
        raise RuleViolation("Cette structure est déjà ouverte.")
    before = {
        "closed_on": stored.closed_on,
        "closed_reason": stored.closed_reason,
        "merged_into": name_of(stored.merged_into),
    }
    stored.closed_on, stored.closed_reason, stored.merged_into = None, "", None
    stored.save(update_fields=["closed_on", "closed_reason", "merged_into"])
    record_on(stored, by, "structure.reopened", before=before)


def refuse_closed(structure: Structure | None) -> None:
    if structure is not None and structure.closed_on is not None:
        raise RuleViolation(f"« {structure} » est fermée : choisissez une structure ouverte.")


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise RuleViolation("Donnez un nom à la structure.")
    if len(name) > LONGEST_NAME:
        raise RuleViolation(f"Ce nom est trop long : {LONGEST_NAME} caractères au plus.")
    return name


def name_of(structure: Structure | None) -> str:
    """How the audit names another structure."""
    return f"{structure.name} ({structure.code})" if structure else ""


def record_on(
    structure: Structure,
    by: User,
    action: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        by=by,
        action=action,
        subject=structure,
        scope=structure.scope,
        before=before,
        after=after,
    )
