"""The facts of a structure, in four short forms."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from guichet.core.errors import RuleViolation
from guichet.directory import entries
from guichet.directory.agent_forms.fields import (
    EntryField,
    FieldGroup,
    FieldRow,
    GroupedForm,
    lines_field,
    rows,
)
from guichet.directory.models import Accessibility, Structure
from guichet.directory.phones import region_of_commune

MOST_ROWS = 12
SPARE_ROWS = 2


class FactsForm(GroupedForm):
    """`slug` names it in addresses; `values()` are what `correct_structure` takes."""

    slug: ClassVar[str]
    title: ClassVar[str]
    marks_optional_fields = False

    def __init__(self, data: Any = None, *, structure: Structure) -> None:
        self.structure = structure
        super().__init__(data, initial=self.held(structure))

    def held(self, structure: Structure) -> dict[str, Any]:
        """What the fields show first."""
        return {name: getattr(structure, name) for name in self.base_fields}

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PlaceForm(FactsForm):
    slug, title = "adresse", "Adresse et accès"

    address_lines = lines_field(
        partial(entries.text_lines, most=entries.MOST_LINES),
        label="Adresse",
        help_text="Numéro et rue, puis bâtiment ou étage : une ligne pour chacun",
    )
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        required=False,
        error_messages={"invalid": "Un code postal a cinq chiffres. Exemple : 59000."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}),
    )
    town = forms.CharField(label="Ville", max_length=120, required=False)
    position = EntryField(
        entries.position,
        empty=None,
        label="Position sur la carte",
        help_text="Latitude puis longitude, recopiées d'une carte en ligne : 50.63297, 3.05858",
        required=False,
    )
    accessibility = forms.ChoiceField(
        label="Accès en fauteuil roulant",
        choices=[
            (Accessibility.FULL.value, "Oui"),
            (Accessibility.ON_REQUEST.value, "Oui, en prévenant avant"),
            (Accessibility.NONE.value, "Non"),
            ("", "Je ne sais pas"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    accessibility_note = forms.CharField(
        label="Précision d'accès",
        help_text="Par exemple : entrée par la cour, sonner à l'arrivée",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def held(self, structure: Structure) -> dict[str, Any]:
        held = {name: getattr(structure, name) for name in self.base_fields if name != "position"}
        held["address_lines"] = "\n".join(structure.address_lines)
        held["position"] = entries.position_text(structure)
        return held

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        latitude, longitude = values.pop("position") or (None, None)
        if "position" in self.changed_data:
            values |= {"latitude": latitude, "longitude": longitude}
        return values

    def groups(self) -> list[FieldGroup]:
        return [
            FieldGroup("Adresse", rows("address_lines", "postal_code,town")),
            FieldGroup("Sur la carte", rows("position")),
            FieldGroup("Accès", rows("accessibility", "accessibility_note")),
        ]


class ContactForm(FactsForm):
    """Rows of telephones and pages are numbered fields: those held, and two spare ones."""

    slug, title = "joindre", "Téléphone, courriel et site"

    emails = lines_field(
        lambda text: [entries.email_entry(line) for line in entries.text_lines(text, most=10)],
        label="Courriels",
        help_text="Une adresse par ligne, lue régulièrement",
    )
    contact_form = EntryField(
        entries.web_address,
        label="Formulaire de contact",
        help_text="Adresse de la page. Exemple : https://www.exemple.fr/contact",
        required=False,
        widget=forms.URLInput,
    )

    def __init__(self, data: Any = None, *, structure: Structure) -> None:
        super().__init__(data, structure=structure)
        self.phone_rows = self.add_rows("phone", phone_fields, structure.phones)
        self.site_rows = self.add_rows("site", link_fields, structure.websites)
        self.social_rows = self.add_rows("social", link_fields, structure.social_links)

    def held(self, structure: Structure) -> dict[str, Any]:
        held = {"emails": "\n".join(structure.emails), "contact_form": structure.contact_form}
        for number, phone in enumerate(structure.phones):
            held |= {f"phone_{number}": phone["display"], f"phone_{number}_label": phone["label"]}
        for prefix, links in (("site", structure.websites), ("social", structure.social_links)):
            for number, link in enumerate(links):
                held |= {
                    f"{prefix}_{number}": link["url"],
                    f"{prefix}_{number}_label": link["label"],
                }
        return held

    def add_rows(self, prefix: str, fields: Any, held: list[Any]) -> tuple[FieldRow, ...]:
        """Add a pair of fields for each value held, and spare pairs."""
        count = min(MOST_ROWS, len(held) + SPARE_ROWS)
        names = [f"{prefix}_{number}" for number in range(count)]
        for number, name in enumerate(names):
            self.fields[name], self.fields[f"{name}_label"] = fields(number)
        return tuple(FieldRow(name, f"{name}_label") for name in names)

    def clean(self) -> dict[str, Any]:
        region = region_of_commune(self.structure.commune_id or "")
        read_phone = partial(entries.phone_entry, region=region)
        self.phones = self.entries_of(self.phone_rows, read_phone, "number")
        self.websites = self.entries_of(self.site_rows, entries.link_entry, "url")
        self.social_links = self.entries_of(self.social_rows, entries.link_entry, "url")
        return self.cleaned_data

    def entries_of(self, pairs: tuple[FieldRow, ...], read: Any, key: str) -> list[dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for pair in pairs:
            name = pair.first
            typed, label = self.cleaned_data.get(name, ""), self.cleaned_data.get(pair.second, "")
            if not typed:
                if label:
                    self.add_error(name, f"Vous avez écrit « {label} » sans rien devant.")
                continue
            try:
                entry = read(typed, label)
            except RuleViolation as error:
                self.add_error(name, ValidationError(str(error)))
            else:
                found.setdefault(entry[key], entry)
        return list(found.values())

    def values(self) -> dict[str, Any]:
        return {
            "phones": self.phones,
            "emails": self.cleaned_data["emails"],
            "contact_form": self.cleaned_data["contact_form"],
            "websites": self.websites,
            "social_links": self.social_links,
        }

    def groups(self) -> list[FieldGroup]:
        spare = "Pour en retirer un, videz sa case."
        return [
            FieldGroup("Téléphones", self.phone_rows, spare),
            FieldGroup("Écrire", rows("emails", "contact_form")),
            FieldGroup("Sites internet", self.site_rows, spare),
            FieldGroup("Réseaux sociaux", self.social_rows, spare),
        ]


class RemoteForm(FactsForm):
    slug, title = "distance", "Rendez-vous et services à distance"

    appointment_url = EntryField(
        entries.web_address,
        label="Prise de rendez-vous en ligne",
        help_text="Adresse de la page",
        required=False,
        widget=forms.URLInput,
    )
    chat_url = EntryField(
        entries.web_address,
        label="Messagerie instantanée",
        help_text="Adresse de la page",
        required=False,
        widget=forms.URLInput,
    )
    video_url = EntryField(
        entries.web_address,
        label="Rendez-vous en vidéo",
        help_text="Adresse de la page",
        required=False,
        widget=forms.URLInput,
    )
    relay_phone = forms.CharField(
        label="Relais pour les personnes sourdes ou malentendantes",
        help_text="Un numéro, ou l'adresse d'un service comme Acceo ou Elioz",
        max_length=250,
        required=False,
    )

    def groups(self) -> list[FieldGroup]:
        return [FieldGroup("", rows("appointment_url", "chat_url", "video_url", "relay_phone"))]


class PresentationForm(FactsForm):
    slug, title = "presentation", "Nom et informations"

    name = forms.CharField(label="Nom", max_length=300)
    acronym = forms.CharField(label="Sigle", max_length=60, required=False)
    information = forms.CharField(
        label="Bon à savoir avant de venir",
        help_text="Services rendus, pièces à apporter, file d'attente… Sans nom de personne.",
        max_length=entries.LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    partners = lines_field(
        partial(entries.text_lines, most=40),
        label="Partenaires présents",
        help_text="Un par ligne. Par exemple : permanence de la CPAM le mardi",
        height=4,
    )

    def held(self, structure: Structure) -> dict[str, Any]:
        return super().held(structure) | {"partners": "\n".join(structure.partners)}

    def groups(self) -> list[FieldGroup]:
        return [FieldGroup("", rows("name", "acronym", "information", "partners"))]


FACTS_FORMS: dict[str, type[FactsForm]] = {
    form.slug: form for form in (PlaceForm, ContactForm, RemoteForm, PresentationForm)
}


def phone_fields(number: int) -> tuple[forms.Field, forms.Field]:
    return (
        forms.CharField(
            label=f"Numéro {number + 1}",
            max_length=40,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "tel", "type": "tel"}),
        ),
        forms.CharField(
            label=f"À quoi sert le numéro {number + 1}",
            max_length=entries.LONGEST_LABEL,
            required=False,
        ),
    )


def link_fields(number: int) -> tuple[forms.Field, forms.Field]:
    return (
        forms.CharField(
            label=f"Adresse de la page {number + 1}",
            max_length=entries.LONGEST_ADDRESS,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "url"}),
        ),
        forms.CharField(
            label=f"Titre de la page {number + 1}",
            max_length=entries.LONGEST_LABEL,
            required=False,
        ),
    )
