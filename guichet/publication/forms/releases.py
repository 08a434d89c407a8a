"""Forms of publication."""

from __future__ import annotations

from datetime import date
from itertools import chain, count

from django import forms
from django.core.exceptions import ValidationError

from guichet.core.errors import RuleViolation
from guichet.core.periods import last_day_of_month
from guichet.publication.actions.releases import EARLIEST, check_name
from guichet.ui.forms import Form


def day_widget() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


LAST_DAY = date(2100, 12, 31)


class ThroughField(forms.DateField):
    """The last day covered: of this century, for periods are counted around it."""

    def clean(self, value: object) -> date | None:
        through: date | None = super().clean(value)
        if through is not None and not EARLIEST <= through <= LAST_DAY:
            raise ValidationError("Écrivez un jour récent, comme 31/12/2026.")
        return through


def name_for(through: date) -> str:
    """« 2026-T1 » at the end of a quarter, « 2026-04 » otherwise."""
    if through.month % 3 == 0 and through == last_day_of_month(through.replace(day=1)):
        return f"{through.year}-T{through.month // 3}"
    return f"{through.year}-{through.month:02}"


def free_name(through: date) -> str:
    """The first one that `check_name` takes: « 2026-04 », then « 2026-04-2 »."""
    name = name_for(through)
    for proposed in chain([name], (f"{name}-{rank}" for rank in count(2))):
        try:
            check_name(proposed)
        except RuleViolation:
            continue
        return proposed
    raise AssertionError("names never end")


class ThroughForm(Form):
    through = ThroughField(label="Dernier jour couvert", widget=day_widget())


class PublishForm(Form):
    """What `ask_release` takes."""

    name = forms.CharField(
        label="Nom de l'édition",
        help_text="Lettres sans accent, chiffres et tirets. Exemple : 2026-T1 ou 2026-04",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label="Note",
        help_text="Publiée avec l'édition : ce qui est corrigé, ce qu'il faut savoir.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    through = ThroughField(label="Dernier jour couvert", widget=forms.HiddenInput)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        try:
            check_name(name)
        except RuleViolation as error:
            raise ValidationError(str(error)) from error
        return name
