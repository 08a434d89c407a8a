"""What `/orientation/` takes in its address, read leniently: it may be old, shared or cut."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from guichet.accounts.trapped_forms import TrappedForm
from guichet.core.text import search_text
from guichet.directory.forms import position
from guichet.orientation.answers import Question

PREFERENCES = {"internet": "not_online", "sourd": "hard_of_hearing"}


def question_of(query: QueryDict) -> Question:
    """`q` is the need in words, `besoin` the code of one that was picked; `commune` a place as
    typed, `lieu` the INSEE code of one that was understood."""
    point = position(query)
    return Question(
        text=search_text(query.get("q", "")),
        where=search_text(query.get("commune", "")),
        insee_code=search_text(query.get("lieu", "")),
        need=search_text(query.get("besoin", "")),
        position=(point.latitude, point.longitude) if point else None,
    )


def mailbox_of(email: str) -> str:
    """What several spellings of one address have in common: no « +tag », no dots, no capitals."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{domain}"


class SendForm(TrappedForm):
    """Send the answer to oneself; the address is used once and not kept."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Elle sert à cet envoi seulement. Exemple : nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        domain = email.rpartition("@")[2]
        if "." not in domain or domain.startswith("["):
            raise ValidationError(
                "Écrivez une adresse électronique complète, comme nom@exemple.fr."
            )
        return email
