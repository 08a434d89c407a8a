"""The history that a person may read: of the subtrees they manage, of the networks they lead.

Owns who reads which event, the filters, and the words of values; refuses HTTP, and any write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from guichet.accounts.audit_words import AuditLine, audit_lines, known_actions
from guichet.accounts.models import AuditEvent, AuditEventQuerySet
from guichet.core.text import search_text
from guichet.directory.models import Accessibility, ReceptionKind, Structure
from guichet.directory.opening_words import WEEKDAYS
from guichet.directory.permissions import CAN_MANAGE, Powers, powers_of
from guichet.ui.components.content import written_date

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WORDS_OF_VALUES: dict[str, dict[str, str]] = {
    "accessibility": {choice.value: str(choice.label) for choice in Accessibility},
    "kind": {choice.value: str(choice.label) for choice in ReceptionKind},
}


READING_ORDER = ("name", "address_lines", "first_day", "last_day", "openings", "reason", *WEEKDAYS)


@dataclass(frozen=True)
class GroupedLine:
    """What one person did, in the same words, of each of `subjects`; `line` is the latest."""

    line: AuditLine
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class HistoryWish:
    """What is looked for: days included, words of the author's name, of the subject, an action."""

    first_day: date | None = None
    last_day: date | None = None
    who: str = ""
    about: str = ""
    action: str = ""


def reads_history(user: object) -> bool:
    """True when some part of the tree answers to `user`."""
    powers = powers_of(user)
    return powers.is_administrator or bool(labels_of(powers))


def labels_of(powers: Powers) -> list[str]:
    """The labels of the tree under which the person reads: networks led, structures managed."""
    networks = [f"n{network}" for network in sorted(powers.networks)]
    managed = {
        path.rpartition(".")[2] for role, path in powers.structure_roles if role in CAN_MANAGE
    }
    return networks + sorted(managed, key=int)


def readable_events(user: object) -> AuditEventQuerySet:
    """Every event for an administrator, else those of what the person answers for."""
    powers = powers_of(user)
    events = AuditEvent.objects.all()
    return events if powers.is_administrator else events.under(*labels_of(powers))


def events_of(structure: Structure) -> AuditEventQuerySet:
    """What happened to a structure and to all that hangs under it."""
    return AuditEvent.objects.under(structure.pk)


def matching(events: AuditEventQuerySet, wish: HistoryWish) -> AuditEventQuerySet:
    """Latest first."""
    if wish.first_day:
        events = events.filter(at__gte=midnight(wish.first_day))
    if wish.last_day:
        events = events.filter(at__lt=midnight(wish.last_day + timedelta(days=1)))
    for word in search_text(wish.who).split():
        events = events.filter(actor_label__unaccent__icontains=word)
    for word in search_text(wish.about).split():
        events = events.filter(subject_label__unaccent__icontains=word)
    if wish.action:
        events = events.filter(action=wish.action)
    return events.order_by("-at", "-pk")


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def action_choices() -> list[tuple[str, str]]:
    """Kinds of action by their words."""
    return sorted(
        ((code, words[:1].upper() + words[1:]) for code, words in known_actions().items()),
        key=lambda choice: choice[1],
    )


def history_lines(events: Iterable[AuditEvent]) -> list[AuditLine]:
    """The events as a person reads them, in the order given; runs no query."""
    shown = []
    for event in events:
        before, after = event.before, event.after
        event.before, event.after = worded(before), worded(after)
        (line,) = audit_lines([event])
        event.before, event.after = before, after
        shown.append(replace(line, changes=tuple(c for c in line.changes if c.before != c.after)))
    return shown


def together(lines: Iterable[AuditLine]) -> list[GroupedLine]:
    """Lines that follow each other and say the same of several subjects, as one."""
    groups = groupby(lines, key=lambda line: (line.who, line.what, line.changes))
    return [
        GroupedLine(first, tuple(dict.fromkeys(line.subject for line in (first, *others))))
        for first, *others in (list(group) for _, group in groups)
    ]


def worded(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """In the order of a reader: the database keeps none."""
    if not values:
        return values
    names = [name for name in READING_ORDER if name in values]
    names += [name for name in values if name not in names]
    return {name: value_in_words(name, values[name]) for name in names}


def value_in_words(name: str, value: Any) -> Any:
    """A code as its words, a day in French, a telephone as its number, a page as its address."""
    if isinstance(value, list):
        return [value_in_words(name, item) for item in value]
    if isinstance(value, dict):
        return entry_in_words(value)
    if isinstance(value, str):
        if ISO_DAY.fullmatch(value):
            return day_in_words(value)
        return WORDS_OF_VALUES.get(name, {}).get(value, value) if value else value
    return value


def entry_in_words(entry: dict[str, Any]) -> Any:
    """« 03 20 00 00 00 (accueil) »; another dictionary as it is."""
    shown = entry.get("display") or entry.get("number") or entry.get("url")
    if not shown:
        return entry
    return f"{shown} ({entry['label']})" if entry.get("label") else shown


def day_in_words(text: str) -> str:
    try:
        return str(written_date(date.fromisoformat(text)))
    except ValueError:
        return text
