"""The week of a structure: a line for each day and each way of being received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from guichet.directory.actions.weekly_hours import Interval, line_name, written_week
from guichet.directory.hours_lines import CLOSED, UnclearLine, read_line
from guichet.directory.models import ReceptionKind, Structure
from guichet.directory.opening_words import WEEKDAYS
from guichet.ui.forms import Form

COPIED_TO = range(1, 5)
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class KindSection:
    """The seven lines of one way of being received; `rows` are names of fields."""

    kind: str
    title: str
    hint: str
    names: str
    is_used: bool


HINTS = {
    ReceptionKind.WALK_IN: "On peut venir sans prévenir.",
    ReceptionKind.APPOINTMENT: "On ne vient que sur rendez-vous à ces heures.",
    ReceptionKind.TELEPHONE: "On répond au téléphone à ces heures.",
}


class WeekForm(Form):
    """Fields `walk_in_0` (Monday, without appointment) to `telephone_6`, and `hours_text`."""

    marks_optional_fields = False

    hours_text = forms.CharField(
        label="Précisions sur les horaires",
        help_text="Ce qu'un tableau ne dit pas. Par exemple : dernière arrivée à 16h30",
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: QueryDict | None = None, *, structure: Structure) -> None:
        initial = {"hours_text": structure.hours_text, **written_week(structure)}
        super().__init__(data, initial=initial)
        for kind in ReceptionKind:
            for weekday, day in enumerate(WEEKDAYS):
                self.fields[line_name(kind, weekday)] = forms.CharField(
                    label=day.capitalize(),
                    required=False,
                    max_length=1000,
                    widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
                )

    def clean(self) -> dict[str, Any]:
        self.intervals: list[Interval] = []
        for kind in ReceptionKind:
            for weekday in range(7):
                self.read(kind, weekday)
        typed = [self.cleaned_data.get(name) for name in self.fields if name != "hours_text"]
        if not self.errors and not any(typed):
            raise ValidationError(
                "Aucun horaire n'est indiqué. Si le lieu ne reçoit personne, écrivez "
                f"« {CLOSED} » à la ligne du lundi."
            )
        return self.cleaned_data

    def read(self, kind: str, weekday: int) -> None:
        name = line_name(kind, weekday)
        try:
            ranges = read_line(self.cleaned_data.get(name, ""), kind)
        except UnclearLine as error:
            self.add_error(name, str(error))
            return
        self.intervals += [
            Interval(weekday, one.opens, one.closes, one.kind, one.note) for one in ranges
        ]

    def sections(self) -> list[KindSection]:
        return [
            KindSection(
                kind=kind.value,
                title=kind.label.capitalize(),
                hint=HINTS[kind],
                names=",".join(line_name(kind, weekday) for weekday in range(7)),
                is_used=kind == ReceptionKind.WALK_IN or self.holds(kind),
            )
            for kind in ReceptionKind
        ]

    def holds(self, kind: str) -> bool:
        """True when a line of this kind says something, or is to be mended."""
        names = [line_name(kind, weekday) for weekday in range(7)]
        return any(self[name].value() for name in names)


def with_monday_copied(data: QueryDict, kind: str) -> QueryDict:
    """What was typed, with Monday's line on every other weekday, and nothing judged."""
    copied = data.copy()
    for weekday in COPIED_TO:
        copied[line_name(kind, weekday)] = data.get(line_name(kind, 0), "")
    return copied
