"""Give and end roles. Owns `Membership`; refuses to give what one could not do oneself."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.actions import account_for
from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Membership, Network, Role, Structure
from guichet.directory.models.memberships import PROGRAMME_ROLES, STRUCTURE_ROLES
from guichet.directory.permissions import powers_of


def may_give(by: User, role: str, structure: Structure | None, network: Network | None) -> bool:
    """Managers give roles in their subtree, leads in their network, administrators anywhere."""
    powers = powers_of(by)
    if powers.is_administrator:
        return True
    if role in STRUCTURE_ROLES and structure is not None:
        return powers.may_manage(structure)
    return role == Role.LEAD and network is not None and network.pk in powers.networks


def refuse_giving(
    by: User, role: str, structure: Structure | None, network: Network | None
) -> None:
    refuse_wrong_scope(role, structure, network)
    if not may_give(by, role, structure, network):
        raise RuleViolation("Vous ne pouvez pas donner ce rôle ici.")


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
    proves that it is theirs. `RuleViolation` when `by` may not give it, it is already held, or the
    account was closed.
    """
    refuse_giving(by, role, structure, network)
    scope = scope_of(structure, network)
    is_new = User.objects.with_email(email) is None
    person = account_for(email=email, full_name=full_name.strip(), by=by, scope=scope)
    refuse_held(person, role, structure, network)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=person, role=role, structure=structure, network=network, given_by=by
            )
    except IntegrityError as error:
        raise already_held(person) from error
    record_membership(membership, by, "membership.given", before=None, after={"role": role})
    tell(membership, by, is_new=is_new)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Replace a role by another on the same scope."""
    held = locked(membership)
    refuse_giving(by, role, held.structure, held.network)
    if held.ended_at is not None:
        raise RuleViolation("Ce rôle a déjà été retiré : invitez la personne à nouveau.")
    if held.role == role:
        return held
    if not may_give(by, held.role, held.structure, held.network):
        raise RuleViolation("Vous ne pouvez pas changer ce rôle.")
    refuse_last_administrator(held)
    refuse_held(held.user, role, held.structure, held.network)
    before, held.role = held.role, role
    held.save(update_fields=["role"])
    record_membership(held, by, "membership.changed", before={"role": before}, after={"role": role})
    return held


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> None:
    """End a role now; the last administrator cannot be ended."""
    held = locked(membership)
    if held.ended_at is not None:
        return
    if not may_give(by, held.role, held.structure, held.network):
        raise RuleViolation("Vous ne pouvez pas retirer ce rôle.")
    refuse_last_administrator(held)
    end(held, by)


def end_all_memberships(person: User, by: User | None) -> None:
    """What `accounts` calls when a person leaves."""
    held = Membership.objects.filter(user=person, ended_at__isnull=True)
    for membership in held.select_related("structure", "network"):
        end(membership, by)


def end(membership: Membership, by: User | None) -> None:
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    record_membership(
        membership, by, "membership.ended", before={"role": membership.role}, after=None
    )


def locked(membership: Membership) -> Membership:
    """The row as it stands; all administrators too, so that two cannot both be the last but one."""
    if membership.role == Role.ADMINISTRATOR:
        list(
            Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True)
            .order_by("pk")
            .select_for_update()
        )
    return (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "structure", "network")
        .get(pk=membership.pk)
    )


def refuse_last_administrator(membership: Membership) -> None:
    if membership.role != Role.ADMINISTRATOR:
        return
    others = Membership.objects.current().filter(role=Role.ADMINISTRATOR)
    if not others.exclude(user=membership.user_id).exists():
        raise RuleViolation(
            "C'est le dernier administrateur : donnez d'abord ce rôle à quelqu'un d'autre."
        )


def refuse_held(
    person: User, role: str, structure: Structure | None, network: Network | None
) -> None:
    if Membership.objects.current().filter(
        user=person, role=role, structure=structure, network=network
    ):
        raise already_held(person)


def already_held(person: User) -> RuleViolation:
    return RuleViolation(f"{person} a déjà ce rôle ici.")


def refuse_wrong_scope(role: str, structure: Structure | None, network: Network | None) -> None:
    fits = (
        (role in STRUCTURE_ROLES and structure is not None and network is None)
        or (role == Role.LEAD and network is not None and structure is None)
        or (role in PROGRAMME_ROLES and structure is None and network is None)
    )
    if not fits:
        raise RuleViolation("Ce rôle ne se donne pas à cet endroit.")


def scope_of(structure: Structure | None, network: Network | None) -> str | None:
    """Where the audit event may be read from; None for the whole programme."""
    if structure is not None:
        return structure.scope
    return network.scope_label if network is not None else None


def record_membership(
    membership: Membership,
    by: User | None,
    action: str,
    *,
    before: dict[str, str] | None,
    after: dict[str, str] | None,
) -> None:
    record(
        by=by,
        action=action,
        subject=membership,
        scope=scope_of(membership.structure, membership.network),
        before=in_words(before),
        after=in_words(after),
    )


def in_words(change: dict[str, str] | None) -> dict[str, str] | None:
    """A role by its label; another value as it is."""
    labels = dict(Role.choices)
    return change and {name: str(labels.get(value, value)) for name, value in change.items()}


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
