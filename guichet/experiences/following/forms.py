"""Forms of the author's page and of visitors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import widgets

from guichet.accounts.trapped_forms import TrappedForm
from guichet.core.text import in_paragraphs
from guichet.core.words import grouped
from guichet.directory.models import Network
from guichet.experiences.following.actions.reports import Outcome
from guichet.experiences.following.actions.saying import LONGEST_SECOND_WORD
from guichet.experiences.models import ContentReport, Reply
from guichet.experiences.sharing.forms import departement_choices
from guichet.moderation.models import RefusalReason
from guichet.ui.components.content import written_date
from guichet.ui.forms import Form, HintedLabel

PRIVATE = (
    "N'écrivez ni nom, ni numéro, ni adresse : ce texte peut devenir public après une relecture."
)
LONGEST_REPORT = 1000
THE_STORY = "recit"


def too_long(longest: int) -> str:
    """An error that says the limit as everything else does, « 1 000 »."""
    return f"{grouped(longest)} caractères au plus : gardez l'essentiel."


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
        error_messages={
            "required": "Écrivez ce que vous voulez ajouter.",
            "max_length": too_long(LONGEST_SECOND_WORD),
        },
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
        help_text="Nous y envoyons un lien à confirmer. Exemple : nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ContentReportForm(TrappedForm):
    """What is wrong with a story: the fields of article 16 of the Digital Services Act."""

    about_reply = forms.ChoiceField(
        label="Que signalez-vous ?",
        widget=widgets.RadioSelect,
        error_messages={"required": "Choisissez ce que vous signalez."},
    )
    topic = forms.ChoiceField(
        label="Qu'est-ce qui pose problème ?",
        choices=[(value, str(label).capitalize()) for value, label in ContentReport.Topic.choices],
        widget=widgets.RadioSelect,
    )
    message = forms.CharField(
        label="Expliquez pourquoi",
        help_text="Dites quels mots posent problème, et pourquoi. Seuls les modérateurs vous "
        f"lisent. {grouped(LONGEST_REPORT)} caractères au plus.",
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Dites en quelques mots ce qui pose problème.",
            "max_length": too_long(LONGEST_REPORT),
        },
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
        error_messages={"required": "Cochez cette case : la loi nous demande cette déclaration."},
    )

    def __init__(
        self, data: Any = None, *, about: str, replies: Sequence[Reply] = (), picked: str = ""
    ) -> None:
        """`replies` are those that may be reported; `picked` is the key of one."""
        self.replies = {str(one.pk): one for one in replies}
        super().__init__(
            data,
            about=about,
            initial={"about_reply": picked if picked in self.replies else THE_STORY},
        )
        field = self.fields["about_reply"]
        assert isinstance(field, forms.ChoiceField)
        answers = [(key, named(one)) for key, one in self.replies.items()]
        field.choices = [(THE_STORY, "Le récit"), *answers]
        field.required = bool(answers)

    @property
    def fields_to_draw(self) -> str:
        """A choice of one is none."""
        drawn = "topic,message,name,email,good_faith,seen"
        return f"about_reply,{drawn}" if self.replies else drawn

    def clean_about_reply(self) -> Reply | None:
        return self.replies.get(self.cleaned_data["about_reply"])

    def clean_message(self) -> str:
        message = in_paragraphs(self.cleaned_data["message"])
        if not message:
            raise ValidationError("Dites en quelques mots ce qui pose problème.")
        return message


class SettleForm(Form):
    """What a moderator does of a report."""

    marks_optional_fields = False

    outcome = forms.ChoiceField(label="Votre décision", widget=widgets.RadioSelect)
    reason = forms.ChoiceField(
        label="Si vous retirez : pourquoi",
        help_text="Qui a écrit ce que vous retirez lira cette raison. Celle d'une réponse retirée "
        "est publique.",
        choices=[("", "Choisissez"), *RefusalReason.choices],
        required=False,
    )
    words = forms.CharField(
        label="Votre explication",
        help_text="Pour la personne qui signale, si elle a laissé une adresse, et pour l'agent "
        "dont vous retirez la réponse. Ne citez personne.",
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, replies: Sequence[Reply] = ()) -> None:
        """`replies` are those that may be removed, one by one."""
        self.replies = {f"{Outcome.ANSWER_REMOVED}-{one.pk}": one for one in replies}
        super().__init__(data)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (Outcome.KEPT.value, "Tout laisser en ligne"),
            *((key, removal_choice(one)) for key, one in self.replies.items()),
            (
                Outcome.REMOVED.value,
                HintedLabel(
                    "Retirer le récit et ses réponses",
                    "Tout disparaît aussitôt, l'auteur est prévenu. Les autres signalements de ce "
                    "récit sont réglés de la même façon.",
                ),
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """`reply` is the answer to remove, when `outcome` is to remove one."""
        values: dict[str, Any] = super().clean() or {}
        chosen = values.get("outcome")
        values["reply"] = self.replies.get(chosen or "")
        if values["reply"] is not None:
            values["outcome"] = Outcome.ANSWER_REMOVED.value
        if chosen and chosen != Outcome.KEPT and not values.get("reason"):
            self.add_error("reason", "Choisissez pourquoi vous le retirez.")
        return values


def removal_choice(reply: Reply) -> HintedLabel:
    what = "Retirer le complément" if reply.addition_to_id else "Retirer la réponse"
    return HintedLabel(
        f"{what} {of_service(reply)}",
        "Le récit reste. La raison et la date prennent la place du texte ; l'agent et l'auteur "
        "sont prévenus.",
    )


def named(reply: Reply) -> str:
    """ "La réponse de « Mairie de Brest », le 3 mai 2026"."""
    return f"{'Le complément' if reply.addition_to_id else 'La réponse'} {of_service(reply)}"


def of_service(reply: Reply) -> str:
    return f"de « {reply.structure or reply.addressee} », le {written_date(reply.published_at)}"


class SubscribeForm(TrappedForm):
    """News of one thing, by mail."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Nous y envoyons un lien à confirmer. Elle ne sert à rien d'autre. Exemple : "
        "nom@exemple.fr",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ThingToFollowForm(Form):
    """A network or a département, to choose in a list."""

    marks_optional_fields = False

    reseau = forms.ChoiceField(label="Réseau", required=False)
    departement = forms.ChoiceField(label="Département", required=False)

    def __init__(self) -> None:
        super().__init__()
        networks = Network.objects.values_list("code", "name")
        self.fields["reseau"].choices = [("", "Choisissez"), *networks]  # type: ignore[attr-defined]
        areas = departement_choices()
        self.fields["departement"].choices = [("", "Choisissez"), *areas]  # type: ignore[attr-defined]
