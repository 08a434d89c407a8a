"""Calls to the France Services number, noted by the adviser who answers.

Owns the note, how long the call took and its undo; refuses anything of the person who calls.
Nothing goes to the audit: it would keep who answered for three years, `retention` for thirty days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Structure, StructureKind
from guichet.orientation.models import DeskCall, Need
from guichet.territories.models import Commune

UNDO_WITHIN = timedelta(minutes=10)
LONGEST_CALL = timedelta(hours=2)
"""Beyond, a screen was left open: how long the call took is not known."""

SAME_START = timedelta(seconds=1)
SENDS_NOWHERE = frozenset({DeskCall.Outcome.OUT_OF_SCOPE, DeskCall.Outcome.NOT_FOUND})


@dataclass(frozen=True)
class CallFacts:
    """What is kept of a call. `started_at` is None when nobody knows when it began."""

    outcome: DeskCall.Outcome
    commune: Commune | None = None
    need: Need | None = None
    kind: StructureKind | None = None
    structure: Structure | None = None
    started_at: datetime | None = None


@transaction.atomic
def note_call(*, facts: CallFacts, by: User) -> DeskCall:
    """Keep a call; one that sent nowhere keeps no service. `RuleViolation` when it is noted
    already (a button pressed twice, a page gone back to)."""
    User.objects.select_for_update().get(pk=by.pk)
    now = timezone.now()
    seconds = seconds_since(facts.started_at, now)
    if facts.started_at and seconds is not None and is_noted(facts.started_at, by):
        raise RuleViolation("Cet appel est déjà noté. Pour le changer, annulez-le d'abord.")
    sends = facts.outcome not in SENDS_NOWHERE
    return DeskCall.objects.create(
        at=now,
        commune=facts.commune,
        need=facts.need,
        kind=facts.kind if sends else None,
        structure=facts.structure if sends else None,
        outcome=facts.outcome,
        seconds=seconds,
        adviser=by,
    )


def seconds_since(started_at: datetime | None, now: datetime) -> int | None:
    """Whole seconds, None when the start is unknown, to come, or too old to be believed."""
    if started_at is None or not timedelta(0) <= now - started_at <= LONGEST_CALL:
        return None
    return int((now - started_at).total_seconds())


def is_noted(started_at: datetime, by: User) -> bool:
    later = DeskCall.objects.filter(adviser=by, at__gte=started_at, seconds__isnull=False)
    return any(
        abs(one.at - timedelta(seconds=one.seconds or 0) - started_at) <= SAME_START
        for one in later
    )


@transaction.atomic
def undo_call(*, pk: int, by: User) -> None:
    """Erase the last call that `by` noted; `RuleViolation` for another one, and once ten minutes
    have passed."""
    call = undoable_call(by, lock=True)
    if call is None or call.pk != pk:
        raise RuleViolation(
            "Cet appel ne s'annule plus : seul le dernier s'annule, pendant dix minutes."
        )
    DeskCall.objects.filter(pk=pk).delete()


def undoable_call(by: User, *, lock: bool = False) -> DeskCall | None:
    """The last call that `by` noted, while it may still be undone."""
    recent = DeskCall.objects.filter(adviser=by, at__gte=timezone.now() - UNDO_WITHIN)
    if lock:
        recent = recent.select_for_update(of=("self",))
    return recent.select_related("need", "commune").first()


def calls_today(by: User) -> int:
    """How many calls `by` noted since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return DeskCall.objects.filter(adviser=by, at__gte=midnight).count()
