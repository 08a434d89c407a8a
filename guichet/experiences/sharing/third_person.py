"""The words of the steps for an agent who enters what somebody else tells.

Owns these words; refuses to change what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django import forms

from guichet.experiences.models import Feeling, WrittenAs
from guichet.experiences.sharing.story import BY_CODE, BY_MAIL
from guichet.ui.forms import HintedLabel

AnyForm = TypeVar("AnyForm", bound=forms.Form)


@dataclass(frozen=True)
class Words:
    """What a field says instead; empty, it says what it did."""

    label: str = ""
    hint: str = ""
    required: str = ""
    choices: tuple[tuple[str, str], ...] = ()


CHANNELS = Words(label="Comment la personne a-t-elle été en contact ?")
WORDS = {
    "description": Words(
        hint="Avec ses mots. Jamais de nom, ni de numéro de dossier. 5 000 caractères au plus",
        required="Écrivez ce qui s'est passé, même en une phrase.",
    ),
    "wished": Words(label="Qu'est-ce qui aurait aidé la personne ?"),
    "title": Words(hint="Sans titre, nous prendrons une des phrases du récit"),
    "feeling": Words(
        label="En tout, comment était-ce pour la personne ?",
        choices=(
            (Feeling.POSITIVE, "Positif : elle a été bien servie"),
            (Feeling.NEUTRAL, "Neutre : ni bien ni mal"),
            (Feeling.NEGATIVE, "Négatif : ça s'est mal passé"),
        ),
    ),
    "written_as": Words(
        label="La personne a vécu cela…",
        choices=(
            (WrittenAs.USER, "Pour elle-même"),
            (WrittenAs.RELATIVE, "Pour un proche qu'elle accompagne"),
            (WrittenAs.HELPER, "Pour une personne qu'elle aide dans ses démarches"),
            (WrittenAs.PROFESSIONAL, "En tant que professionnel"),
            (WrittenAs.ASSOCIATION, "Au nom d'une association"),
        ),
    ),
    "departement": Words(label="Son département, si elle veut"),
    "pseudonym": Words(
        label="Un pseudonyme, si elle veut",
        hint="Affiché avec son récit. Pas son vrai nom. Exemple : Grand-mère du Nord",
    ),
    "follow_by": Words(
        label="Comment veut-elle être prévenue de la réponse ?",
        choices=(
            (BY_MAIL, HintedLabel("Par courriel", "Elle confirme son récit par un lien")),
            (
                BY_CODE,
                HintedLabel(
                    "Avec un code de suivi", "Sans courriel : un code à imprimer pour elle"
                ),
            ),
        ),
    ),
    "email": Words(
        label="Son adresse électronique, si elle choisit le courriel",
        required="Écrivez son adresse, ou choisissez le code de suivi si elle n'en a pas.",
    ),
}


def in_third_person(form: AnyForm) -> AnyForm:
    """`form`, speaking to an agent about the person who tells."""
    for name, field in form.fields.items():
        words = CHANNELS if name.startswith("channels_") else WORDS.get(name)
        if words is not None:
            say(field, words)
    return form


def say(field: forms.Field, words: Words) -> None:
    field.label = words.label or field.label
    field.help_text = words.hint or field.help_text
    if words.required:
        field.error_messages["required"] = words.required
    if words.choices and isinstance(field, forms.ChoiceField):
        field.choices = words.choices
