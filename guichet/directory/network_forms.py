"""What a network's lead fills in: which sites, which file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from guichet.core.text import is_storable, search_text
from guichet.core.words import counted
from guichet.directory.agent_lists import STATES, ListWish, matching
from guichet.directory.models import Network, StructureKind
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.network_pages import sites_of
from guichet.territories.models import Departement
from guichet.ui.forms import Form

LARGEST_FILE = 10 * 1024 * 1024
MOST_TICKED = 5_000


class SitesForm(Form):
    """Narrows the sites of a network. Never refuses: an unknown value narrows nothing."""

    marks_optional_fields = False

    q = forms.CharField(label="Nom, ville, code postal ou identifiant", required=False)
    departement = forms.ChoiceField(label="Département", required=False)
    type = forms.ChoiceField(label="Type de lieu", required=False)
    etat = forms.ChoiceField(label="État", choices=list(STATES.items()), required=False)

    def __init__(self, data: QueryDict, *, network: Network) -> None:
        super().__init__(data)
        self.network = network
        sites = sites_of(network)
        self.offer(
            "departement",
            "Tous",
            Departement.objects.filter(pk__in=sites.values("commune__departement")),
        )
        self.offer("type", "Tous", StructureKind.objects.filter(pk__in=sites.values("kind")))
        self.is_valid()

    def offer(self, name: str, all_of_them: str, found: QuerySet[Any]) -> None:
        choices = [("", all_of_them), *((str(one.pk), str(one)) for one in found)]
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """The value, "" when it is none of those offered."""
        return str(self.cleaned_data.get(name, ""))

    @property
    def wish(self) -> ListWish:
        return ListWish(
            text=search_text(self.data.get("q", "")),
            state=self.chosen("etat"),
            departement=self.chosen("departement"),
            kind=self.chosen("type"),
        )

    @property
    def narrows(self) -> bool:
        return self.wish != ListWish()

    def found(self) -> StructureQuerySet:
        return matching(sites_of(self.network), self.wish)

    def in_words(self) -> list[str]:
        """What is asked, a line for each choice."""
        asked = [f"nom, ville ou code contenant « {self.wish.text} »"] if self.wish.text else []
        for name in ("departement", "type", "etat"):
            field = self.fields[name]
            labels: dict[str, Any] = dict(field.choices)  # type: ignore[attr-defined]
            if self.chosen(name):
                asked.append(f"{str(field.label).lower()} : {labels[self.chosen(name)]}")
        return asked


class TargetSites:
    """The open sites that an operation concerns: those ticked, those of a list, or all.

    `fields` are what the next page must send again to mean the same.
    """

    def __init__(self, data: QueryDict, *, network: Network) -> None:
        self.form = SitesForm(data, network=network)
        ticked = dict.fromkeys(code for code in data.getlist("site") if is_storable(code))
        self.codes = list(ticked)[:MOST_TICKED]
        if data.get("cible") == "cochees" or self.codes:
            self.fields = [("site", code) for code in self.codes] or [("cible", "cochees")]
            self.sites = sites_of(network).open_ones().filter(code__in=self.codes).order_by("name")
        else:
            names = ("q", "departement", "type", "etat")
            self.fields = [(name, str(data[name])) for name in names if data.get(name)]
            self.sites = self.form.found().open_ones()

    @property
    def words(self) -> str:
        if self.codes:
            return counted(len(self.codes), "site coché", "sites cochés")
        asked = self.form.in_words()
        return f"les sites de la liste ({', '.join(asked)})" if asked else "tout le réseau"


class FileForm(Form):
    """`content()` is what `plan_of` reads."""

    file = forms.FileField(
        label="Fichier CSV modifié",
        help_text="Celui que vous avez téléchargé ici, après vos modifications. 10 Mo au plus.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(
                "Ce fichier dépasse 10 Mo : retirez les lignes et les colonnes inchangées."
            )
        return file

    def content(self) -> bytes:
        content: bytes = self.cleaned_data["file"].read()
        return content
