"""Forms of the agents' pages: they keep what was typed; the rules stand in `actions`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from guichet.accounts.models import User
from guichet.core.words import grouped
from guichet.directory.agent_forms.days import day_field
from guichet.directory.models import Network, Structure
from guichet.experiences.answering.actions.assignments import LONGEST_NOTE
from guichet.experiences.answering.actions.passages import LONGEST_REASON
from guichet.experiences.answering.actions.promises import LONGEST, PromiseWish, wish_in
from guichet.experiences.answering.actions.replies import stamp_of
from guichet.experiences.answering.clocks import LONGEST_TARGET
from guichet.experiences.answering.inbox import (
    DUE_LATER,
    DUE_TODAY,
    DUE_WEEK,
    LATE,
    InboxWish,
)
from guichet.experiences.answering.templates import LONGEST_TEMPLATE
from guichet.experiences.answering.texts import LONGEST_ANSWER, LONGEST_SIGNATURE
from guichet.experiences.models import (
    Addressee,
    AnswerTemplate,
    Aspect,
    Feeling,
    NotificationChoice,
    Reply,
    ReplyDraft,
)
from guichet.indicators.models import Indicator, IndicatorVersion
from guichet.ui.forms import Form, HintedLabel, ModelForm

MOST_PLACES = 60
ADDITION_LABEL = "Votre complément"
SIGNATURE_LABEL = "Signature : votre fonction"
SIGNATURE_HINT = "Jamais votre nom. Par exemple : La direction de l'accueil"
TOO_LONG = {
    "max_length": f"{grouped(LONGEST_ANSWER)} caractères au plus : vous en avez écrit "
    "%(show_value)s."
}


class InboxFilters(Form):
    """In the address."""

    marks_optional_fields = False

    q = forms.CharField(label="Mots du récit ou nom du service", required=False)
    reseau = forms.ChoiceField(label="Réseau", required=False)
    service = forms.ChoiceField(label="Service", required=False)
    ressenti = forms.ChoiceField(
        label="Ressenti", required=False, choices=[("", "Tous"), *Feeling.choices]
    )
    aspect = forms.ChoiceField(
        label="Aspect à améliorer", required=False, choices=[("", "Tous"), *Aspect.choices]
    )
    echeance = forms.ChoiceField(
        label="Échéance",
        required=False,
        choices=[
            ("", "Toutes"),
            (LATE, "Dépassée"),
            (DUE_TODAY, "Aujourd'hui"),
            (DUE_WEEK, "D'ici sept jours"),
            (DUE_LATER, "Plus tard"),
        ],
    )

    def __init__(
        self,
        data: Any,
        *,
        services: Sequence[tuple[str, str]],
        networks: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        choices_of(self, "reseau", [("", "Tous"), *networks])
        if not networks:
            del self.fields["reseau"]
        choices_of(self, "service", [("", "Tous"), *services])

    def wish(self, tab: str, structure: Structure | None) -> InboxWish:
        """What was chosen; nothing is listed for a choice that does not exist."""
        self.is_valid()
        chosen = self.cleaned_data
        return InboxWish(
            tab=tab,
            structure=structure,
            network=chosen.get("reseau", ""),
            service=chosen.get("service", ""),
            feeling=chosen.get("ressenti", ""),
            aspect=chosen.get("aspect", ""),
            due=chosen.get("echeance", ""),
            text=chosen.get("q", ""),
            is_refused=any(name != "q" for name in self.errors),
        )


def choices_of(form: forms.BaseForm, name: str, choices: Iterable[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class PromiseFields(Form):
    """What an answer promises; nothing is required of it."""

    marks_optional_fields = False

    promise_what = forms.CharField(
        label="Ce qui va changer",
        help_text="Laissez vide si vous ne promettez rien. "
        "Par exemple : un second guichet ouvert le matin",
        max_length=LONGEST,
        required=False,
    )
    promise_where = forms.ChoiceField(label="Où", required=False)
    promise_due_on = day_field(
        label="Au plus tard le",
        help_text="L'usager sera interrogé ce jour-là : « est-ce que ça a changé ? »",
        required=False,
    )
    promise_indicator = forms.ChoiceField(label="Indicateur qui devrait le montrer", required=False)

    def __init__(
        self, data: Any, *, initial: dict[str, Any], addressee: Addressee, wish: PromiseWish | None
    ) -> None:
        super().__init__(data, initial={**initial, **initial_promise(wish)})
        places, indicators = places_of(addressee.structure), indicator_choices(addressee.network)
        chosen = wish.where if wish else None
        if chosen is not None and chosen.code not in dict(places):
            places.append((chosen.code, chosen.name))
        choices_of(self, "promise_where", places)
        choices_of(self, "promise_indicator", [("", "Aucun"), *indicators])

    def promise(self) -> PromiseWish | None:
        """What was typed of a promise, complete or not; None when nothing was."""
        typed = self.cleaned_data
        if not typed.get("promise_what") and not typed.get("promise_due_on"):
            return None
        return PromiseWish(
            what=typed.get("promise_what", ""),
            due_on=typed.get("promise_due_on"),
            where=Structure.objects.filter(code=typed.get("promise_where", "")).first(),
            indicator=Indicator.objects.filter(code=typed.get("promise_indicator", "")).first(),
        )

    @property
    def has_promise(self) -> bool:
        """Something of a promise is typed or kept: its fields are shown at once."""
        return any(self[name].value() for name in ("promise_what", "promise_due_on"))


def initial_promise(wish: PromiseWish | None) -> dict[str, Any]:
    return {
        "promise_what": wish.what if wish else "",
        "promise_due_on": wish.due_on if wish else None,
        "promise_where": wish.where.code if wish and wish.where else "",
        "promise_indicator": wish.indicator.code if wish and wish.indicator else "",
    }


class AnswerForm(PromiseFields):
    """The answer, its signature and its promise; `version` is that of the draft it started from,
    `seen_reply` the latest answer that its agent saw.

    Nothing is required of a draft.
    """

    field_order = ("text", "signature", "modele")

    text = forms.CharField(
        label="Votre réponse",
        help_text="Publique. Dites ce qui s'est passé, ce qui change, et quoi faire. "
        "Sans nom ni numéro de dossier.",
        max_length=LONGEST_ANSWER,
        required=False,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    signature = forms.CharField(
        label=SIGNATURE_LABEL,
        help_text=SIGNATURE_HINT,
        max_length=LONGEST_SIGNATURE,
        required=False,
    )
    modele = forms.ChoiceField(label="Partir d'un modèle", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen_reply = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        addressee: Addressee,
        draft: ReplyDraft | None,
        signature: str,
        templates: Iterable[AnswerTemplate],
        is_addition: bool = False,
        seen_reply: int = 0,
    ) -> None:
        super().__init__(
            data,
            initial={**initial_of(draft, signature), "seen_reply": seen_reply},
            addressee=addressee,
            wish=wish_in(draft.promise) if draft else None,
        )
        if is_addition:
            self.fields["text"].label = ADDITION_LABEL
        self.templates = {str(one.pk): one for one in templates}
        choices_of(
            self,
            "modele",
            [("", "Aucun"), *((key, one.title) for key, one in self.templates.items())],
        )
        if not self.templates:
            del self.fields["modele"]

    def with_template(self) -> str:
        """The text typed, followed by the template chosen."""
        text: str = self.cleaned_data.get("text", "")
        chosen = self.templates.get(self.cleaned_data.get("modele", ""))
        return f"{text}\n\n{chosen.text}".strip() if chosen else text

    def showing(self, version: int, seen_reply: int | None = None) -> AnswerForm:
        """The same typed values, from now on started from `version`, after `seen_reply`."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["version"] = str(version)
        if seen_reply is not None:
            typed["seen_reply"] = str(seen_reply)
        self.data = typed
        return self


def initial_of(draft: ReplyDraft | None, signature: str) -> dict[str, Any]:
    if draft is None:
        return {"signature": signature, "version": 0}
    return {
        "text": draft.text,
        "signature": draft.signature or signature,
        "version": draft.version,
    }


def places_of(structure: Structure | None) -> list[tuple[str, str]]:
    """Where a promise may hold: the service, those above and right under."""
    if structure is None:
        return [("", "Sans lieu précis")]
    above = Structure.objects.above(structure).exclude(pk=structure.pk)
    under = structure.children.filter(closed_on=None)
    others = [*above.order_by("-path__depth"), *under.order_by("name")[:MOST_PLACES]]
    return [(one.code, one.name) for one in (structure, *others)]


def indicator_choices(network: Network | None) -> list[tuple[str, str]]:
    """The indicators of the programme and of the network, under their latest title."""
    versions = (
        IndicatorVersion.objects.filter(indicator__retired_on=None)
        .filter(Q(indicator__owner=None) | Q(indicator__owner=network))
        .order_by("indicator_id", "-number")
        .distinct("indicator_id")
        .select_related("indicator")
    )
    return sorted(((one.indicator.code, one.title) for one in versions), key=lambda one: one[1])


class AssignForm(Form):
    marks_optional_fields = False

    person = forms.ChoiceField(label="Confier à", required=False)

    def __init__(self, data: Any = None, *, people: Iterable[User], initial: str = "") -> None:
        super().__init__(data, initial={"person": initial})
        self.people = {str(one.pk): one for one in people}
        everybody = [("", "Personne en particulier")]
        choices_of(self, "person", [*everybody, *((k, str(one)) for k, one in self.people.items())])

    @property
    def chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["person"])


class NoteForm(Form):
    note = forms.CharField(
        label="Nouvelle note",
        help_text="Lue par les agents de ce service, jamais par le public. L'auteur du récit peut "
        "demander à la lire (RGPD, article 15).",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(Form):
    """Why a story is sent back."""

    reason = forms.CharField(
        label="Pourquoi le renvoyer",
        help_text="Lu par le service qui vous le propose",
        max_length=LONGEST_REASON,
    )


class PassOnForm(Form):
    """To one of the places found."""

    target = forms.ChoiceField(label="À quel service ?", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Pourquoi ce service",
        help_text="Lu par l'autre service. Par exemple : c'est la caisse primaire qui verse "
        "ces indemnités",
        max_length=LONGEST_REASON,
    )

    def __init__(self, data: Any = None, *, places: Iterable[tuple[Structure, str]]) -> None:
        super().__init__(data)
        self.places = {one.code: one for one, _ in places}
        choices_of(
            self, "target", [(one.code, HintedLabel(one.name, hint)) for one, hint in places]
        )

    @property
    def chosen(self) -> Structure:
        return self.places[self.cleaned_data["target"]]


class RewriteForm(PromiseFields):
    """An answer that is being corrected; `seen` is the `stamp_of` what its agent read."""

    field_order = ("text", "signature", "seen")

    text = forms.CharField(
        label="Votre réponse",
        max_length=LONGEST_ANSWER,
        error_messages=TOO_LONG,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    signature = forms.CharField(
        label=SIGNATURE_LABEL, help_text=SIGNATURE_HINT, max_length=LONGEST_SIGNATURE
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, reply: Reply, addressee: Addressee, wish: PromiseWish | None
    ) -> None:
        initial = {"text": reply.text, "signature": reply.signature, "seen": stamp_of(reply)}
        super().__init__(data, initial=initial, addressee=addressee, wish=wish)
        self.fields["promise_what"].help_text = (
            "Videz cette ligne et la date pour ne plus rien promettre"
            if wish
            else "Laissez vide si vous ne promettez rien"
        )
        if reply.addition_to_id is not None:
            self.fields["text"].label = ADDITION_LABEL


class DoneForm(Form):
    words = forms.CharField(
        label="Ce qui a été fait",
        help_text="Publié sous votre promesse, et dit à l'usager. "
        "Par exemple : le second guichet est ouvert depuis le 3 mars",
        max_length=LONGEST,
    )


class TemplateForm(Form):
    """`scope` is « r12 » for a network, « s34 » for a structure."""

    title = forms.CharField(label="Titre", max_length=120)
    scope = forms.ChoiceField(label="Pour qui", required=True)
    text = forms.CharField(
        label="Texte",
        help_text="Mettez entre crochets ce que chacun devra remplir : [ce qui a été fait]. "
        "Une réponse qui en garde un, ou qui n'ajoute presque rien au modèle, n'est pas publiée.",
        max_length=LONGEST_TEMPLATE,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any], scopes: Sequence[tuple[str, str]]
    ) -> None:
        super().__init__(data, initial=initial)
        choices_of(self, "scope", scopes)
        if not scopes:
            del self.fields["scope"]


class NoticesForm(ModelForm):
    marks_optional_fields = False

    class Meta:
        model = NotificationChoice
        fields = ("pace", "overdue")
        labels = {"pace": "Être prévenu par courriel", "overdue": "Me rappeler les retards"}
        widgets = {"pace": forms.RadioSelect}
        help_texts = {
            "overdue": "Dans le courriel du jour, quand une réponse approche de son échéance ou "
            "la dépasse"
        }


class TargetForm(Form):
    days = forms.IntegerField(label="Répondre en (jours)", min_value=1, max_value=LONGEST_TARGET)
    reminder_days = forms.IntegerField(
        label="Rappeler aux agents (jours avant)", min_value=0, max_value=LONGEST_TARGET - 1
    )
