"""What the programme team fills in to create, split or close a structure by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guichet.core.text import folded
from guichet.directory import entries
from guichet.directory.actions.structures import NewStructure
from guichet.directory.agent_forms.fields import lines_field
from guichet.directory.models import Structure, StructureKind
from guichet.territories.models import Commune
from guichet.territories.queries import find_commune
from guichet.ui.forms import Form

MOST_PARTS = 20


class CommuneField(forms.CharField):
    """A commune as people type it; the value is the `Commune`, beyond doubt."""

    def clean(self, value: Any) -> Commune | None:
        text = super().clean(value)
        best, others = find_commune(text) if text else (None, [])
        if best is None:
            raise ValidationError(
                f"Nous ne connaissons pas « {text[:60]} » : écrivez le nom ou le code postal."
            )
        if others or not best.is_exact:
            names = ", ".join(match.query for match in [best, *others][:6])
            raise ValidationError(f"Précisez laquelle : {names}. Recopiez le nom et les chiffres.")
        return Commune.objects.get(pk=best.insee_code)


class NewStructureForm(Form):
    """`new()` and `values()` are what `create_structure` takes."""

    name = forms.CharField(label="Nom", max_length=300)
    kind = forms.ModelChoiceField(
        StructureKind.objects.none(), label="Type de lieu", empty_label="Choisir un type"
    )
    commune = CommuneField(
        label="Commune",
        help_text="Nom ou code postal. S'il y en a plusieurs du même nom : Saint-Denis (93)",
        max_length=120,
    )
    address_lines = lines_field(
        partial(entries.text_lines, most=6),
        label="Adresse",
        help_text="Numéro et rue, puis bâtiment ou étage : une ligne pour chacun",
    )

    def __init__(self, data: Any = None, *, parent: Structure | None = None) -> None:
        super().__init__(data)
        self.parent = parent
        self.fields["kind"].queryset = StructureKind.objects.order_by("label")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors:
            self.refuse_twin(cleaned["name"], cleaned["kind"], cleaned["commune"])
        return cleaned

    def refuse_twin(self, name: str, kind: StructureKind, commune: Commune) -> None:
        searched = folded(" ".join(name.split()))
        twins = Structure.objects.open_ones().filter(kind=kind, commune=commune)
        if twin := next((one for one in twins if folded(one.name) == searched), None):
            raise ValidationError(
                f"« {twin.name} » existe déjà à {commune} (identifiant {twin.code}). Donnez un nom "
                "qui les distingue."
            )

    def new(self) -> NewStructure:
        cleaned = self.cleaned_data
        return NewStructure(cleaned["name"], cleaned["kind"], cleaned["commune"], self.parent)

    def values(self) -> dict[str, Any]:
        commune = self.cleaned_data["commune"]
        codes = commune.postal_codes
        return {
            "address_lines": self.cleaned_data["address_lines"],
            "postal_code": codes[0] if len(codes) == 1 else "",
            "town": commune.name,
        }


class SplitForm(Form):
    names = lines_field(
        partial(entries.text_lines, most=MOST_PARTS),
        label="Noms des nouvelles structures",
        help_text="Un par ligne. Elles reprennent le type, l'adresse et le rattachement.",
        height=4,
    )
    close_original = forms.BooleanField(
        label="Fermer la structure d'origine",
        help_text="Sa page dira par quoi elle est remplacée.",
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["names"].required = True


class ClosingForm(Form):
    reason = forms.CharField(
        label="Motif",
        help_text="Montré au public. Exemples : regroupée à Roubaix, fin du bail",
        max_length=250,
    )
