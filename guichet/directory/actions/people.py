"""Close an account: what `accounts` does, and what only those who know the roles can refuse.

Refuses to leave the programme without an administrator, even when two close each other at once.
"""

from __future__ import annotations

from django.db import transaction

from guichet.accounts.actions import deactivate_user
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Membership, Role


@transaction.atomic
def close_account(*, user: User, by: User) -> None:
    """`RuleViolation` when `by` no longer administers, or when nobody else would."""
    held = Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at__isnull=True)
    list(held.order_by("pk").select_for_update())
    administrators = set(
        Membership.objects.current()
        .filter(role=Role.ADMINISTRATOR)
        .values_list("user_id", flat=True)
    )
    if by.pk not in administrators:
        raise RuleViolation("Vous n'administrez plus la plateforme : rien n'a été changé.")
    if administrators == {user.pk}:
        raise RuleViolation(
            "C'est le dernier administrateur : donnez d'abord ce rôle à quelqu'un d'autre."
        )
    deactivate_user(user=user, by=by)
