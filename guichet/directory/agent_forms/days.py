"""Days that differ from the usual week."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guichet.core.errors import RuleViolation
from guichet.directory.actions.closures import DifferingDays, refuse_nonsense
from guichet.directory.hours_lines import UnclearLine, read_line
from guichet.directory.models import ReceptionKind
from guichet.ui.forms import Form

SHUT, OPEN = "closed", "open"


def day_field(**options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(widget=widget, **options)


class DaysForm(Form):
    """`days()` is what `announce_days` takes."""

    first_day = day_field(label="Premier jour")
    last_day = day_field(
        label="Dernier jour", help_text="Laissez vide pour un seul jour", required=False
    )
    state = forms.ChoiceField(
        label="Ces jours-là, le lieu est",
        choices=[(SHUT, "fermé"), (OPEN, "ouvert à d'autres horaires")],
        initial=SHUT,
        widget=forms.RadioSelect,
    )
    hours = forms.CharField(
        label="Horaires de ces jours-là",
        help_text="Seulement s'il est ouvert. Exemple : 9h-12h, 14h-16h",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label="Cela concerne",
        choices=[
            ("", "tout l'accueil"),
            *((k.value, f"l'accueil {k.label}") for k in ReceptionKind),
        ],
        required=False,
    )
    reason = forms.CharField(
        label="Motif",
        help_text="Montré au public. Exemples : pont de l'Ascension, travaux, formation",
        max_length=200,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        openings = self.openings() if cleaned.get("state") == OPEN else ()
        if self.errors:
            return cleaned
        self.announced = DifferingDays(
            first_day=cleaned["first_day"],
            last_day=cleaned["last_day"] or cleaned["first_day"],
            openings=openings,
            kind=cleaned["kind"],
            reason=cleaned["reason"],
        )
        try:
            refuse_nonsense(self.announced)
        except RuleViolation as error:
            raise ValidationError(str(error)) from error
        return cleaned

    def openings(self) -> tuple[Any, ...]:
        """The hours typed; adds an error when there are none."""
        try:
            ranges = read_line(self.cleaned_data.get("hours", ""))
        except UnclearLine as error:
            self.add_error("hours", str(error))
            return ()
        if not ranges:
            self.add_error("hours", "Écrivez les horaires, ou choisissez « fermé » au-dessus.")
        if any(one.note or one.kind == ReceptionKind.APPOINTMENT for one in ranges):
            self.add_error("hours", "N'écrivez que les heures, et choisissez l'accueil en dessous.")
        return tuple((one.opens, one.closes) for one in ranges)

    def days(self) -> DifferingDays:
        return self.announced
