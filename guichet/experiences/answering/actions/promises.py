"""What an answer promises: what, where, by when, and the indicator that should show it.

Owns its limits, its correction with its answer, and « c'est fait »; its author's judgement is
`following`'s. Refuses to keep its words in the audit, which outlives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import one_line
from guichet.directory.models import Structure
from guichet.experiences.announcing import announce_at
from guichet.experiences.answering.actions.locks import hold, scope_of, touch
from guichet.experiences.models import Addressee, Event, Promise, Reply
from guichet.experiences.reading.search import index
from guichet.indicators.models import Indicator

SHORTEST, LONGEST = 10, 300
FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True)
class PromiseWish:
    """A promise as an agent writes it; `where` None is the service that answers."""

    what: str
    due_on: date | None
    where: Structure | None = None
    indicator: Indicator | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "what": one_line(self.what)[:LONGEST],
            "due_on": self.due_on.isoformat() if self.due_on else "",
            "where": self.where.code if self.where else "",
            "indicator": self.indicator.code if self.indicator else "",
        }


def wish_in(stored: dict[str, Any]) -> PromiseWish | None:
    """The wish that a draft kept, None when it holds none."""
    if not stored.get("what") and not stored.get("due_on"):
        return None
    due_on = stored.get("due_on")
    return PromiseWish(
        what=stored.get("what", ""),
        due_on=date.fromisoformat(due_on) if due_on else None,
        where=Structure.objects.filter(code=stored.get("where", "")).first(),
        indicator=Indicator.objects.filter(code=stored.get("indicator", "")).first(),
    )


def checked_day(wish: PromiseWish, today: date) -> date:
    """The day of a promise that may be published; `RuleViolation` says what lacks."""
    what = one_line(wish.what)
    if len(what) < SHORTEST:
        raise RuleViolation("Dites en une phrase ce qui va changer, ou videz la promesse.")
    if len(what) > LONGEST:
        raise RuleViolation(f"{LONGEST} caractères au plus pour dire ce qui va changer.")
    if wish.due_on is None:
        raise RuleViolation("Une promesse a une date : dites pour quand, ou videz la promesse.")
    if wish.due_on <= today:
        raise RuleViolation("La date de la promesse doit être à venir.")
    if wish.due_on > today + FURTHEST:
        raise RuleViolation("Promettez pour dans deux ans au plus : l'usager sera interrogé alors.")
    return wish.due_on


def make_promise(reply: Reply, wish: PromiseWish) -> Promise:
    """Write the promise of an answer that is being published, and tell the author."""
    due_on = checked_day(wish, timezone.localdate())
    promise = Promise.objects.create(
        reply=reply,
        what=one_line(wish.what),
        where=wish.where or reply.structure,
        due_on=due_on,
        indicator=wish.indicator,
    )
    index(reply.addressee.experience)
    announce_at(reply.addressee, Event.Kind.PROMISED, reply=reply.pk, promise=promise.pk)
    return promise


def rewrite_promise(
    held: Addressee, reply: Reply, wish: PromiseWish | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Change, add or drop (`wish` None) the promise of an answer that is being corrected; what the
    audit keeps, before and after: None twice when nothing changed."""
    kept = Promise.objects.select_for_update().filter(reply=reply).first()
    if kept is None:
        if wish is None:
            return None, None
        return None, audited(make_promise(reply, wish))
    if wish is not None and is_same(kept, wish):
        return None, None
    if kept.done_on is not None:
        raise RuleViolation(
            "Cette promesse est déjà dite tenue : elle ne se corrige plus. Ajoutez un complément."
        )
    before = audited(kept)
    if wish is None:
        announce_at(held, Event.Kind.UNPROMISED, reply=reply.pk, promise=kept.pk)
        kept.delete()
    else:
        kept.due_on = checked_day(wish, timezone.localdate())
        kept.what, kept.where = one_line(wish.what), wish.where or reply.structure
        kept.indicator = wish.indicator
        kept.save(update_fields=["what", "where", "due_on", "indicator"])
    index(held.experience)
    return before, {"promise": "ôtée"} if wish is None else {**audited(kept), "promise": "corrigée"}


def is_same(kept: Promise, wish: PromiseWish) -> bool:
    where = wish.where.pk if wish.where else kept.reply.structure_id
    indicator = wish.indicator.pk if wish.indicator else None
    asked = (one_line(wish.what), wish.due_on, where, indicator)
    return asked == (kept.what, kept.due_on, kept.where_id, kept.indicator_id)


def audited(promise: Promise) -> dict[str, Any]:
    """What the audit keeps of a promise: its place and day, never its words."""
    return {
        "promise": "oui",
        "due_on": promise.due_on.isoformat(),
        "where": promise.where.code if promise.where else "",
    }


def wish_of(reply: Reply) -> PromiseWish | None:
    """What an answer promises now, to correct it."""
    kept = Promise.objects.select_related("where", "indicator").filter(reply=reply).first()
    if kept is None:
        return None
    return PromiseWish(kept.what, kept.due_on, kept.where, kept.indicator)


@transaction.atomic
def keep_promise(*, promise: Promise, by: User, words: str) -> Promise:
    """The service says that it is done, and what was done; the author is told."""
    held = hold(promise.reply.addressee)
    kept = Promise.objects.select_for_update().get(pk=promise.pk)
    if kept.done_on is not None:
        raise RuleViolation("Cette promesse est déjà dite tenue.")
    said = one_line(words)
    if len(said) < SHORTEST:
        raise RuleViolation("Dites en une phrase ce qui a été fait : l'usager la lira.")
    kept.done_on, kept.done_words = timezone.localdate(), said[:LONGEST]
    kept.save(update_fields=["done_on", "done_words"])
    index(held.experience)
    touch(held.experience)
    announce_at(held, Event.Kind.DONE, reply=kept.reply_id, promise=kept.pk)
    record(
        by=by,
        action="promise.done",
        subject=kept.reply,
        scope=scope_of(held),
        after={"done_on": kept.done_on},
    )
    return kept
