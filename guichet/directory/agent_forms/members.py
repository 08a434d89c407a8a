"""Whom to invite, and to which role: on a structure, on a network, in the programme's team."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms

from guichet.directory.models import Role
from guichet.directory.models.memberships import STRUCTURE_ROLES
from guichet.ui.forms import Form

ROLE_HINTS = {
    Role.READER: "Lecture : voit les pages des agents, ne change rien",
    Role.RESPONDER: "Réponse aux usagers : donne suite à ce que les visiteurs signalent",
    Role.MANAGER: "Gestion : corrige les fiches, invite et retire des personnes",
    Role.MODERATOR: "Modération : relit ce que le public écrit",
    Role.PUBLISHER: "Publication : publie les résultats et les textes du site",
    Role.ADMINISTRATOR: "Administration : peut tout, et gère les personnes",
}


def role_field(roles: Iterable[Role], *, label: str, help_text: str = "") -> forms.ChoiceField:
    """A choice among `roles`, each with what it allows."""
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=[(role.value, ROLE_HINTS[role]) for role in roles],
        widget=forms.RadioSelect,
    )


structure_role = partial(
    role_field,
    STRUCTURE_ROLES,
    label="Rôle",
    help_text="Il vaut ici et dans toutes les structures qui en dépendent.",
)


class InvitationForm(Form):
    """Whom to invite: `invite` takes `cleaned_data`."""

    email = forms.EmailField(
        label="Adresse électronique professionnelle",
        help_text="La personne y recevra l'invitation. Exemple : prenom.nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(
        label="Prénom et nom",
        help_text="Si la personne a déjà un compte, le nom qu'elle a donné est gardé.",
        max_length=150,
        required=False,
    )


class MemberForm(InvitationForm):
    """Invites somebody, known or not, on a structure."""

    role = structure_role()


class MemberRoleForm(Form):
    """Changes the role of a person on a structure."""

    role = structure_role()

    def __init__(self, data: Any = None, *, role: str) -> None:
        super().__init__(data, initial={"role": role})
