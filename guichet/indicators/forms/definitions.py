"""What somebody fills in to define an indicator: first its kind, then the fields of that kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict

from guichet.core.text import search_text
from guichet.core.words import NBSP
from guichet.directory.models import Network
from guichet.indicators.calculations.kinds import Kind, counters_of
from guichet.indicators.definitions.content import (
    FIXED_UNITS,
    LOW_MINIMUM,
    ORDINARY_MINIMUM,
    UNIT_WORDS,
    UNITS,
    VersionContent,
    bucket_words,
    content_of,
    faults_of,
    in_french,
)
from guichet.indicators.models import Direction, Family, IndicatorVersion, Nature
from guichet.ui.forms import Form, HintedLabel, explain_errors

KIND_HINTS = {
    Kind.SHARE: "Un nombre de cas favorables sur un nombre total : appels décrochés sur appels "
    "reçus. C'est la forme la plus courante.",
    Kind.NET_SHARE: "Les favorables moins les défavorables, sur le total : très satisfaits moins "
    "mécontents.",
    Kind.MEAN: "Une somme divisée par un nombre de cas : un délai moyen, une note moyenne.",
    Kind.DISTRIBUTION: "Des cas rangés par tranches de durée : elle donne aussi le délai de neuf "
    "dossiers sur dix.",
    Kind.COUNT: "Un simple nombre : affiché, jamais comparé, car il mesure surtout la taille.",
}
KIND_LABELS = {
    Kind.SHARE: "Une part, en pourcentage",
    Kind.NET_SHARE: "Un solde, en points",
    Kind.MEAN: "Une moyenne",
    Kind.DISTRIBUTION: "Une répartition par tranches",
    Kind.COUNT: "Un nombre",
}
COUNTER_LABELS = {
    "part": "Ce que compte la partie",
    "whole": "Ce que compte le total",
    "favourable": "Ce que comptent les favorables",
    "unfavourable": "Ce que comptent les défavorables",
    "sum": "Ce que dit la somme",
    "sum_squares": "Ce que dit la somme des carrés",
    "count": "Ce que compte l'effectif",
}
COUNTER_HINTS = {
    "part": "Comme : appels décrochés par un agent",
    "whole": "Comme : appels reçus",
    "favourable": "Comme : usagers très satisfaits",
    "unfavourable": "Comme : usagers mécontents",
    "sum": "Comme : jours de traitement, au total",
    "sum_squares": "Chaque valeur multipliée par elle-même, puis la somme : elle donne la "
    "dispersion. Comme : carrés des jours, au total",
    "count": "Comme : dossiers traités",
}
COMPARED = frozenset({Kind.SHARE, Kind.NET_SHARE, Kind.MEAN, Kind.DISTRIBUTION})


class KindForm(Form):
    """The first step: everything else depends on it."""

    forme = forms.ChoiceField(
        label="Sous quelle forme ?",
        choices=[(k.value, HintedLabel(KIND_LABELS[k], KIND_HINTS[k])) for k in Kind],
        widget=forms.RadioSelect,
    )


class DefinitionForm(Form):
    """A version of `kind`. `content()` is what the actions take.

    `owners` are whose an indicator may be, None for the programme; empty when it exists already.
    `words_only` leaves the fields that figures do not rest on.
    """

    title = forms.CharField(
        label="Intitulé", help_text="Pour les spécialistes : Taux de décroché", max_length=200
    )
    public_title = forms.CharField(
        label="Intitulé pour les usagers",
        help_text="Ce qui est compté, ou une question, sans conclure : Appels pris par un agent",
        max_length=200,
    )
    family = forms.ChoiceField(label="Famille", choices=Family.choices)
    nature = forms.ChoiceField(
        label="Que contiennent les chiffres ?",
        choices=[
            (Nature.CENSUS, HintedLabel("Tous les cas", "Tous les appels du mois : exhaustif.")),
            (
                Nature.SAMPLE,
                HintedLabel(
                    "Ceux qui ont répondu",
                    "Une enquête : échantillon. Un intervalle de confiance sera montré.",
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    bounds = forms.CharField(
        label="Bornes des tranches",
        help_text="De la plus petite à la plus grande, entre points-virgules : 7 ; 15 ; 30. La "
        "dernière tranche va au-delà.",
        max_length=200,
    )
    reference_bound = forms.DecimalField(
        label="Borne de référence",
        help_text="Le chiffre publié est la part des cas qui ne la dépassent pas.",
        localize=True,
    )
    unit = forms.ChoiceField(label="Unité", choices=list(UNITS.items()))
    direction = forms.ChoiceField(label="Ce qui est bien", choices=Direction.choices)
    target = forms.DecimalField(
        label="Cible",
        help_text="Un engagement public, s'il y en a un. Comme : 85",
        required=False,
        localize=True,
        max_digits=12,
        decimal_places=4,
    )
    margin = forms.DecimalField(
        label="Marge de pertinence",
        help_text="L'écart, en points ou dans l'unité, en dessous duquel une différence n'a pas "
        "d'intérêt : « pas de différence nette ».",
        localize=True,
        max_digits=12,
        decimal_places=4,
    )
    minimum = forms.IntegerField(
        label="Nombre minimal de cas",
        help_text="En dessous, un chiffre est regroupé avec d'autres, et n'est pas comparé. 10 "
        "au moins, quand un cas est une personne.",
        min_value=1,
        max_value=100_000,
    )
    is_no_person = forms.BooleanField(
        label="Un cas n'est pas une personne",
        help_text="Comme un site ou un jour d'ouverture : le nombre minimal peut alors descendre "
        "jusqu'à 1.",
        required=False,
    )
    is_summed = forms.BooleanField(
        label="S'additionne",
        help_text="Décochez si un même cas appartient à plusieurs lieux : chaque chiffre ne vaut "
        "alors que pour son lieu et sa période.",
        required=False,
    )
    frequency = forms.CharField(
        label="Fréquence", help_text="Comme : mensuelle", max_length=60, required=False
    )
    expected_age_days = forms.IntegerField(
        label="Âge attendu, en jours",
        help_text="Au-delà, la page dit que le chiffre est ancien. Comme : 45",
        required=False,
        min_value=1,
        max_value=3_650,
    )
    source = forms.CharField(
        label="Source",
        help_text="D'où viennent les chiffres : quel logiciel, quelle enquête.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        required=False,
    )
    method = forms.CharField(
        label="Méthode",
        help_text="Ce qui est compté, ce qui ne l'est pas, à quel moment.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4_000,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: Kind,
        version: IndicatorVersion | None = None,
        owners: Sequence[Network | None] = (),
        with_note: bool = False,
        words_only: bool = False,
        may_lower_minimum: bool = False,
    ) -> None:
        self.kind = kind
        self.base = content_of(version) if version and version.kind == kind.value else None
        self.owners = {str(owner.pk) if owner else "": owner for owner in owners}
        self.words_only = words_only
        self.may_lower_minimum = may_lower_minimum
        super().__init__(data, initial=shown_first(self.base, version))
        self.fit_fields()
        if owners:
            self.add_identity()
        if with_note:
            self.add_note()
        if words_only:
            self.keep_words()

    def add(self, name: str, field: forms.Field) -> None:
        explain_errors(field)
        self.fields[name] = field

    def fit_fields(self) -> None:
        """Only the fields that this kind has, its counters after the titles."""
        if self.kind is not Kind.DISTRIBUTION:
            del self.fields["bounds"], self.fields["reference_bound"]
        if self.kind in FIXED_UNITS:
            del self.fields["unit"]
        elif self.base and self.base.unit not in UNITS:
            own = [(self.base.unit, UNIT_WORDS.get(self.base.unit, self.base.unit))]
            self.fields["unit"].choices = [*own, *UNITS.items()]  # type: ignore[attr-defined]
        if not self.may_lower_minimum:
            del self.fields["is_no_person"]
        if self.kind not in COMPARED:
            del self.fields["margin"], self.fields["target"]
        names = list(self.fields)
        for name in self.word_fields():
            counter = name.removeprefix("words_")
            label, hint = self.counter_label(counter), COUNTER_HINTS.get(counter, "")
            self.add(name, forms.CharField(label=label, help_text=hint, max_length=120))
            self.initial[name] = self.base.counter_words.get(counter, "") if self.base else ""
        at = names.index("family") + 1
        self.order_fields([*names[:at], *self.word_fields(), *names[at:]])

    def word_fields(self) -> list[str]:
        """Of a distribution, the buckets are worded from their bounds: nothing to write, unless
        they were worded already."""
        if self.kind is not Kind.DISTRIBUTION:
            return [f"words_{name}" for name in counters_of(self.kind)]
        if self.words_only and self.base:
            return [f"words_{name}" for name in counters_of(self.kind, self.base.bounds)]
        return []

    def counter_label(self, counter: str) -> str:
        if self.kind is Kind.COUNT:
            return "Ce que compte le nombre"
        return COUNTER_LABELS.get(counter) or f"Tranche {counter.removeprefix('b')}"

    def add_identity(self) -> None:
        hint = "Il ne changera plus. Lettres sans accent, chiffres, tirets : taux-appel"
        self.add("code", forms.CharField(label="Code", help_text=hint, max_length=60))
        if len(self.owners) > 1:
            choices = [
                (key, owner.name if owner else "Le programme") for key, owner in self.owners.items()
            ]
            required = "" not in self.owners
            owner = forms.ChoiceField(label="Qui le définit ?", choices=choices, required=required)
            self.add("owner", owner)
        self.order_fields(["owner", "code", *self.fields])

    def add_note(self) -> None:
        note = forms.CharField(
            label="Ce qui change",
            help_text="Une phrase, que les lecteurs verront : la série d'avant s'arrête, une autre "
            "commence.",
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=1_000,
        )
        self.add("change_note", note)
        self.order_fields(["change_note", *self.fields])

    def keep_words(self) -> None:
        kept = {"title", "public_title", "frequency", "expected_age_days", "source"}
        for name in set(self.fields) - kept - set(self.word_fields()):
            del self.fields[name]

    def clean_bounds(self) -> list[Decimal]:
        return decimals_in(self.cleaned_data["bounds"])

    def clean_is_no_person(self) -> bool:
        is_no_person = bool(self.cleaned_data["is_no_person"])
        minimum = self.cleaned_data.get("minimum")
        if minimum is not None and minimum < ORDINARY_MINIMUM and not is_no_person:
            raise forms.ValidationError(
                f"Cochez cette case, ou écrivez un nombre minimal d'au moins {ORDINARY_MINIMUM}."
            )
        return is_no_person

    def clean_minimum(self) -> int:
        minimum = int(self.cleaned_data["minimum"])
        if minimum < ORDINARY_MINIMUM and not self.may_lower_minimum:
            raise forms.ValidationError(LOW_MINIMUM)
        return minimum

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self.written = self.read_content()
            for name, message in faults_of(self.written):
                self.add_error(name if name in self.fields else None, message)
        return self.cleaned_data

    def read_content(self) -> VersionContent:
        said = self.cleaned_data
        values: dict[str, Any] = {name: said[name] for name in CONTENT if name in said}
        kept: dict[str, Any] = vars(self.base) if self.words_only and self.base else {}
        values = {**kept, **values, "kind": self.kind.value}
        if not self.words_only:
            values["unit"] = said.get("unit") or FIXED_UNITS.get(self.kind, "case")
        values["counter_words"] = self.counter_words(values)
        return VersionContent(**values)

    def counter_words(self, values: dict[str, Any]) -> dict[str, str]:
        typed = {
            name.removeprefix("words_"): self.cleaned_data[name].strip()
            for name in self.word_fields()
        }
        if typed:
            return typed
        same = self.base and self.base.bounds == values["bounds"]
        if same and self.base:
            return self.base.counter_words
        return bucket_words(values["bounds"], values["unit"])

    def content(self) -> VersionContent:
        return self.written

    @property
    def owner(self) -> Network | None:
        """Whose it is: the one chosen, else the only one there is."""
        only = next(iter(self.owners))
        return self.owners[self.cleaned_data.get("owner", only)]


CONTENT = tuple(
    name for name in VersionContent.__dataclass_fields__ if name not in ("kind", "counter_words")
)


def shown_first(base: VersionContent | None, version: IndicatorVersion | None) -> dict[str, Any]:
    """What the fields show: the latest version, or what most indicators are."""
    if base is None:
        first = {
            "nature": Nature.CENSUS,
            "margin": 3,
            "minimum": ORDINARY_MINIMUM,
            "is_summed": True,
        }
        if version is not None:
            first |= {"title": version.title, "public_title": version.public_title}
        return first
    shown = {name: getattr(base, name) for name in CONTENT}
    shown["is_no_person"] = base.minimum < ORDINARY_MINIMUM
    for name in ("target", "margin", "reference_bound"):
        if shown[name] is not None:
            shown[name] = shown[name].normalize() + 0
            shown[name] = Decimal(f"{shown[name]:f}")
    shown["bounds"] = f"{NBSP}; ".join(in_french(bound) for bound in base.bounds)
    return shown


def decimals_in(text: str) -> list[Decimal]:
    """Numbers apart by semicolons, with a decimal comma or point."""
    try:
        return [
            Decimal(part.replace(",", ".").replace(NBSP, "").strip())
            for part in text.split(";")
            if part.strip()
        ]
    except InvalidOperation as error:
        raise forms.ValidationError(
            "Écrivez des nombres séparés par des points-virgules, comme 7 ; 15 ; 30."
        ) from error


class IndicatorsForm(Form):
    """Narrows the list of indicators. Never refuses: an unknown value narrows nothing."""

    marks_optional_fields = False

    q = forms.CharField(label="Code ou mots de l'intitulé", required=False)
    de = forms.ChoiceField(label="Défini par", required=False)
    etat = forms.ChoiceField(
        label="État",
        choices=[("", "En service"), ("retires", "Retirés"), ("tous", "Tous")],
        required=False,
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        owners = Network.objects.filter(indicators__isnull=False).distinct()
        self.fields["de"].choices = [  # type: ignore[attr-defined]
            ("", "Tous"),
            ("programme", "Le programme"),
            *((network.code, network.name) for network in owners),
        ]
        self.is_valid()

    @property
    def text(self) -> str:
        return search_text(self.data.get("q", ""))

    @property
    def owner(self) -> str:
        return str(self.cleaned_data.get("de", ""))

    @property
    def state(self) -> str:
        return str(self.cleaned_data.get("etat", ""))

    @property
    def narrows(self) -> bool:
        return bool(self.text or self.owner or self.state)
