"""The forms of the steps: what each asks, and how to mend what is missing or too long.

Owns the fields and their words; refuses to keep anything (`actions`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guichet.accounts.trapped_forms import TrappedForm
from guichet.core.text import in_paragraphs, one_line
from guichet.core.words import grouped
from guichet.directory.models import Structure
from guichet.experiences.models import Aspect, Channel, Entry, Feeling, WrittenAs
from guichet.experiences.sharing.story import BY_CODE, BY_MAIL, ChosenService, service_of
from guichet.experiences.sharing.texts import (
    LONGEST_PSEUDONYM,
    LONGEST_SERVICE_NAME,
    LONGEST_STORY,
    LONGEST_TITLE,
    LONGEST_WISH,
)
from guichet.territories.models import Departement
from guichet.ui.forms import Form, HintedLabel

IN_A_ROW = "ui/fields/choices_in_row.html"
NO_OPINION = ("", "Je ne sais pas")
FEELINGS = [
    (Feeling.POSITIVE, "Positif : j'ai été bien servi"),
    (Feeling.NEUTRAL, "Neutre : ni bien ni mal"),
    (Feeling.NEGATIVE, "Négatif : ça s'est mal passé"),
]
SHORT_FEELINGS = [(one.value, one.label) for one in Feeling]
ASPECT_QUESTIONS = {
    Aspect.ACCESSIBILITY: ("Accessibilité", "Joindre le service, s'y rendre, y entrer"),
    Aspect.INFORMATION: ("Information et explications", "Claires, complètes, justes"),
    Aspect.RELATION: ("Relation", "Accueil, écoute, respect"),
    Aspect.RESPONSIVENESS: ("Réactivité", "Attente, délais, réponses"),
    Aspect.SIMPLICITY: ("Simplicité", "Papiers à fournir, formulaires, étapes"),
}
WRITERS = [
    (WrittenAs.USER, "Pour moi-même"),
    (WrittenAs.RELATIVE, "Pour un proche que j'accompagne"),
    (WrittenAs.HELPER, "Pour une personne que j'aide dans ses démarches"),
    (WrittenAs.PROFESSIONAL, "En tant que professionnel"),
    (WrittenAs.ASSOCIATION, "Au nom d'une association"),
]
CHANNELS = [
    (Channel.DESK, "Sur place"),
    (Channel.APPOINTMENT, "Sur rendez-vous"),
    (Channel.PHONE, "Par téléphone"),
    (Channel.ONLINE, "En ligne"),
    (Channel.MAIL, "Par courriel"),
    (Channel.POST, "Par courrier"),
]


class LongText(forms.CharField):
    """A text of several lines, tidied; one too long is given back whole, with by how much."""

    def __init__(self, *, longest: int, rows: int, **options: Any) -> None:
        self.longest = longest
        attrs = {"rows": rows, "data-longest": longest, "autocomplete": "off"}
        super().__init__(widget=forms.Textarea(attrs=attrs), strip=False, **options)

    def clean(self, value: Any) -> str:
        text = in_paragraphs(str(value or ""))
        if self.required and not text:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(text) > self.longest:
            raise ValidationError(
                f"Votre texte fait {grouped(len(text))} caractères : {grouped(self.longest)} au "
                f"plus. Enlevez-en {grouped(len(text) - self.longest)}, ou gardez l'essentiel."
            )
        return text

    def has_changed(self, initial: Any, data: Any) -> bool:
        """A browser ends lines otherwise than what is kept."""
        return in_paragraphs(str(data or "")) != in_paragraphs(str(initial or ""))


class Line(forms.CharField):
    """A text of one line, tidied."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        super().__init__(strip=False, **options)

    def clean(self, value: Any) -> str:
        text = one_line(str(value or ""))
        if self.required and not text:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(text) > self.longest:
            raise ValidationError(
                f"{grouped(self.longest)} caractères au plus : vous en avez écrit "
                f"{grouped(len(text))}."
            )
        return text


class StartForm(TrappedForm):
    """The service picked in a list, or typed because it is not there; a draft is made of it."""

    marks_optional_fields = False

    service = forms.CharField(required=False, max_length=150)
    name = Line(
        longest=LONGEST_SERVICE_NAME,
        label="Nom du service",
        help_text="Comme il est écrit sur la porte ou sur un courrier",
        required=False,
    )
    place = Line(longest=120, label="Ville (facultatif)", required=False)


class UnlistedForm(Form):
    """A service that is not in the directory."""

    name = Line(
        longest=LONGEST_SERVICE_NAME,
        label="Nom du service",
        help_text="Comme il est écrit sur la porte ou sur un courrier",
        error_messages={"required": "Écrivez le nom du service."},
    )
    place = Line(longest=120, label="Ville", required=False)


class ChannelsForm(Form):
    """How the person was in touch with each of the services."""

    def __init__(self, data: Any = None, *, services: tuple[ChosenService, ...]) -> None:
        self.services = services
        super().__init__(
            data, initial={f"channels_{at}": one.channels for at, one in enumerate(services)}
        )
        for at in range(len(services)):
            field = forms.MultipleChoiceField(
                label="Comment avez-vous été en contact ?",
                choices=[(channel.value, label) for channel, label in CHANNELS],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
            field.template_name = IN_A_ROW  # type: ignore[attr-defined]
            self.fields[f"channels_{at}"] = field

    def chosen(self) -> list[ChosenService]:
        return [
            ChosenService(one.name, one.code, one.place, tuple(self.cleaned_data[f"channels_{at}"]))
            for at, one in enumerate(self.services)
        ]


class CautionedForm(Form):
    """A form that may be pressed a second time: `heeded` is the mark of the cautions shown."""

    heeded = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class StoryForm(CautionedForm):
    """What happened, what would have helped, and a title."""

    description = LongText(
        longest=LONGEST_STORY,
        rows=10,
        label="Que s'est-il passé ?",
        help_text="Avec vos mots. Jamais de nom, ni de numéro de dossier. 5 000 caractères au plus",
        error_messages={"required": "Racontez ce qui s'est passé, même en une phrase."},
    )
    wished = LongText(
        longest=LONGEST_WISH,
        rows=3,
        label="Qu'est-ce qui vous aurait aidé ?",
        help_text="Une idée simple peut changer les choses. 2 000 caractères au plus",
        required=False,
    )
    title = Line(
        longest=LONGEST_TITLE,
        label="Un titre",
        help_text="Si vous n'en donnez pas, nous prendrons une de vos phrases",
        required=False,
    )


class FeelingForm(Form):
    """The feeling, and five aspects that nobody has to judge."""

    marks_optional_fields = False

    feeling = forms.ChoiceField(
        label="En tout, comment était-ce ?",
        choices=[(one.value, label) for one, label in FEELINGS],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for aspect, (label, hint) in ASPECT_QUESTIONS.items():
            field = forms.ChoiceField(
                label=label,
                help_text=hint,
                choices=[*SHORT_FEELINGS, NO_OPINION],
                widget=forms.RadioSelect,
                required=False,
            )
            field.template_name = IN_A_ROW  # type: ignore[attr-defined]
            self.fields[aspect.value] = field

    @property
    def aspects_only(self) -> str:
        return ",".join(one.value for one in ASPECT_QUESTIONS)


class AuthorForm(CautionedForm):
    """Who writes, where, under which name, and how to learn of the answer."""

    marks_optional_fields = False

    written_as = forms.ChoiceField(
        label="Vous écrivez…",
        choices=[(one.value, label) for one, label in WRITERS],
        widget=forms.RadioSelect,
    )
    departement = forms.ChoiceField(label="Votre département, si vous voulez", required=False)
    pseudonym = Line(
        longest=LONGEST_PSEUDONYM,
        label="Un pseudonyme, si vous voulez",
        help_text="Affiché avec votre récit. Pas votre vrai nom. Exemple : Grand-mère du Nord",
        required=False,
    )
    follow_by = forms.ChoiceField(
        label="Comment voulez-vous être prévenu de la réponse ?",
        choices=[
            (BY_MAIL, HintedLabel("Par courriel", "Vous confirmez votre récit par un lien")),
            (
                BY_CODE,
                HintedLabel("Avec un code de suivi", "Sans courriel : un code à noter, à imprimer"),
            ),
        ],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label="Votre adresse électronique, si vous choisissez le courriel",
        help_text="Jamais affichée, jamais donnée au service. Exemple : nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        required=False,
        error_messages={
            "required": "Écrivez votre adresse, ou choisissez le code de suivi si vous n'en avez "
            "pas."
        },
    )

    def __init__(self, data: Any = None, *, initial: Any = None, is_amended: bool = False) -> None:
        super().__init__(data, initial=initial)
        departement = self.fields["departement"]
        assert isinstance(departement, forms.ChoiceField)
        departement.choices = [("", "Choisissez, ou laissez vide"), *departement_choices()]
        if is_amended:
            del self.fields["follow_by"], self.fields["email"]

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("follow_by") == BY_MAIL and "email" in values and not values["email"]:
            self.add_error("email", self.fields["email"].error_messages["required"])
        return values

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        domain = email.rpartition("@")[2]
        if email and ("." not in domain or domain.startswith("[")):
            raise ValidationError("Écrivez une adresse complète, comme nom@exemple.fr.")
        return email


def departement_choices() -> list[tuple[str, str]]:
    return [
        (code, f"{name} ({code})")
        for code, name in Departement.objects.values_list("code", "name").order_by("code")
    ]


class ReviewForm(TrappedForm):
    """The last button; an agent ticks that the person agrees."""

    consent = forms.BooleanField(
        label="J'ai relu ce récit à la personne : il est fidèle, et elle accepte qu'il soit publié",
    )

    def __init__(self, data: Any = None, *, about: str, asks_consent: bool) -> None:
        super().__init__(data, about=about)
        if not asks_consent:
            del self.fields["consent"]


class EnterForm(Form):
    """How an agent hears the story, and where."""

    at = forms.ChoiceField(label="Votre lieu")
    entry = forms.ChoiceField(
        label="La personne vous parle…",
        choices=[
            (Entry.COUNTER.value, "Au guichet"),
            (Entry.TELEPHONE.value, "Par téléphone"),
        ],
        widget=forms.RadioSelect,
        initial=Entry.COUNTER.value,
    )
    about_here = forms.BooleanField(
        label="Son récit parle de ce lieu",
        help_text="Sinon, vous chercherez le service à l'étape suivante",
        required=False,
    )

    def __init__(self, data: Any = None, *, places: Iterable[Structure], picked: str = "") -> None:
        super().__init__(data, initial={"at": picked})
        self.places = {one.code: one for one in places}
        field = self.fields["at"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, service_of(one).label) for code, one in self.places.items()]

    @property
    def place(self) -> Structure:
        return self.places[self.cleaned_data["at"]]


class MailLinkForm(TrappedForm):
    """Where to send the link that finishes later."""

    email = forms.EmailField(
        label="Votre adresse électronique",
        help_text="Pour cet envoi seulement. Exemple : nom@exemple.fr",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
