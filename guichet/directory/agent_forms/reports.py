"""A visitor reports an error; an agent says what was done about it."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from guichet.accounts.trapped_forms import TrappedForm
from guichet.core.text import without_controls
from guichet.directory.models import ErrorReport
from guichet.ui.forms import Form


class ReportForm(TrappedForm):
    """What a visitor found wrong on a page."""

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

    def clean_message(self) -> str:
        lines = self.cleaned_data["message"].splitlines()
        message = "\n".join(without_controls(line).rstrip() for line in lines).strip()
        if not message:
            raise ValidationError("Dites en quelques mots ce qui est faux.")
        return message


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
