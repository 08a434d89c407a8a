"""What an agent fills in to send a person on, and the receiving service to say what became of it.

Owns the fields and what they refuse; the rules stand in `actions.handovers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from guichet.core.errors import RuleViolation
from guichet.core.sms import is_configured
from guichet.core.text import search_text
from guichet.core.tokens import make_token, read_token
from guichet.directory.kind_search import NamedKind
from guichet.directory.models import Structure, StructureKind
from guichet.directory.reference_tables import searchable_kinds
from guichet.directory.search_page import in_order
from guichet.orientation.actions.handovers import (
    LONGEST,
    MOST_DOCUMENTS,
    mobile_number,
    told,
)
from guichet.orientation.handovers.offer import HandoverWish, Offer
from guichet.orientation.handovers.references import new_reference
from guichet.ui.forms import Form, HintedLabel

PURPOSE = "handover"
TOKEN_LIVES = timedelta(days=1)
NOBODY = "Personne, ou vous ne savez pas"
OTHER_REASON = "La raison proposée était celle d'un autre lieu : dites pourquoi celui-ci."


def wish_of(query: QueryDict, sender: Structure) -> HandoverWish:
    """The address of the agent's screen; without a commune, that of the sender."""
    where = search_text(query.get("commune", "")) if "commune" in query else commune_of(sender)
    return HandoverWish(
        text=search_text(query.get("q", "")),
        where=where,
        need=search_text(query.get("besoin", "")),
        place_name=search_text(query.get("lieu", "")),
        kind=search_text(query.get("type", "")),
        subject=search_text(query.get("objet", "")),
    )


def commune_of(structure: Structure) -> str:
    """ "Lille (59)": what to type to find this very commune."""
    commune = structure.commune
    return f"{commune.name} ({commune.departement_id})" if commune else ""


class WishForm(Form):
    """The first half of the screen, in the address."""

    marks_optional_fields = False

    q = forms.CharField(
        label="Que veut faire la personne ?",
        help_text="Quelques mots, sans nom ni numéro. Par exemple : demander le RSA",
        required=False,
    )
    commune = forms.CharField(
        label="Où habite-t-elle ?", help_text="Commune ou code postal", required=False
    )
    lieu = forms.CharField(
        label="Un lieu précis ?",
        help_text="Son nom, si vous savez où l'envoyer",
        required=False,
    )

    def __init__(self, wish: HandoverWish, *, has_focus: bool) -> None:
        super().__init__(initial={"q": wish.text, "commune": wish.where, "lieu": wish.place_name})
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        if has_focus:
            self.fields["q"].widget.attrs["autofocus"] = True


class PlaceRadios(forms.RadioSelect):
    """Each place carries its reason; the chosen one may take the focus, for Enter to send."""

    has_focus = False
    whys: dict[str, str] = {}

    def create_option(
        self, name: str, value: Any, label: Any, selected: Any, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        option = super().create_option(name, value, label, selected, *args, **kwargs)
        option["attrs"]["data-why"] = self.whys.get(str(value), "")
        if selected and self.has_focus:
            option["attrs"]["autofocus"] = True
        return option


class HandoverForm(Form):
    """The second half: one of the places of an `Offer`, and what the sheet says."""

    place = forms.ChoiceField(label="Vers quel lieu ?", widget=PlaceRadios)
    subject = forms.CharField(label="Objet", max_length=LONGEST["subject"])
    why = forms.CharField(
        label="Pourquoi ce service",
        max_length=LONGEST["why"],
        widget=forms.Textarea(attrs={"rows": 2, "data-why-of": "place"}),
    )
    documents = forms.CharField(
        label="À apporter",
        help_text="Un document par ligne",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    note = forms.CharField(
        label="Précision pour l'accueil",
        help_text="Jamais de nom, de numéro ni de détail sur la vie de la personne",
        max_length=LONGEST["note"],
        required=False,
    )
    came_from = forms.ChoiceField(
        label="Qui avait envoyé la personne ici, par erreur ?",
        help_text="Compté, sans rien de la personne. Inutile si elle avait une fiche.",
        required=False,
    )
    sheet = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, offer: Offer) -> None:
        super().__init__(
            data,
            initial={
                "place": offer.choices[0].code if offer.choices else "",
                "subject": offer.subject,
                "why": offer.why,
                "documents": "\n".join(offer.documents),
                "sheet": make_token(PURPOSE, new_reference()),
            },
        )
        self.offer = offer
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        assert isinstance(place.widget, PlaceRadios)
        place.choices = [
            (one.code, HintedLabel(one.structure.name, one.hint)) for one in offer.choices
        ]
        place.widget.whys = {one.code: one.why for one in offer.choices}
        place.widget.has_focus = data is None
        came_from = self.fields["came_from"]
        assert isinstance(came_from, forms.ChoiceField)
        came_from.choices = kind_choices(NOBODY)

    def clean_subject(self) -> str:
        return cleaned("subject", self.cleaned_data["subject"])

    def clean_why(self) -> str:
        return cleaned("why", self.cleaned_data["why"])

    def clean_note(self) -> str:
        return cleaned("note", self.cleaned_data["note"])

    def clean_documents(self) -> list[str]:
        lines = [line for line in self.cleaned_data["documents"].splitlines() if line.strip()]
        if len(lines) > MOST_DOCUMENTS:
            raise ValidationError(f"{MOST_DOCUMENTS} lignes au plus : gardez les principales.")
        return [cleaned("document", line) for line in lines]

    def clean(self) -> dict[str, Any]:
        """A reason left as it was proposed is that of the place chosen; `why` must be written for
        a place that has none."""
        values = self.cleaned_data
        chosen = self.offer.choice(values.get("place", ""))
        if chosen and self.offer.why and values.get("why") == one_line(self.offer.why):
            values["why"] = one_line(chosen.why)
            if not chosen.why:
                self.add_error("why", OTHER_REASON)
        return values

    @property
    def receiver(self) -> Structure:
        chosen = self.offer.choice(self.cleaned_data["place"])
        assert chosen is not None
        return chosen.structure

    @property
    def came_from_kind(self) -> StructureKind | None:
        return StructureKind.objects.filter(code=self.cleaned_data["came_from"]).first()

    @property
    def reference(self) -> str:
        """The one drawn when the form was shown; empty when nothing proves it."""
        try:
            token = self.cleaned_data["sheet"]
            return str(read_token(PURPOSE, token, valid_for=TOKEN_LIVES))
        except RuleViolation:
            return ""


class WrongServiceForm(Form):
    """Which service would have been right."""

    right_kind = forms.ChoiceField(
        label="Quel service aurait été le bon ?",
        help_text="Nous vous proposerons aussitôt la fiche suivante",
        required=False,
    )

    def __init__(self, data: Any = None, *, likely: Iterable[str] = ()) -> None:
        super().__init__(data)
        field = self.fields["right_kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kind_choices("Vous ne savez pas", likely=likely)

    @property
    def kind(self) -> StructureKind | None:
        return StructureKind.objects.filter(code=self.cleaned_data["right_kind"]).first()


class MailForm(Form):
    """Where to send the sheet; the address is used once."""

    email = forms.EmailField(
        label="Adresse électronique de la personne",
        help_text="Pour cet envoi seulement : elle n'est pas notée sur la fiche. "
        "Exemple : nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class SmsForm(Form):
    """The mobile to which the sheet is sent; the number is used once."""

    number = forms.CharField(
        label="Mobile de la personne",
        help_text="Pour cet envoi seulement : il n'est gardé nulle part. Exemple : 06 39 98 00 00",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, data: Any = None, *, near: Structure) -> None:
        super().__init__(data)
        self.near = near

    def clean_number(self) -> str:
        try:
            return mobile_number(self.cleaned_data["number"], near=self.near)
        except RuleViolation as error:
            raise ValidationError(str(error)) from error


def sms_form(near: Structure, data: Any = None) -> SmsForm | None:
    """None where no gateway is configured."""
    return SmsForm(data, near=near) if is_configured() else None


def cleaned(field: str, text: str) -> str:
    try:
        return told(field, text)
    except RuleViolation as error:
        raise ValidationError(str(error)) from error


def one_line(text: str) -> str:
    return " ".join(text.split())


def kind_choices(nothing: str, likely: Iterable[str] = ()) -> list[Any]:
    """Today's kinds in groups: those that are likely, the common ones, the others."""
    kinds = searchable_kinds()
    known = set(likely)
    groups = (
        ("Les plus probables", [one for one in kinds if one.code in known]),
        ("Les plus courants", [one for one in kinds if one.is_common and one.code not in known]),
        ("Les autres", [one for one in kinds if not one.is_common and one.code not in known]),
    )
    return [("", nothing), *((title, options(some)) for title, some in groups if some)]


def options(kinds: Iterable[NamedKind]) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in in_order(kinds)]
