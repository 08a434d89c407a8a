"""What the programme team fills in about needs and synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from guichet.core.errors import RuleViolation
from guichet.core.text import folded, search_text, without_controls
from guichet.directory.entries import web_address
from guichet.directory.models import StructureKind
from guichet.orientation.actions.needs import answers_of
from guichet.orientation.models import Audience, Need, Urgency
from guichet.orientation.team.need_content import (
    MOST_ANSWERS,
    AnswerLine,
    NeedContent,
    faults_of,
    unknown_kind,
)
from guichet.orientation.team.pages import NEED_STATES, NeedWish, theme_choices
from guichet.ui.forms import Form

KINDS_LIST = "types-de-service"
LONGEST_TEXT = 20_000
ORDINARY_SPACES = re.compile(r"[ \t\r\n]+")
CODE_SEPARATORS = re.compile(r"[\s,;]+")
ANSWER_PARTS = ("kind", "why", "when", "find_url", "only_some")


def text_field(rows: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(required=False, max_length=LONGEST_TEXT, widget=widget, **options)


@dataclass(frozen=True)
class AnswerGroup:
    """The names of the fields of one service, drawn together under its kind."""

    title: str
    kind: str
    why: str
    when: str
    find_url: str
    only_some: str
    is_open: bool


class NeedForm(Form):
    """All of a need; `content()` is what the actions take. `need` is None for a new one."""

    marks_optional_fields = False

    title = forms.CharField(
        label="Titre",
        help_text="Ce que la personne veut faire, par un verbe : Demander le RSA",
        required=False,
        max_length=200,
    )
    theme = forms.ChoiceField(label="Thème", required=False)
    audience = forms.ChoiceField(label="Public", choices=Audience.choices)
    phrases = text_field(
        8,
        label="Façons de le dire",
        help_text="Une par ligne, avec les mots des gens : je n'ai plus de RSA",
    )
    words = text_field(
        4,
        label="Mots qui suffisent",
        help_text="Un par ligne. Écrits seuls, ils veulent dire ce besoin et aucun autre : rsa",
    )
    documents = text_field(4, label="À apporter", help_text="Une pièce par ligne")
    advice = text_field(
        3,
        label="À savoir",
        help_text="Ce qui change tout : un délai, un piège. Hors du service public : vers qui se "
        "tourner",
    )
    online = text_field(
        3,
        label="En ligne",
        help_text="Titre | adresse, une par ligne : Demander le RSA | www.caf.fr",
    )
    procedures = text_field(
        2,
        label="Fiches de service-public.fr",
        help_text="Leurs codes, la principale d'abord : F19778",
    )
    urgent = forms.ChoiceField(
        label="Urgence",
        help_text="Montre d'abord des numéros à appeler",
        choices=Urgency.choices,
        required=False,
    )
    out_of_scope = forms.BooleanField(
        label="Hors du service public",
        help_text="Aucun service public n'en répond : « À savoir » dit vers qui se tourner.",
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        need: Need | None = None,
        phrases: tuple[str, ...] = (),
    ) -> None:
        self.need = need
        super().__init__(data, initial=held(need) if need else {"phrases": "\n".join(phrases)})
        self.kinds = dict(StructureKind.objects.values_list("code", "label"))
        themes = [("", "Choisir un thème"), *theme_choices()]
        self.fields["theme"].choices = themes  # type: ignore[attr-defined]
        for number in range(MOST_ANSWERS):
            self.add_answer_fields(number)
        for number, answer in enumerate(answers_of(need) if need else ()):
            for part in ANSWER_PARTS:
                value = getattr(answer, part)
                self.initial[f"{part}_{number}"] = self.kinds[value] if part == "kind" else value

    def add_answer_fields(self, number: int) -> None:
        rank = number + 1
        listed = {"list": KINDS_LIST, "autocomplete": "off"}
        self.fields[f"kind_{number}"] = forms.CharField(
            label=f"Type du service {rank}",
            help_text="Écrivez les premières lettres, puis choisissez dans la liste",
            required=False,
            max_length=250,
            widget=forms.TextInput(attrs=listed),
        )
        self.fields[f"why_{number}"] = forms.CharField(
            label="Pourquoi ce service",
            help_text="Une phrase, lue à voix haute au téléphone : La Caf verse le RSA.",
            required=False,
            max_length=300,
        )
        self.fields[f"when_{number}"] = forms.CharField(
            label="À quelle condition",
            help_text="Si vous relevez du régime agricole",
            required=False,
            max_length=250,
        )
        self.fields[f"find_url_{number}"] = forms.CharField(
            label="Où savoir lesquels",
            help_text="Une adresse de page",
            required=False,
            max_length=500,
        )
        self.fields[f"only_some_{number}"] = forms.BooleanField(
            label="Certains lieux seulement le font", required=False
        )

    def answer_groups(self) -> Iterator[AnswerGroup]:
        for number in range(MOST_ANSWERS):
            names = {part: f"{part}_{number}" for part in ANSWER_PARTS}
            typed = self[names["kind"]].value() or "vide"
            is_wrong = any(self[name].errors for name in names.values())
            is_first = self.need is None and number == 0
            yield AnswerGroup(f"{number + 1}. {typed}", is_open=is_wrong or is_first, **names)

    def clean(self) -> dict[str, Any]:
        answers = tuple(self.read_answers())
        if not self.errors:
            self.written = self.read_content(answers)
            for fault in faults_of(self.written, self.need):
                self.add_error(None, fault)
        return self.cleaned_data

    def read_answers(self) -> Iterator[AnswerLine]:
        """The rows that say something; an unknown kind is told on its field."""
        codes = {folded(label): code for code, label in self.kinds.items()}
        for number in range(MOST_ANSWERS):
            said = {part: self.cleaned_data.get(f"{part}_{number}", "") for part in ANSWER_PARTS}
            typed = one_line(said["kind"])
            if not any(said.values()):
                continue
            code = codes.get(folded(typed), typed if typed in self.kinds else "")
            if not typed:
                self.add_error(
                    f"kind_{number}", "Choisissez le type de service, ou effacez toute la ligne."
                )
            elif not code:
                self.add_error(f"kind_{number}", unknown_kind(typed))
            yield AnswerLine(
                kind=code,
                why=one_line(said["why"]),
                when=one_line(said["when"]).rstrip("."),
                only_some=bool(said["only_some"]),
                find_url=with_scheme(one_line(said["find_url"])),
            )

    def read_content(self, answers: tuple[AnswerLine, ...]) -> NeedContent:
        said = self.cleaned_data
        return NeedContent(
            title=one_line(said["title"]),
            theme=said["theme"],
            audience=said["audience"],
            phrases=lines_of(said["phrases"]),
            words=lines_of(said["words"]),
            procedures=tuple(
                dict.fromkeys(CODE_SEPARATORS.sub(" ", said["procedures"]).upper().split())
            ),
            documents=lines_of(said["documents"]),
            advice=one_line(said["advice"]),
            urgent=said["urgent"],
            online=tuple(link_of(line) for line in lines_of(said["online"])),
            out_of_scope=said["out_of_scope"],
            answers=answers,
        )

    def content(self) -> NeedContent:
        return self.written


def held(need: Need) -> dict[str, Any]:
    """What the fields show first."""
    return {
        "title": need.title,
        "theme": need.theme,
        "audience": need.audience,
        "phrases": "\n".join(need.phrases),
        "words": "\n".join(need.words),
        "procedures": "\n".join(need.procedures),
        "documents": "\n".join(need.documents),
        "advice": need.advice,
        "urgent": need.urgent,
        "online": "\n".join(f"{one['title']} | {one['url']}" for one in need.online),
        "out_of_scope": need.out_of_scope,
    }


def one_line(text: str) -> str:
    """`text` on one line; unbreakable spaces, which numbers hold, stay."""
    return ORDINARY_SPACES.sub(" ", without_controls(text)).strip(" ")


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something, each once."""
    return tuple(dict.fromkeys(line for raw in text.splitlines() if (line := one_line(raw))))


def link_of(line: str) -> tuple[str, str]:
    """« Titre | adresse »: a line without a bar is an address without a title."""
    title, _, url = line.rpartition("|")
    return title.strip(), with_scheme(url.strip())


def with_scheme(url: str) -> str:
    """« www.caf.fr » with its scheme; what is no address stays as it is, to be told."""
    try:
        return web_address(url) if url else ""
    except RuleViolation:
        return url


class NeedsForm(Form):
    """Narrows the list of needs. Never refuses: an unknown value narrows nothing."""

    marks_optional_fields = False

    q = forms.CharField(label="Mots du titre ou des phrases", required=False)
    theme = forms.ChoiceField(label="Thème", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        choices = [("", "Tous"), *theme_choices()]
        self.fields["theme"].choices = choices  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def wish(self) -> NeedWish:
        state = self.data.get("etat", "")
        return NeedWish(
            text=search_text(self.data.get("q", "")),
            theme=self.cleaned_data.get("theme", ""),
            state=state if state in NEED_STATES else "",
        )


class SynonymForm(Form):
    marks_optional_fields = False

    typed = forms.CharField(
        label="Ce que les gens écrivent",
        help_text="Un mot, un sigle, une expression : rmi, taf, à la rue",
        max_length=150,
    )
    means = forms.CharField(
        label="Ce que cela veut dire",
        help_text="Avec les mots des besoins : revenu de solidarité active",
        max_length=300,
    )
    replaces = forms.BooleanField(
        label="Remplace les mots écrits",
        help_text="À cocher pour une faute, un langage SMS, un ancien nom. Sinon le sens s'ajoute "
        "aux mots.",
        required=False,
    )
