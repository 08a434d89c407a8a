"""Forms that anybody may send: two traps tell most robots from persons.

Owns the traps; refuses to lose what a person wrote who falls into one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.tokens import make_token, read_token
from guichet.ui.forms import Form

PURPOSE = "trapped-form"
FASTEST_PERSON = timedelta(seconds=3)
TOKEN_LIVES = timedelta(days=1)


class TrappedForm(Form):
    """Two traps for robots: a field that nobody sees, and a form sent faster than read.

    A person who falls into one reads why, and passes the second time. `about` is what the form is
    of: a token shown for one thing does not pass for another.
    """

    adresse_du_site = forms.CharField(
        label="Ne remplissez pas cette case",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, about: str, initial: Any = None) -> None:
        self.about = about
        super().__init__(data, initial={**(initial or {}), "seen": self.token()})

    def token(self) -> str:
        return make_token(PURPOSE, [self.about, timezone.now().timestamp()])

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("adresse_du_site"):
            self.empty_trap()
            raise ValidationError(
                "Votre message n'est pas encore envoyé : une case cachée, réservée aux robots, "
                "était remplie. Nous l'avons vidée, envoyez à nouveau."
            )
        if not self.errors and not self.was_read():
            raise ValidationError(
                "Ce n'est pas encore envoyé : appuyez une seconde fois sur le bouton."
            )
        return self.cleaned_data

    def was_read(self) -> bool:
        """True when the form was shown by us, for this very thing, long enough ago."""
        try:
            about, shown_at = read_token(
                PURPOSE, self.cleaned_data.get("seen", ""), valid_for=TOKEN_LIVES
            )
        except (RuleViolation, ValueError):
            about, shown_at = "", 0
        if about != self.about:
            self.replace("seen", self.token())
            return False
        elapsed_seconds = timezone.now().timestamp() - shown_at
        return bool(elapsed_seconds >= FASTEST_PERSON.total_seconds())

    def empty_trap(self) -> None:
        self.replace("adresse_du_site", "")

    def replace(self, name: str, value: str) -> None:
        """Show `value` instead of what was sent."""
        shown = dict(self.data.items())
        shown[name] = value
        self.data = shown
