"""The filters of the misroutings page, read leniently."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from guichet.orientation.handovers.misroutings import (
    MisroutingWish,
    departement_choices,
    kinds_of_networks,
    last_day_of,
    months_before,
)
from guichet.ui.forms import Form


class MisroutingForm(Form):
    """A month or the last twelve, a département or everywhere."""

    marks_optional_fields = False

    mois = forms.ChoiceField(label="Période", required=False)
    departement = forms.ChoiceField(label="Département", required=False)

    def __init__(self, query: QueryDict, *, user: object) -> None:
        super().__init__(query)
        self.months = months_before(timezone.localdate())
        self.departements = departement_choices()
        month, departement = self.fields["mois"], self.fields["departement"]
        assert isinstance(month, forms.ChoiceField)
        assert isinstance(departement, forms.ChoiceField)
        month.choices = [
            ("", "Les 12 derniers mois"),
            *((f"{one:%Y-%m}", date_format(one, "F Y").capitalize()) for one in self.months),
        ]
        departement.choices = [("", "Partout"), *self.departements]
        self.wish = self.read(query, user)

    def read(self, query: QueryDict, user: object) -> MisroutingWish:
        """What makes no sense in the address is left out."""
        first_day, last_day = self.period(query.get("mois", ""))
        code = query.get("departement", "")
        return MisroutingWish(
            first_day=first_day,
            last_day=last_day,
            departement=code if code in dict(self.departements) else "",
            kinds=kinds_of_networks(user),
        )

    def period(self, text: str) -> tuple[date, date]:
        asked = next((one for one in self.months if f"{one:%Y-%m}" == text), None)
        if asked is not None:
            return asked, last_day_of(asked)
        return self.months[-1], last_day_of(self.months[0])
