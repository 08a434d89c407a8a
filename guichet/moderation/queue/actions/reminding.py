"""Mails while texts are late: once a day; for a danger, once its time is past, then to
administrators.

Owns who is told, and when again; refuses to quote the texts or to name anybody.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from guichet.core.words import counted
from guichet.directory.models import Role
from guichet.moderation.models import Alert, ModeratedText
from guichet.moderation.queue.actions.alerting import mailed, people_to_alert, people_with
from guichet.moderation.queue.late_dangers import (
    LeftDanger,
    late_dangers,
    left_alone,
    left_half_settled,
)
from guichet.moderation.queue.targets import span_in_words

MOST_LISTED = 20


def remind_of_late_texts() -> int:
    """Once a day. How many texts wait beyond their time; nobody is mailed when none does, and no
    danger is left open."""
    now = timezone.now()
    late = ModeratedText.objects.queued().filter(due_at__lt=now).order_by("received_at")
    count, dangers = late.count(), late_dangers().count()
    if not (count or dangers):
        return 0
    oldest = late.first()
    context = {
        "count": count,
        "dangers": dangers,
        "oldest": span_in_words(now - oldest.received_at) if oldest else "",
    }
    mailed(people_to_alert(), "des textes attendent la modération", "late", context)
    return count


def remind_of_late_dangers() -> int:
    """Told once each: moderators, of the dangers that passed their time; administrators, of those
    that no moderator took in twice that time, and of those for which no second person came in twice
    that time after the first. How many moderators were told of."""
    late = list(late_dangers().filter(late_told_at=None))
    subject = counted(len(late), "danger possible attend", "dangers possibles attendent")
    if late and mailed(
        people_to_alert(), f"{subject} toujours", "late_dangers", {"count": len(late)}
    ):
        those(late).update(late_told_at=timezone.now())
    tell_of_left_alone()
    tell_of_half_settled()
    return len(late)


def tell_of_left_alone() -> None:
    left = [one for one in left_alone() if one.alert.left_told_at is None]
    subject = counted(len(left), "danger possible", "dangers possibles")
    if told_to_administrators(left, f"{subject}, et personne ne s'en occupe", "left_dangers"):
        those([one.alert for one in left]).update(left_told_at=timezone.now())


def tell_of_half_settled() -> None:
    left = [one for one in left_half_settled() if one.alert.second_told_at is None]
    subject = counted(len(left), "danger possible attend", "dangers possibles attendent")
    if told_to_administrators(left, f"{subject} une autre personne", "half_settled_dangers"):
        those([one.alert for one in left]).update(second_told_at=timezone.now())


def told_to_administrators(left: list[LeftDanger], subject: str, template: str) -> bool:
    """The oldest are listed, each with its address."""
    context = {
        "count": len(left),
        "listed": left[:MOST_LISTED],
        "more": max(0, len(left) - MOST_LISTED),
    }
    return bool(left) and mailed(people_with(Role.ADMINISTRATOR), subject, template, context)


def those(alerts: list[Alert]) -> QuerySet[Alert]:
    return Alert.objects.filter(pk__in=[alert.pk for alert in alerts])
