"""The form of an absence: who is away, from when to when, who stands in.

Owns how long lists of people are searched; the rules stand in `absences`.
"""

from __future__ import annotations

from typing import Any

from django import forms

from guichet.accounts.models import User
from guichet.core.words import grouped
from guichet.directory.agent_forms.days import day_field
from guichet.experiences.answering.absences import Offered, agents_of, offered, substitutes_for
from guichet.experiences.answering.forms import choices_of
from guichet.ui.forms import Form

LONGEST_NAME_SHOWN = 60


class PeopleSearchForm(Form):
    """In the address: shortens the lists of an absence."""

    marks_optional_fields = False

    absent = forms.CharField(
        label="Chercher qui est absent", help_text="Nom ou adresse", required=False
    )
    remplacant = forms.CharField(
        label="Chercher qui remplace", help_text="Nom ou adresse", required=False
    )

    def words(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))


class AbsenceForm(Form):
    """One's own absence, or that of one of the agents whom one manages; `search` shortens both
    lists."""

    person = forms.ChoiceField(label="Qui est absent")
    first_day = day_field(label="Premier jour d'absence")
    last_day = day_field(label="Dernier jour d'absence")
    substitute = forms.ChoiceField(
        label="Qui remplace",
        help_text="Les récits suivis lui sont confiés là où cette personne peut répondre ; sans "
        "remplaçant, ils reviennent à toute l'équipe",
        required=False,
    )

    def __init__(self, data: Any = None, *, me: User, search: PeopleSearchForm) -> None:
        super().__init__(data)
        self.me, agents, posted = me, agents_of(me), data or {}
        absent, stand_in = search.words("absent"), search.words("remplacant")
        away = offered(agents, absent, posted.get("person", ""))
        stand_ins = offered(substitutes_for(me), stand_in, posted.get("substitute", ""))
        self.agents = {str(one.pk): one for one in away.people}
        self.colleagues = {str(one.pk): one for one in stand_ins.people}
        self.is_cut = away.is_cut or stand_ins.is_cut
        offer(self, "person", (str(me.pk), "Moi"), away, absent)
        offer(self, "substitute", ("", "Personne en particulier"), stand_ins, stand_in)
        if not agents.exists():
            del self.fields["person"]

    @property
    def away(self) -> User:
        return self.agents.get(self.cleaned_data.get("person", ""), self.me)

    @property
    def chosen(self) -> User | None:
        return self.colleagues.get(self.cleaned_data["substitute"])


def offer(form: AbsenceForm, name: str, first: tuple[str, str], found: Offered, words: str) -> None:
    """Whom a list names after `first`; the only one whom words found is chosen."""
    choices_of(form, name, [first, *((str(one.pk), str(one)) for one in found.people)])
    field = form.fields[name]
    if words and len(found.people) == 1:
        field.initial = str(found.people[0].pk)
    if words and not found.people:
        shown = words[:LONGEST_NAME_SHOWN]
        field.help_text = f"Personne ne répond à « {shown} » dans cette liste : cherchez autrement"
    elif found.is_cut:
        shown = f"{grouped(len(found.people))} sur {grouped(found.count)}"
        field.help_text = f"Liste réduite ({shown}) : cherchez les autres par leur nom, ci-dessus"
