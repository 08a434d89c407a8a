"""How an audit event reads: each app registers the words of its own actions.

Owns the sentence and the names of fields; refuses to know who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from guichet.accounts.models import AuditEvent
from guichet.ui.components.content import written_date, written_time

_WORDS: dict[str, str] = {}
_FIELDS: dict[str, str] = {}


def register_words(words: Mapping[str, str], *, fields: Mapping[str, str] | None = None) -> None:
    """Add the French words of action codes ("a désactivé le compte") and of field names.

    Fields of a model need no words here: their `verbose_name` is read.
    """
    _WORDS.update(words)
    _FIELDS.update(fields or {})


def words_of(action: str) -> str:
    """What was done, to stand between who and on what; the code itself when nobody named it."""
    return _WORDS.get(action, action)


def known_actions() -> dict[str, str]:
    """Every action that has words, by code: the choices of a filter."""
    return dict(_WORDS)


@dataclass(frozen=True)
class Change:
    """One field, before and after, in words; an empty text where there was nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class AuditLine:
    """An event as a person reads it."""

    at: datetime
    who: str
    what: str
    subject: str
    changes: tuple[Change, ...]


def audit_lines(events: Iterable[AuditEvent]) -> list[AuditLine]:
    """The events in words, in the order given; runs no query of its own."""
    return [
        AuditLine(
            at=event.at,
            who=event.actor_label,
            what=words_of(event.action),
            subject=event.subject_label,
            changes=changes_of(event),
        )
        for event in events
    ]


def changes_of(event: AuditEvent) -> tuple[Change, ...]:
    before, after = event.before or {}, event.after or {}
    return tuple(
        Change(
            label=field_label(event.subject_kind, name),
            before=in_words(before.get(name)),
            after=in_words(after.get(name)),
        )
        for name in [*before, *(name for name in after if name not in before)]
    )


@cache
def field_label(kind: str, name: str) -> str:
    """The words of a field: registered ones first, else the model's own, else its name."""
    if name in _FIELDS:
        return _FIELDS[name]
    for model in apps.get_models():
        if model._meta.model_name != kind:
            continue
        for field in model._meta.concrete_fields:
            if name in {field.name, field.attname}:
                return str(field.verbose_name)
    return name.replace("_", " ")


def in_words(value: Any) -> str:
    """A JSON value as a reader expects it: « oui », a date in French, items apart by commas."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(in_words(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} : {in_words(item)}" for name, item in value.items())
    if isinstance(value, str) and (moment := moment_in(value)):
        return f"{written_date(moment)} à {written_time(moment)}"
    if isinstance(value, str) and (day := day_in(value)):
        return written_date(day)
    return str(value)


def day_in(text: str) -> date | None:
    """The date that `text` holds ("2026-12-24"), if that is all it holds."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-24") else None
    except ValueError:
        return None


def moment_in(text: str) -> datetime | None:
    """The aware date and time that `text` holds, if that is all it holds."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None
