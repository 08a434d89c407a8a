"""What narrows a history."""

from __future__ import annotations

from typing import Any

from django import forms

from guichet.directory.agent_forms.days import day_field
from guichet.directory.audit_pages import HistoryWish, action_choices
from guichet.ui.forms import Form


class HistoryForm(Form):
    """Never refuses the whole: a date that is none is told, and narrows nothing."""

    marks_optional_fields = False

    du = day_field(label="À partir du", required=False)
    au = day_field(label="Jusqu'au", required=False)
    qui = forms.CharField(label="Personne qui a agi", required=False, max_length=100)
    objet = forms.CharField(
        label="Sur quoi", help_text="Un lieu ou une personne", required=False, max_length=100
    )
    action = forms.ChoiceField(label="Action", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices = [("", "Toutes"), *action_choices()]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def wish(self) -> HistoryWish:
        chosen = self.cleaned_data
        return HistoryWish(
            first_day=chosen.get("du"),
            last_day=chosen.get("au"),
            who=chosen.get("qui", ""),
            about=chosen.get("objet", ""),
            action=chosen.get("action", ""),
        )

    @property
    def narrows(self) -> bool:
        return self.wish != HistoryWish()
