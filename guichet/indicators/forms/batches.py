"""What a sender fills in: a file and for which part of the network, a confirmation, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from guichet.directory.models import Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.indicators.file_limits import largest_uploaded_mb
from guichet.ui.forms import Form

SUFFIXES = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")


class SendForm(Form):
    """`scopes` are the subtrees that the sender holds; None for the whole network."""

    scope = forms.ModelChoiceField(
        label="Pour quelles structures ?",
        queryset=Structure.objects.none(),
        empty_label=None,
        help_text="La structure choisie et toutes celles qui en dépendent.",
    )
    file = forms.FileField(
        label="Fichier",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        scopes: StructureQuerySet | None,
    ) -> None:
        super().__init__(data, files)
        self.only = None
        most = largest_uploaded_mb()
        self.fields["file"].help_text = f"CSV, Excel (.xlsx) ou Parquet, {most} Mo au plus."
        if scopes is None:
            del self.fields["scope"]
            return
        held = list(scopes[:2])
        if len(held) == 1:
            self.only = held[0]
            del self.fields["scope"]
            return
        field: Any = self.fields["scope"]
        field.queryset = scopes

    @property
    def scope_chosen(self) -> Structure | None:
        found: Structure | None = self.cleaned_data.get("scope", self.only)
        return found


class ConfirmForm(Form):
    """The tick that jumps ask for."""

    jumps = forms.BooleanField(label="J'ai vérifié ces écarts : les chiffres sont exacts")

    def __init__(self, data: QueryDict | None = None, *, has_jumps: bool) -> None:
        super().__init__(data)
        if not has_jumps:
            del self.fields["jumps"]


class WithdrawForm(Form):
    reason = forms.CharField(
        label="Motif",
        help_text="Il reste affiché. Comme : chiffres d'un essai envoyés par erreur",
        max_length=300,
    )


class TokenForm(Form):
    """`structures` are the network's own, by code."""

    label = forms.CharField(
        label="À quoi servira-t-il ?",
        help_text="Comme : entrepôt de données, chaque nuit",
        max_length=100,
    )
    code = forms.CharField(
        label="Limité à une structure et à celles qui en dépendent",
        help_text="Son identifiant. Laissez vide pour tout le réseau.",
        max_length=150,
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, structures: StructureQuerySet) -> None:
        super().__init__(data)
        self.structures = structures
        self.scope: Structure | None = None

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if code:
            self.scope = self.structures.filter(code=code).first()
            if self.scope is None:
                raise forms.ValidationError(
                    f"Aucune structure de ce réseau n'a l'identifiant « {code} » : copiez-le "
                    "depuis la page de la structure ou le fichier modèle."
                )
        return code


class CommentForm(Form):
    """What a structure says, in public, of one of its figures."""

    text = forms.CharField(
        label="Votre commentaire",
        help_text="Public, en texte simple, 1 000 caractères au plus. Ne nommez personne : ni "
        "usager, ni agent.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=1_000,
    )
    signed_as = forms.CharField(
        label="Signé par",
        help_text="Une fonction, jamais un nom : la direction de l'agence",
        max_length=150,
    )
