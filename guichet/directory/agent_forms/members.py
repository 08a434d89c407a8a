"""Who holds which role on a structure."""

from __future__ import annotations

from typing import Any

from django import forms

from guichet.directory.models import Role
from guichet.directory.network_forms import InvitationForm
from guichet.ui.forms import Form

WORDS = {
    Role.READER: "Lecture : voit les pages des agents, ne change rien",
    Role.RESPONDER: "Réponse aux usagers : donne suite à ce que les visiteurs signalent",
    Role.MANAGER: "Gestion : corrige les fiches, invite et retire des personnes",
}


def role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Rôle",
        help_text="Il vaut ici et dans toutes les structures qui en dépendent.",
        choices=[(role.value, words) for role, words in WORDS.items()],
        widget=forms.RadioSelect,
    )


class MemberForm(InvitationForm):
    """Invites somebody, known or not, on a structure."""

    role = role_field()


class MemberRoleForm(Form):
    """Changes the role of a person on a structure."""

    role = role_field()

    def __init__(self, data: Any = None, *, role: str) -> None:
        super().__init__(data, initial={"role": role})
