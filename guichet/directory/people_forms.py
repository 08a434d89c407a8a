"""What an administrator fills in about people."""

from __future__ import annotations

from typing import Any

from django import forms

from guichet.directory.models import Role
from guichet.directory.models.memberships import PROGRAMME_ROLES
from guichet.directory.network_forms import InvitationForm
from guichet.ui.forms import Form

ROLE_HINTS = {
    Role.MODERATOR: "Modération : relit ce que le public écrit",
    Role.PUBLISHER: "Publication : publie les résultats et les textes du site",
    Role.ADMINISTRATOR: "Administration : peut tout, et gère les personnes",
}


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Rôle dans l'équipe du programme",
        choices=[(role.value, ROLE_HINTS[role]) for role in PROGRAMME_ROLES],
        widget=forms.RadioSelect,
    )


class TeamInvitationForm(InvitationForm):
    """Invites somebody, known or not, into the programme's team."""

    role = role_field()


class RoleForm(Form):
    """Chooses among `roles`."""

    role = role_field()

    def __init__(self, data: Any = None, *, roles: list[str]) -> None:
        super().__init__(data)
        field = self.fields["role"]
        field.choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in field.choices  # type: ignore[attr-defined]
            if value in roles
        ]
