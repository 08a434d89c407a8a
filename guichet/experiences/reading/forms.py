"""The address of the list: search and filters.

Owns the names of the parameters and which values are known; refuses to take a value that names
nothing for « all »: `refused` gives it, and no story is listed.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from guichet.core.text import search_text
from guichet.directory.models import Network, Structure
from guichet.experiences.models import Aspect, Experience, Feeling
from guichet.experiences.reading.listing import PERIODS, ListWish
from guichet.experiences.reading.place_named import PlaceNamed, place_named
from guichet.experiences.reading.scopes import Scope, territory_named
from guichet.ui.forms import Form

ANSWERED = (("", "Avec ou sans réponse"), ("oui", "Avec une réponse"), ("non", "Sans réponse"))
PROMISES = (
    ("", "Avec ou sans promesse"),
    ("faite", "Un changement est promis"),
    ("tenue", "Tenue, d'après l'auteur"),
)
UNKNOWN_PLACE = (
    "Ce lieu n'est pas reconnu : écrivez une commune, un code postal, un département ou une région."
)
UNKNOWN_SERVICE = (
    "Ce service n'est pas connu : écrivez son nom et sa ville, ou choisissez un réseau."
)
SEVERAL_SERVICES = "Plusieurs services portent ce nom : choisissez-en un, ou ajoutez sa ville."
YEARS_BACK = 30
FIRST_CURSOR, LAST_CURSOR = 1, 2**63 - 1


class FilterForm(Form):
    """What the page asks; it is always drawn, whatever the address holds."""

    marks_optional_fields = False

    q = forms.CharField(
        label="Mots du récit",
        help_text="Ou le nom du service : « caf lille attente »",
        required=False,
    )
    ou = forms.CharField(
        label="Où", help_text="Commune, code postal, département ou région", required=False
    )
    service = forms.CharField(
        label="Service", help_text="Son nom et sa ville : « caf lille »", required=False
    )
    reseau = forms.ChoiceField(label="Réseau", required=False)
    ressenti = forms.ChoiceField(label="Ressenti", required=False)
    aspect = forms.ChoiceField(
        label="Ce dont le récit parle", help_text="Un aspect que son auteur a noté", required=False
    )
    reponse = forms.ChoiceField(label="Réponse", choices=ANSWERED, required=False)
    promesse = forms.ChoiceField(label="Promesse", choices=PROMISES, required=False)
    periode = forms.ChoiceField(label="Publié", required=False)

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.offered: tuple[Structure, ...] = ()
        choices = {
            "reseau": [("", "Tous"), *Network.objects.values_list("code", "name")],
            "ressenti": [("", "Tous"), *Feeling.choices],
            "aspect": [("", "Tous"), *Aspect.choices],
            "periode": [("", "À toute date"), *period_choices()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        self.is_valid()

    def clean_q(self) -> str:
        return search_text(self.cleaned_data["q"])

    def clean_ou(self) -> Any:
        typed = search_text(self.cleaned_data["ou"])
        found = territory_named(typed)
        if typed and found is None:
            raise forms.ValidationError(UNKNOWN_PLACE)
        return found

    def clean_service(self) -> PlaceNamed:
        typed = search_text(self.cleaned_data["service"])
        found = place_named(typed)
        if not typed or found.structure is not None:
            return found
        self.offered = found.offered
        raise forms.ValidationError(SEVERAL_SERVICES if found.offered else UNKNOWN_SERVICE)

    @property
    def refused(self) -> dict[str, tuple[str, str]]:
        """What is asked and names nothing: by parameter, its label and what was typed."""
        return {
            name: (str(self[name].label), search_text(self[name].value() or ""))
            for name in self.errors
            if name in self.fields
        }

    @property
    def understood_place(self) -> str:
        found = self.cleaned_data.get("ou")
        return found.understood if found else ""


def period_choices() -> list[tuple[str, str]]:
    """Days back, then the years that have stories."""
    this_year = timezone.localdate().year
    oldest = (
        Experience.objects.published().order_by("published_at", "pk").values_list("published_at")
    )
    first = oldest.first()
    first_year = timezone.localdate(first[0]).year if first and first[0] else this_year
    years = range(this_year, max(first_year, this_year - YEARS_BACK) - 1, -1)
    days = [(code, words) for code, (_, words) in PERIODS.items()]
    return days + [(str(year), f"en {year}") for year in years]


def cursor(text: str) -> int | None:
    """The number of the story that a page follows or precedes."""
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if is_number and FIRST_CURSOR <= int(text) <= LAST_CURSOR else None


def wish_of(query: QueryDict, form: FilterForm | None = None) -> ListWish:
    """What an address asks for; `service` is the code of a structure, or its name."""
    form = form or FilterForm(query)
    chosen = form.cleaned_data
    service = chosen.get("service")
    network = chosen.get("reseau", "")
    return ListWish(
        words=chosen.get("q", ""),
        scope=Scope(
            structure=service.structure if service else None,
            network=Network.objects.filter(code=network).first() if network else None,
            territory=chosen.get("ou"),
        ),
        feeling=chosen.get("ressenti", ""),
        aspect=chosen.get("aspect", ""),
        answered=chosen.get("reponse", ""),
        promise=chosen.get("promesse", ""),
        period=chosen.get("periode", ""),
        older_than=cursor(query.get("apres", "")),
        newer_than=cursor(query.get("avant", "")),
    )
