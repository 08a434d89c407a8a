"""What an administrator fills in about people."""

from __future__ import annotations

from functools import partial
from typing import Any

from guichet.directory.agent_forms.members import InvitationForm, role_field
from guichet.directory.models.memberships import PROGRAMME_ROLES
from guichet.ui.forms import Form

programme_role = partial(role_field, PROGRAMME_ROLES, label="Rôle dans l'équipe du programme")


class TeamInvitationForm(InvitationForm):
    """Invites somebody, known or not, into the programme's team."""

    role = programme_role()


class RoleForm(Form):
    """Chooses among `roles`."""

    role = programme_role()

    def __init__(self, data: Any = None, *, roles: list[str]) -> None:
        super().__init__(data)
        field = self.fields["role"]
        field.choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in field.choices  # type: ignore[attr-defined]
            if value in roles
        ]
