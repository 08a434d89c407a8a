"""A visitor reports an error; an agent says what was done about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.text import without_controls
from guichet.core.tokens import make_token, read_token
from guichet.directory.models import ErrorReport
from guichet.ui.forms import Form

PURPOSE = "error-report"
FASTEST_PERSON = timedelta(seconds=3)
TOKEN_LIVES = timedelta(days=1)


class ReportForm(Form):
    """Two traps for robots: a field that nobody sees, and a form sent faster than read.

    A person who falls into one reads why, and passes the second time.
    """

    topic = forms.ChoiceField(
        label="Qu'est-ce qui est faux ?",
        choices=ErrorReport.Topic.choices,
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label="Précisez",
        help_text="Dites ce que vous avez constaté, et quand. N'écrivez ni votre nom, ni votre "
        "numéro, ni votre situation : ce n'est pas utile pour corriger la fiche.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Dites en quelques mots ce qui est faux."},
    )
    adresse_du_site = forms.CharField(
        label="Ne remplissez pas cette case",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, code: str) -> None:
        self.code = code
        super().__init__(data, initial={"seen": self.token()})

    def token(self) -> str:
        return make_token(PURPOSE, [self.code, timezone.now().timestamp()])

    def clean_message(self) -> str:
        lines = self.cleaned_data["message"].splitlines()
        message = "\n".join(without_controls(line).rstrip() for line in lines).strip()
        if not message:
            raise ValidationError("Dites en quelques mots ce qui est faux.")
        return message

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("adresse_du_site"):
            self.empty_trap()
            raise ValidationError(
                "Votre message n'est pas encore envoyé : une case cachée, réservée aux robots, "
                "était remplie. Nous l'avons vidée, envoyez à nouveau."
            )
        if not self.errors and not self.was_read():
            raise ValidationError(
                "Votre message n'est pas encore envoyé : relisez-le, puis envoyez-le à nouveau."
            )
        return self.cleaned_data

    def was_read(self) -> bool:
        """True when the form was shown by us, for this place, long enough ago."""
        try:
            code, shown_at = read_token(
                PURPOSE, self.cleaned_data.get("seen", ""), valid_for=TOKEN_LIVES
            )
        except (RuleViolation, ValueError):
            code, shown_at = "", 0
        if code != self.code:
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


class OutcomeForm(Form):
    """What was done of a report."""

    outcome = forms.ChoiceField(
        label="Suite donnée",
        choices=[
            ("Fiche corrigée", "La fiche est corrigée"),
            ("La fiche était juste", "La fiche était déjà juste"),
            ("Sans objet", "Le message ne permet pas de corriger la fiche"),
        ],
        widget=forms.RadioSelect,
    )
    detail = forms.CharField(
        label="Précision", help_text="Pour vos collègues", max_length=250, required=False
    )

    def words(self) -> str:
        outcome, detail = self.cleaned_data["outcome"], self.cleaned_data["detail"]
        return f"{outcome} : {detail}" if detail else str(outcome)
