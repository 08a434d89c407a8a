"""What somebody typed in a step and that does not pass yet, kept in the draft with what was wrong:
the page that says so is asked by GET, and going back never posts anything again.

Owns `Draft.answers["unfinished"]`; refuses to take any of it for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from guichet.experiences.models import Draft
from guichet.experiences.sharing.actions import held_draft

UNFINISHED = "unfinished"
LONGEST_KEPT, LONGEST_LINE_KEPT, MOST_KEPT = 200_000, 2_000, 50
"""Characters of a text and of a line, choices of a field: more is nothing that somebody wrote, and
anybody may send it as often as a draft is begun."""


@dataclass(frozen=True)
class Unfinished:
    """`typed` by field, each with its values; `problems` are those of no field, in words."""

    typed: Mapping[str, list[str]]
    problems: tuple[str, ...]

    @property
    def query(self) -> QueryDict:
        """As it was posted."""
        query = QueryDict(mutable=True)
        for name, values in self.typed.items():
            query.setlist(name, values)
        return query


def unfinished(draft: Draft, name: str) -> Unfinished | None:
    """What is left of the form `name`, None when it passed since."""
    stored = draft.answers.get(UNFINISHED, {}).get(name)
    return Unfinished(stored["typed"], tuple(stored["problems"])) if stored else None


def keep_unfinished(
    draft: Draft, name: str, form: forms.Form | None = None, problems: Iterable[str] = ()
) -> None:
    """Keep what was typed in `form` and why it does not pass; `problems` without a form."""
    told = [str(one) for one in form.non_field_errors()] if form is not None else []
    typed = typed_in(form) if form is not None else {}
    write(draft, name, {"typed": typed, "problems": [*told, *problems]})


def drop_unfinished(draft: Draft, *names: str) -> None:
    """The forms `names` passed; nothing when nothing was left of them."""
    for name in names:
        if unfinished(draft, name) is not None:
            write(draft, name, None)


def typed_in(form: forms.Form) -> dict[str, list[str]]:
    """The values of its own fields, cut when they are beyond all measure, without what PostgreSQL
    cannot keep."""
    return {
        name: measured(field, values_of(form.data, name))
        for name, field in form.fields.items()
        if name in form.data
    }


def measured(field: forms.Field, values: list[str]) -> list[str]:
    """The choices of a field of several, else the value that counts: the last."""
    several = getattr(field.widget, "allow_multiple_selected", False)
    longest = LONGEST_KEPT if isinstance(field.widget, forms.Textarea) else LONGEST_LINE_KEPT
    shown = values[:MOST_KEPT] if several else values[-1:]
    return [one[:longest].replace("\0", "") for one in shown]


def values_of(sent: Mapping[str, Any], name: str) -> list[str]:
    return sent.getlist(name) if isinstance(sent, MultiValueDict) else [str(sent[name])]


@transaction.atomic
def write(draft: Draft, name: str, left: dict[str, Any] | None) -> None:
    held = held_draft(draft)
    kept = {**held.answers.get(UNFINISHED, {}), name: left}
    kept = {one: value for one, value in kept.items() if value is not None}
    answers = {one: value for one, value in held.answers.items() if one != UNFINISHED}
    held.answers = {**answers, UNFINISHED: kept} if kept else answers
    held.save(update_fields=["answers", "changed_at"])
    draft.answers = held.answers
