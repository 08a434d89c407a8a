"""Until when a service means to answer, and where each story stands from that day.

Owns a network's target and the words of a delay; the day itself is set when the story is published
and never moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format

from guichet.accounts.audit import audited_save
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.directory.models import Network
from guichet.experiences.models import Addressee, AnsweringTarget, Promise
from guichet.experiences.models.working import DEFAULT_REMINDER_DAYS

LONGEST_TARGET = 60
ESCALATED_AFTER = timedelta(days=7)
"""A story late by more is told to the lead of its network."""

TO_KEEP = Q(done_on=None) & ~Q(outcome=Promise.Outcome.KEPT)
"""Promises that neither their service nor their author says kept."""


@dataclass(frozen=True)
class Due:
    """Where an addressee stands: the words, and the kind of badge."""

    words: str
    badge: str
    is_late: bool


def target_of(network: Network | None) -> AnsweringTarget:
    """A network's own target, else the programme's (not saved)."""
    found = None
    if network is not None:
        found = AnsweringTarget.objects.filter(network=network).first()
    return found or AnsweringTarget(network=network)


def due_day(network: Network | None, published_on: date) -> date:
    """The day by which a story published on `published_on` should be answered."""
    return published_on + timedelta(days=target_of(network).days)


def due_of(addressee: Addressee, today: date) -> Due:
    """Of an addressee whose answer is awaited or given."""
    if addressee.first_reply_at is not None:
        return Due("Répondu", "success", False)
    if addressee.due_on is None:
        return Due("Sans échéance", "neutral", False)
    left = (addressee.due_on - today).days
    if left < 0:
        return Due(f"En retard de {counted(-left, 'jour', 'jours')}", "error", True)
    if left == 0:
        return Due("À répondre aujourd'hui", "warning", False)
    if left <= DEFAULT_REMINDER_DAYS:
        return Due(f"Encore {counted(left, 'jour', 'jours')}", "warning", False)
    day = "1er" if addressee.due_on.day == 1 else str(addressee.due_on.day)
    return Due(f"Avant le {day} {date_format(addressee.due_on, 'F')}", "info", False)


@transaction.atomic
def set_target(*, network: Network, by: User, days: int, reminder_days: int) -> AnsweringTarget:
    """In how many days a network means to answer the stories published from now on."""
    if not 1 <= days <= LONGEST_TARGET:
        raise RuleViolation(f"Choisissez un délai de 1 à {LONGEST_TARGET} jours.")
    if not 0 <= reminder_days < days:
        raise RuleViolation("Le rappel vient avant l'échéance : choisissez moins de jours.")
    found = AnsweringTarget.objects.select_for_update().filter(network=network).first()
    target = found or AnsweringTarget(network=network)
    target.days, target.reminder_days = days, reminder_days
    audited_save(
        target,
        by=by,
        action="answering_target.set",
        scope=network.scope_label,
        fields=["days", "reminder_days"],
    )
    return target
