"""What a lead fills in to declare how finely the network sends an indicator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from guichet.core.errors import RuleViolation
from guichet.core.periods import PeriodKind
from guichet.directory.models import Level, Network
from guichet.indicators.actions.grains import (
    EXAMPLES,
    LONGEST_DELAY_DAYS,
    SENT_KINDS,
    GrainContent,
    period_of_kind,
)
from guichet.indicators.models import Grain, IndicatorVersion
from guichet.ui.forms import Form, HintedLabel

LEVEL_WORDS = {
    Level.SITE: "chaque site",
    Level.DEPARTEMENT: "chaque département",
    Level.REGION: "chaque région",
    Level.NATIONAL: "le réseau entier",
}
PERIOD_WORDS = {kind.value: f"chaque {kind.label}" for kind in SENT_KINDS}
CUTS_HINT = (
    "Une par ligne, son code puis ses mots : courrier = demandes par courrier. Laissez vide s'il "
    "n'y en a pas. Chaque envoi devra donner toutes les coupes."
)


def versions_to_send(network: Network) -> list[IndicatorVersion]:
    """The latest version of each indicator in service that this network may send."""
    rows = (
        IndicatorVersion.objects.filter(indicator__retired_on__isnull=True)
        .exclude(indicator__owner__isnull=False, indicator__owner__in=others_than(network))
        .select_related("indicator")
        .order_by("indicator_id", "-number")
        .distinct("indicator_id")
    )
    return sorted(rows, key=lambda version: version.title)


def others_than(network: Network) -> Any:
    return Network.objects.exclude(pk=network.pk)


def cuts_in(text: str) -> dict[str, str]:
    """« code = mots » by line; a line without words is told."""
    cuts: dict[str, str] = {}
    for raw in text.splitlines():
        if not raw.strip():
            continue
        code, _, words = raw.partition("=")
        if code.strip() in cuts:
            raise forms.ValidationError(f"La coupe « {code.strip()} » est écrite deux fois.")
        cuts[code.strip()] = words.strip()
    return cuts


def cuts_text(cuts: list[str], words: dict[str, str]) -> str:
    return "\n".join(f"{code} = {words.get(code, code)}" for code in cuts)


class GrainForm(Form):
    """`content()` is what `declare_grain` takes."""

    version = forms.ModelChoiceField(
        label="Indicateur", queryset=IndicatorVersion.objects.none(), empty_label="Choisir"
    )
    level = forms.ChoiceField(
        label="Un chiffre pour", choices=[(key, LEVEL_WORDS[key]) for key in Level]
    )
    period_kind = forms.ChoiceField(label="Et pour", choices=list(PERIOD_WORDS.items()))
    first_period = forms.CharField(
        label="Première période",
        help_text="Comme 2026-01-31 (jour), 2026-W05 (semaine), 2026-01 (mois), 2026-Q1 "
        "(trimestre) ou 2026 (année). Rien n'est attendu avant.",
        max_length=10,
    )
    cuts = forms.CharField(
        label="Coupes",
        help_text=CUTS_HINT,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4_000,
    )
    publication_level = forms.ChoiceField(
        label="Niveau de publication",
        choices=[
            ("", HintedLabel("celui de l'envoi", "")),
            *((key, LEVEL_WORDS[key]) for key in Level),
        ],
        help_text="Choisissez un niveau au-dessus si rien ne doit être publié plus finement.",
        required=False,
    )
    due_days = forms.IntegerField(
        label="Délai d'envoi, en jours",
        help_text="Après la fin de la période. Un rappel part cinq jours avant, puis au premier et "
        "au dixième jour de retard.",
        min_value=0,
        max_value=LONGEST_DELAY_DAYS,
        initial=30,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        network: Network,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        versions = versions_to_send(network)
        field: Any = self.fields["version"]
        field.queryset = IndicatorVersion.objects.filter(
            pk__in=[version.pk for version in versions]
        ).select_related("indicator")
        field.label_from_instance = lambda one: f"{one.title} ({one.indicator.code}, v{one.number})"

    def clean_cuts(self) -> dict[str, str]:
        return cuts_in(self.cleaned_data["cuts"])

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if "first_period" in said and "period_kind" in said:
            said["first_period"] = said["first_period"].strip()
            try:
                period_of_kind(said["first_period"], said["period_kind"])
            except RuleViolation as error:
                self.add_error("first_period", str(error))
        return said

    def content(self) -> GrainContent:
        said = self.cleaned_data
        return GrainContent(
            level=said["level"],
            period_kind=said["period_kind"],
            first_period=said["first_period"],
            publication_level=said["publication_level"] or said["level"],
            cuts=said["cuts"],
            due_days=said["due_days"],
        )


class GrainWordsForm(Form):
    """The delay, and the words of the cuts: what may change at any time."""

    due_days = forms.IntegerField(
        label="Délai d'envoi, en jours",
        help_text="Après la fin de la période.",
        min_value=0,
        max_value=LONGEST_DELAY_DAYS,
    )
    cuts = forms.CharField(
        label="Coupes, en mots",
        help_text="Gardez les codes : seuls les mots peuvent changer.",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4_000,
    )

    def __init__(self, data: QueryDict | None = None, *, grain: Grain) -> None:
        shown = {"due_days": grain.due_days, "cuts": cuts_text(grain.cuts, grain.cut_words)}
        super().__init__(data, initial=shown)
        if not grain.cuts:
            del self.fields["cuts"]

    def clean_cuts(self) -> dict[str, str]:
        return cuts_in(self.cleaned_data["cuts"])


class EndGrainForm(Form):
    """The last period that will be sent."""

    last_period = forms.CharField(label="Dernière période envoyée", max_length=10)

    def __init__(self, data: QueryDict | None = None, *, grain: Grain) -> None:
        super().__init__(data)
        example = EXAMPLES[PeriodKind(grain.period_kind)]
        self.fields["last_period"].help_text = f"Écrivez {example}. Plus rien n'est attendu après."
