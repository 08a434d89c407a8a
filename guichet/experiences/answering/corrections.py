"""The author of a story is told that an answer was corrected, once, when it can be no more.

Owns when that mail leaves and what it says of the promise; refuses one mail for each correction,
and one of an answer that moderation removed meanwhile.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from guichet.experiences.announcing import tell
from guichet.experiences.answering.actions.replies import REWRITTEN_WITHIN
from guichet.experiences.models import Event, Promise, Reply, State

LOOKED_BACK = timedelta(days=7)
"""A worker that stood still for less tells of every correction."""

NEW, CHANGED, DROPPED = "new", "changed", "dropped"


def tell_of_corrections() -> int:
    """Tell the authors of answers corrected and now past correcting; how many mails were made."""
    now = timezone.now()
    settled = Reply.objects.filter(
        published_at__gt=now - LOOKED_BACK,
        published_at__lt=now - REWRITTEN_WITHIN,
        rewritten_at__isnull=False,
        removed_at__isnull=True,
        addressee__experience__state=State.PUBLISHED,
    ).select_related("addressee")
    return sum(tell_of_correction(one) for one in settled)


@transaction.atomic
def tell_of_correction(reply: Reply) -> bool:
    """False when it was told already, or when there is nobody to tell."""
    about = Event.objects.filter(
        experience=reply.addressee.experience_id, detail__reply=reply.pk
    ).select_for_update(of=("self",))
    events = {Event.Kind(one.kind): one for one in about}
    corrected = events.get(Event.Kind.REWRITTEN)
    if corrected is None or corrected.told_at is not None:
        return False
    first = events.get(Event.Kind.REPLIED) or events.get(Event.Kind.ADDED)
    had_promise = first is not None and bool(first.detail.get("has_promise"))
    corrected.detail["promise_now"] = promise_now(reply, corrected, had_promise=had_promise)
    tell(corrected)
    return corrected.told_at is not None


def promise_now(reply: Reply, corrected: Event, *, had_promise: bool) -> str:
    """What became of the promise that the first mail told, or did not tell; "" when nothing did."""
    if not Promise.objects.filter(reply=reply).exists():
        return DROPPED if had_promise else ""
    if not had_promise:
        return NEW
    return CHANGED if corrected.detail.get("promise_changed") else ""
