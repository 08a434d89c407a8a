"""Give and end roles. Owns `Membership`; refuses to give what one could not do oneself."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Membership, Network, Role, Structure
from guichet.directory.models.memberships import PROGRAMME_ROLES, STRUCTURE_ROLES
from guichet.directory.permissions import powers_of


def may_give(
    by: User, role: str, structure: Structure | None, network: Network | None
) -> bool:
    """Managers give roles in their subtree, leads in their network, administrators anywhere."""
    powers = powers_of(by)
    if powers.is_administrator:
        return True
    if role in STRUCTURE_ROLES and structure is not None:
        return powers.may_manage(structure)
    return role == Role.LEAD and network is not None and network.pk in powers.networks


@transaction.atomic
def invite(
    *,
    email: str,
    role: str,
    by: User,
    structure: Structure | None = None,
    network: Network | None = None,
    full_name: str = "",
) -> Membership:
    """Give a role to the person of this address, known or not, and tell them by mail.

    A person unknown so far gets an account; the code that a first sign-in sends to the address
    proves that it is theirs. `RuleViolation` when `by` may not give it or it is already held.
    """
    refuse_wrong_scope(role, structure, network)
    if not may_give(by, role, structure, network):
        raise RuleViolation("Vous ne pouvez pas donner ce rôle ici.")
    person = User.objects.filter(email__iexact=email.strip()).first()
    is_new = person is None
    if person is None:
        person = User.objects.create_user(email.strip(), full_name=full_name.strip())
    if not person.is_active:
        raise RuleViolation(
            "Ce compte a été fermé : demandez à un administrateur de le rouvrir."
        )
    if Membership.objects.current().filter(
        user=person, role=role, structure=structure, network=network
    ).exists():
        raise RuleViolation(f"{person} a déjà ce rôle ici.")
    membership = Membership.objects.create(
        user=person, role=role, structure=structure, network=network, given_by=by
    )
    record_membership(membership, by, "membership.given", before=None, after={"role": role})
    tell(membership, by, is_new=is_new)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Replace a role by another on the same scope."""
    if not may_give(by, role, membership.structure, membership.network):
        raise RuleViolation("Vous ne pouvez pas donner ce rôle ici.")
    refuse_wrong_scope(role, membership.structure, membership.network)
    if membership.role == role:
        return membership
    before = membership.role
    if Membership.objects.current().filter(
        user=membership.user,
        role=role,
        structure=membership.structure,
        network=membership.network,
    ).exists():
        raise RuleViolation(f"{membership.user} a déjà ce rôle ici.")
    membership.role = role
    membership.save(update_fields=["role"])
    record_membership(
        membership, by, "membership.changed", before={"role": before}, after={"role": role}
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User | None) -> None:
    """End a role now; the last administrator cannot be ended."""
    if membership.ended_at is not None:
        return
    if by is not None and not may_give(
        by, membership.role, membership.structure, membership.network
    ):
        raise RuleViolation("Vous ne pouvez pas retirer ce rôle.")
    if membership.role == Role.ADMINISTRATOR and is_last_administrator(membership):
        raise RuleViolation(
            "C'est le dernier administrateur : donnez d'abord ce rôle à quelqu'un d'autre."
        )
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    record_membership(
        membership, by, "membership.ended", before={"role": membership.role}, after=None
    )


def end_all_memberships(person: User, by: User | None) -> None:
    """What `accounts` calls when a person leaves."""
    for membership in Membership.objects.filter(user=person, ended_at__isnull=True):
        membership.ended_at = timezone.now()
        membership.save(update_fields=["ended_at"])
        record_membership(
            membership, by, "membership.ended", before={"role": membership.role}, after=None
        )


def is_last_administrator(membership: Membership) -> bool:
    others = Membership.objects.current().filter(role=Role.ADMINISTRATOR)
    return not others.exclude(pk=membership.pk).exists()


def refuse_wrong_scope(role: str, structure: Structure | None, network: Network | None) -> None:
    fits = (
        (role in STRUCTURE_ROLES and structure is not None and network is None)
        or (role == Role.LEAD and network is not None and structure is None)
        or (role in PROGRAMME_ROLES and structure is None and network is None)
    )
    if not fits:
        raise RuleViolation("Ce rôle ne se donne pas à cet endroit.")


def record_membership(
    membership: Membership,
    by: User | None,
    action: str,
    *,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
) -> None:
    scope = None
    if membership.structure is not None:
        scope = membership.structure.scope
    elif membership.network is not None:
        scope = membership.network.scope_label
    record(by=by, action=action, subject=membership, scope=scope, before=before, after=after)


def tell(membership: Membership, by: User, *, is_new: bool) -> None:
    content = render_to_string(
        "directory/mail/invitation.txt",
        {
            "membership": membership,
            "by": by,
            "is_new": is_new,
            "institution": settings.INSTITUTION,
            "url": f"{settings.PUBLIC_URL}/agents/",
        },
    )
    send_mail(
        f"{settings.INSTITUTION} : un accès vous est ouvert",
        content,
        settings.DEFAULT_FROM_EMAIL,
        [membership.user.email],
    )
