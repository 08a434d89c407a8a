"""Forms of the author's page and of visitors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import widgets

from guichet.accounts.trapped_forms import TrappedForm
from guichet.core.text import in_paragraphs
from guichet.core.words import grouped
from guichet.experiences.following.actions.reports import Outcome
from guichet.experiences.following.actions.saying import LONGEST_SECOND_WORD
from guichet.experiences.models import ContentReport
from guichet.moderation.models import RefusalReason
from guichet.ui.forms import Form, HintedLabel

PRIVATE = (
    "N'écrivez ni nom, ni numéro, ni adresse : ce texte peut devenir public après une relecture."
)


class CodeForm(Form):
    """A follow-up code typed back."""

    code = forms.CharField(
        label="Votre code de suivi",
        help_text="Douze lettres et chiffres, par exemple K7M4-Q2XT-C3F9. Les tirets et les "
        "majuscules ne comptent pas.",
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class SecondWordForm(Form):
    """One word more, after the answers."""

    text = forms.CharField(
        label="Ce que vous voulez ajouter",
        help_text=f"{PRIVATE} {grouped(LONGEST_SECOND_WORD)} caractères au plus.",
        max_length=LONGEST_SECOND_WORD,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": "Écrivez ce que vous voulez ajouter."},
    )

    def clean_text(self) -> str:
        text = in_paragraphs(self.cleaned_data["text"])
        if not text:
            raise ValidationError("Écrivez ce que vous voulez ajouter.")
        return text


class AddressForm(Form):
    """Another address for the news."""

    email = forms.EmailField(
        label="Nouvelle adresse électronique",
        help_text="Nous y envoyons un lien à confirmer. Exemple : nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ContentReportForm(TrappedForm):
    """What is wrong with a story: the fields of article 16 of the Digital Services Act."""

    topic = forms.ChoiceField(
        label="Qu'est-ce qui pose problème ?",
        choices=[(value, str(label).capitalize()) for value, label in ContentReport.Topic.choices],
        widget=widgets.RadioSelect,
    )
    message = forms.CharField(
        label="Expliquez pourquoi",
        help_text="Dites quels mots posent problème, dans le récit ou dans la réponse, et "
        "pourquoi. Seuls les modérateurs vous lisent.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Dites en quelques mots ce qui pose problème."},
    )
    name = forms.CharField(
        label="Votre nom",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Pour recevoir notre réponse. Votre nom et votre adresse sont effacés ensuite.",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    good_faith = forms.BooleanField(
        label="Je pense de bonne foi que ce que je signale est exact et complet",
        error_messages={"required": "Cochez cette case : la loi nous demande cette déclaration."},
    )

    def clean_message(self) -> str:
        message = in_paragraphs(self.cleaned_data["message"])
        if not message:
            raise ValidationError("Dites en quelques mots ce qui pose problème.")
        return message


class SettleForm(Form):
    """What a moderator does of a report."""

    outcome = forms.ChoiceField(
        label="Votre décision",
        choices=[
            (Outcome.KEPT.value, "Laisser le récit en ligne"),
            (
                Outcome.REMOVED.value,
                HintedLabel(
                    "Retirer le récit",
                    "Il disparaît aussitôt, son auteur est prévenu. Les autres signalements de ce "
                    "récit sont réglés de la même façon.",
                ),
            ),
        ],
        widget=widgets.RadioSelect,
    )
    reason = forms.ChoiceField(
        label="Si vous le retirez : pourquoi",
        help_text="L'auteur lira l'explication de cette raison.",
        choices=[("", "Choisissez"), *RefusalReason.choices],
        required=False,
    )
    words = forms.CharField(
        label="Explication pour la personne qui signale",
        help_text="Elle la reçoit si elle a laissé une adresse. Ne citez personne.",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("outcome") == Outcome.REMOVED and not values.get("reason"):
            self.add_error("reason", "Choisissez pourquoi le récit est retiré.")
        return values


class SubscribeForm(TrappedForm):
    """News of one thing, by mail."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Nous y envoyons un lien à confirmer. Elle ne sert à rien d'autre. Exemple : "
        "nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
