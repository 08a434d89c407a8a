"""Dangers that nobody settled in time: which, what each waits for, since when.

Owns the delays; refuses to mail, to quote a text and to name anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from guichet.moderation.models import Alert, ModeratedText
from guichet.moderation.queue.actions.deciding import is_the_same, stances
from guichet.moderation.queue.actions.taking import holder_of
from guichet.moderation.queue.due_times import danger_target
from guichet.moderation.queue.targets import span_in_words

LEFT_AFTER = 2
"""Times the target of a danger: administrators are told then, when no moderator took it, or when
the second person did not come."""


@dataclass(frozen=True)
class LeftDanger:
    """`raised` and `since` are spans in words; `since` is empty, and `said` too, when nobody has
    begun: `said` is what is known of the first person's opinion, without a name."""

    alert: Alert
    raised: str
    since: str
    said: str


def late_dangers(*, times: int = 1) -> QuerySet[Alert]:
    """Told so many times the target ago, and open: of texts that wait, or that are published."""
    since = timezone.now() - times * danger_target()
    return (
        Alert.objects.filter(settled_at=None, raised_at__lt=since)
        .select_related("text__taken_by")
        .prefetch_related("text__decisions")
        .order_by("raised_at", "pk")
    )


def left_alone() -> list[LeftDanger]:
    """Those that nobody reads now, and of which nobody proposed a decision or noted what was
    done."""
    return [one for one in left_dangers() if not one.since]


def left_half_settled() -> list[LeftDanger]:
    """Those that a first person began to settle so long ago, and that no second one settled."""
    return [one for one in left_dangers() if one.since]


def left_dangers() -> Iterator[LeftDanger]:
    now = timezone.now()
    for alert in late_dangers(times=LEFT_AFTER):
        begun = begun_at(alert)
        is_recent = begun is not None and begun > now - LEFT_AFTER * danger_target()
        if not (is_recent or holder_of(alert.text)):
            yield LeftDanger(
                alert=alert,
                raised=span_in_words(now - alert.raised_at),
                since=span_in_words(now - begun) if begun else "",
                said=said_of(alert.text) if begun else "",
            )


def begun_at(alert: Alert) -> datetime | None:
    """Since when a second person is awaited: the first opinion that still holds, else the last note
    of what was done; None when nobody began. Not before the danger was told anew."""
    moments = [one.at for one in stances(alert.text).values()]
    begun = min(moments) if moments else alert.noted_at
    return max(begun, alert.raised_at) if begun else None


def said_of(text: ModeratedText) -> str:
    """ "« refuser » est proposé"; the reason and the service stay in the page."""
    first, *others = stances(text).values() or (None,)
    if first is None:
        return "ce qui a été fait est noté"
    if all(is_the_same(one, first) for one in others):
        return f"«\u00a0{first.get_verb_display()}\u00a0» est proposé"
    return "les avis diffèrent"
