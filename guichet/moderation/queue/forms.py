"""Forms of the moderators' pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.text import is_storable
from guichet.directory.agent_forms.days import day_field
from guichet.moderation.kinds import LABELS, Kind
from guichet.moderation.models import Alert, RefusalReason, TextState
from guichet.moderation.queue.actions.marking import CHANGED_SINCE, LONGEST_REPLACEMENT, Place
from guichet.moderation.queue.filters import BY_AGE, FRENCH, OTHER
from guichet.moderation.queue.shown_text import MarkGroup
from guichet.moderation.sources import Proposal, sources
from guichet.ui.forms import Form, HintedLabel

LONGEST_MESSAGE = 2000
USUAL_DAYS = 30
LONGEST_PERIOD = timedelta(days=366)
EARLIEST = date(2020, 1, 1)
KINDS = [(kind.value, LABELS[kind].capitalize()) for kind in Kind]
OTHER_SERVICE = "autre"
MOST_PLACES = 300_000
"""Characters: every mark of the longest text, named at once."""
IN_DANGER_TOO = (
    "L'auteur lira ces phrases telles quelles, sous les numéros d'urgence. Adaptez-les à ce qu'il "
    "vit ; ses proches peuvent les lire aussi."
)
WHY_REMOVED = "Changez ces phrases si besoin : un texte retiré ne peut plus être corrigé."
REASON_HINTS = {
    RefusalReason.PERSONAL_DATA: "Le texte n'a plus de sens une fois masqué",
    RefusalReason.INSULT: "Injure, haine, discrimination",
    RefusalReason.NAMED_AGENT: "Ses collègues le reconnaîtraient, même sans son nom",
    RefusalReason.OUT_OF_SCOPE: "Commerce, politique, association…",
    RefusalReason.INDIVIDUAL_FILE: "Orientez plutôt vers le service, qui recevra une fiche",
    RefusalReason.ADVERTISING: "Entreprise, produit, site à faire connaître",
    RefusalReason.UNINTELLIGIBLE: "On ne sait ni quel service, ni ce qui s'est passé",
    RefusalReason.DUPLICATE: "Le même récit est déjà en ligne",
}


def message_field(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="Ce que l'auteur lira",
        help_text=help_text,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 7}),
    )


def note_field() -> forms.CharField:
    return forms.CharField(
        label="Note pour la modération",
        help_text="L'auteur ne la reçoit pas, mais peut demander à la lire (RGPD, article 15).",
        max_length=LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FiltersForm(Form):
    """Drawn only: `filters_in` reads the address."""

    marks_optional_fields = False

    q = forms.CharField(
        label="Mots du texte, ou son numéro", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    etat = forms.ChoiceField(
        label="État",
        choices=[
            ("", "Tous"),
            (TextState.WAITING, "À lire"),
            (TextState.SECOND_LOOK, "Attend une seconde personne"),
            (TextState.READING, "Lecture automatique en cours"),
        ],
    )
    source = forms.ChoiceField(label="Nature")
    langue = forms.ChoiceField(
        label="Langue", choices=[("", "Toutes"), (FRENCH, "Français"), (OTHER, "Autre langue")]
    )
    tri = forms.ChoiceField(
        label="Ordre", choices=[("", "Le plus urgent d'abord"), (BY_AGE, "Le plus ancien d'abord")]
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        named = [(source.name, source.label) for source in sources]
        self.fields["source"].choices = [("", "Toutes"), *named]  # type: ignore[attr-defined]


class PlacesForm(Form):
    """Which marks: "part:start:end,…"."""

    places = forms.CharField(max_length=MOST_PLACES, widget=forms.HiddenInput)

    def clean_places(self) -> list[Place]:
        return [place_in(one) for one in self.cleaned_data["places"].split(",")]


def place_in(said: str) -> Place:
    part, _, span = said.partition(":")
    start, _, end = span.partition(":")
    if not (part and is_figure(start) and is_figure(end)):
        raise forms.ValidationError(CHANGED_SINCE)
    return Place(part, int(start), int(end))


def is_figure(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 8


def kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="Nature", choices=KINDS)


def replacement_field() -> forms.CharField:
    return forms.CharField(
        label="À lire à la place",
        help_text="Par exemple « [un agent] ». Vide : selon la nature.",
        max_length=LONGEST_REPLACEMENT,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ChangeMarksForm(PlacesForm):
    """Kind, borders and replacement of marks of the same words."""

    words = forms.CharField(
        label="Mots à masquer",
        help_text="Ajoutez ou retirez des mots autour, comme dans le texte.",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = kind_field()
    replacement = replacement_field()

    field_order = ["places", "words", "kind", "replacement"]

    @classmethod
    def of(cls, group: MarkGroup) -> ChangeMarksForm:
        """Filled with what `group` is now."""
        return cls(
            auto_id=f"masque-{group.number}-%s",
            initial={
                "places": group.places,
                "words": group.words,
                "kind": group.kind,
                "replacement": group.replacement,
            },
        )


class MaskWordsForm(Form):
    words = forms.CharField(
        label="Masquer ces mots",
        help_text="Partout où ils sont dans le texte.",
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    kind = kind_field()
    replacement = replacement_field()


class MaskSelectionForm(PlacesForm):
    kind = kind_field()


class RefusalForm(Form):
    """One reason, chosen before: its explanation is there to be edited."""

    reason = forms.ChoiceField(choices=RefusalReason.choices, widget=forms.HiddenInput)
    message = message_field("Changez ces phrases si besoin : elles disent comment corriger.")
    note = note_field()

    def __init__(self, *args: Any, is_removal: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_removal:
            self.fields["message"].help_text = WHY_REMOVED


class OrientForm(Form):
    """One of the source's proposals, or a service that the moderator names."""

    marks_optional_fields = False

    service = forms.ChoiceField(
        label="Vers quel service ?", widget=forms.RadioSelect, required=False
    )
    other = forms.CharField(
        label="Autre service",
        help_text="Son nom complet, s'il n'est pas proposé : l'auteur le lira.",
        max_length=300,
        required=False,
    )
    message = message_field("La fiche d'orientation est ajoutée à ce message.")
    note = note_field()

    def __init__(
        self,
        *args: Any,
        proposals: Sequence[Proposal],
        is_danger: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        if is_danger:
            self.fields["message"].help_text = IN_DANGER_TOO
            self.fields["message"].widget.attrs["rows"] = 16
        self._labels = {one.key: one.label for one in proposals}
        choices = [(one.key, HintedLabel(one.label, one.detail)) for one in proposals]
        choices.append((OTHER_SERVICE, HintedLabel("Un autre service, écrit ci-dessous")))
        self.fields["service"].choices = choices  # type: ignore[attr-defined]
        if not proposals:
            del self.fields["service"]

    def clean(self) -> dict[str, Any]:
        key = self.cleaned_data.get("service") or OTHER_SERVICE
        named = self._labels.get(key, "") or self.cleaned_data.get("other", "").strip()
        if not named and not self.errors:
            raise forms.ValidationError("Choisissez un service, ou écrivez son nom.")
        self.cleaned_data["key"] = key if key in self._labels else ""
        self.cleaned_data["named"] = named
        return self.cleaned_data


class AlertForm(Form):
    words = forms.CharField(
        label="Ce qui alerte",
        help_text="En quelques mots, pour vos collègues : « annonce un geste pour ce soir ».",
        max_length=300,
    )


class OutcomeForm(Form):
    """`seen` is the note that stood when the form was shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.CharField(
        label="Ce qui a été fait",
        help_text="Qui a été prévenu, à quelle heure : « 15 appelé à 14 h 05 ».",
        max_length=300,
    )

    @classmethod
    def of(cls, alert: Alert, **options: Any) -> OutcomeForm:
        return cls(initial={"outcome": alert.outcome, "seen": alert.outcome}, **options)


class ReopenForm(Form):
    note = forms.CharField(
        label="Pourquoi reprendre cette décision ?",
        help_text="La modération le lira, et l'auteur s'il le demande (RGPD, article 15).",
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PeriodForm(Form):
    """The days of the figures; never refuses the whole: what is no date is told and left out."""

    marks_optional_fields = False

    du = day_field(label="Du", required=False)
    au = day_field(label="Au", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()

    @classmethod
    def read(cls, query: QueryDict) -> PeriodForm:
        """Its fields say the days that are shown, those that nobody chose too."""
        asked, form = query.copy(), cls(query)
        for name, day in zip(("du", "au"), form.days, strict=True):
            if not query.get(name):
                asked[name] = day.isoformat()
        return cls(asked)

    @property
    def days(self) -> tuple[date, date]:
        """The last thirty days unless told; at most a year, which ends on the last day asked."""
        today = timezone.localdate()
        last = past(self.cleaned_data.get("au") or today, today)
        first = past(self.cleaned_data.get("du") or last - timedelta(days=USUAL_DAYS - 1), today)
        first, last = min(first, last), max(first, last)
        return max(first, last - LONGEST_PERIOD), last


def past(day: date, today: date) -> date:
    """`day` brought back to where there may be decisions."""
    return min(max(day, EARLIEST), today)


def chosen_texts(said: Sequence[str]) -> list[int]:
    """Primary keys among what boxes said; `RuleViolation` when none is left."""
    keys = [int(one) for one in said if is_storable(one) and is_figure(one)]
    if not keys:
        raise RuleViolation("Cochez au moins un texte.")
    return keys


def ticked(post: QueryDict) -> list[str]:
    """What the boxes named "texte-…" say: each has a name of its own, hence an id."""
    return [str(value) for name, value in post.items() if name.startswith("texte-")]
