"""What an adviser types and sends from the telephone desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.text import is_storable, search_text
from guichet.core.tokens import make_token, read_token
from guichet.directory.agent_forms.days import day_field
from guichet.directory.models import Structure, StructureKind
from guichet.orientation.actions.calls import LONGEST_CALL, CallFacts
from guichet.orientation.desk.figures import Period
from guichet.orientation.desk.page import Asked
from guichet.orientation.models import DeskCall, Need, Urgency
from guichet.territories.queries import commune_of_code
from guichet.ui.forms import Form

CLOCK = "desk_call"
USUAL_DAYS = 30
LONGEST_PERIOD = timedelta(days=366)
EARLIEST = date(2020, 1, 1)


def typed(label: str, help_text: str) -> forms.CharField:
    """The one field of a screen of the desk: the keyboard is in it from the start."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )


class PlaceForm(Form):
    marks_optional_fields = False

    ou = typed(
        "Commune de la personne",
        "Nom ou code postal, puis Entrée. Laissez vide si elle ne veut pas la dire.",
    )


class NeedForm(Form):
    marks_optional_fields = False

    q = typed("Ce que veut la personne", "Quelques mots, sans nom ni numéro, puis Entrée.")


class NoteForm(Form):
    """How the call ended, with what the screen knows of it."""

    suite = forms.ChoiceField(choices=DeskCall.Outcome.choices)

    def facts(self) -> CallFacts:
        asked = asked_in(self.data)
        return CallFacts(
            outcome=DeskCall.Outcome(self.cleaned_data["suite"]),
            commune=commune_of_code(asked.commune),
            need=Need.objects.filter(code=asked.need).first(),
            kind=StructureKind.objects.filter(code=asked.kind).first(),
            structure=Structure.objects.filter(code=asked.structure).first(),
            started_at=started_at(asked.started),
        )


def asked_in(query: Any) -> Asked:
    """The call so far, read leniently: what no row can bear is left out."""

    def said(name: str) -> str:
        value = search_text(query.get(name, ""))
        return value if is_storable(value) else ""

    alarm = said("urgence")
    return Asked(
        commune=said("commune"),
        text=said("q"),
        need=said("besoin"),
        kind=said("service"),
        structure=said("lieu"),
        alarm=alarm if alarm in Urgency.values else "",
        started=query.get("debut", "")[:200],
    )


def clock_started() -> str:
    """A signed moment: now."""
    return make_token(CLOCK, timezone.now().timestamp())


def started_at(token: str) -> datetime | None:
    """The moment that `clock_started` signed; None when it is not one, or was long ago."""
    try:
        seconds = read_token(CLOCK, token, valid_for=LONGEST_CALL)
    except RuleViolation:
        return None
    return datetime.fromtimestamp(seconds, UTC)


class PeriodForm(Form):
    """The days of the figures; never refuses the whole: what is no date is told and left out."""

    marks_optional_fields = False

    du = day_field(label="Du", required=False)
    au = day_field(label="Au", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()

    @property
    def period(self) -> Period:
        """The last thirty days unless told; at most a year, which ends on the last day asked."""
        today = timezone.localdate()
        last = past(self.cleaned_data.get("au") or today, today)
        first = past(self.cleaned_data.get("du") or last - timedelta(days=USUAL_DAYS - 1), today)
        first, last = min(first, last), max(first, last)
        return Period(max(first, last - LONGEST_PERIOD), last)


def past(day: date, today: date) -> date:
    """`day` brought back to where there may be calls."""
    return min(max(day, EARLIEST), today)
