"""Who has a text in hand: opening it is recorded, and keeps the others away for a while.

Owns the lock; refuses to show the text (`queue.text_page` does, to who holds it).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.targets import HELD_FOR
from guichet.ui.components.content import written_time


def holder_of(text: ModeratedText) -> User | None:
    """Who opened `text` less than twenty minutes ago and has not let it go."""
    if text.taken_at is None or text.taken_at + HELD_FOR <= timezone.now():
        return None
    return text.taken_by


def locked(text: ModeratedText) -> ModeratedText:
    """The row of `text`, held until the end of the transaction."""
    rows = ModeratedText.objects.select_for_update(of=("self",)).select_related("taken_by")
    return rows.get(pk=text.pk)


def hold_texts(*, sources: Sequence[str], reference: str) -> None:
    """Hold every version of what these sources sent under `reference`, until the transaction ends.
    To call before anything of theirs is locked: decisions hold the text first."""
    rows = ModeratedText.objects.filter(source__in=sources, reference=reference)
    list(rows.select_for_update().order_by("pk").values_list("pk"))


@transaction.atomic
def open_text(*, text: ModeratedText, by: User, takes_over: bool = False) -> ModeratedText:
    """Take `text` to read its original; `RuleViolation` when another person has it, unless
    `takes_over`."""
    held = locked(text)
    holder = holder_of(held)
    if holder is not None and holder != by and not takes_over:
        raise RuleViolation(held_by_another(held))
    held.taken_by, held.taken_at = by, timezone.now()
    held.save(update_fields=["taken_by", "taken_at"])
    if holder != by:
        action = "moderation.taken_over" if holder else "moderation.opened"
        record(by=by, action=action, subject=held)
    return held


@transaction.atomic
def let_go(*, text: ModeratedText, by: User) -> None:
    """Give `text` back to the queue; nothing when another person took it since."""
    held = locked(text)
    if held.taken_by == by:
        held.taken_by, held.taken_at = None, None
        held.save(update_fields=["taken_by", "taken_at"])


def held_by_another(text: ModeratedText) -> str:
    moment = written_time(text.taken_at or timezone.now())
    return (
        f"{text.taken_by} lit ce texte depuis {moment} : rien n'a été changé. Attendez sa "
        "décision, ou prenez la main après lui avoir parlé."
    )
