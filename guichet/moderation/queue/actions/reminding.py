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
from guichet.moderation.queue.actions.deciding import stances
from guichet.moderation.queue.actions.taking import holder_of
from guichet.moderation.queue.due_times import danger_target
from guichet.moderation.queue.targets import span_in_words

LEFT_AFTER = 2
"""Times the target of a danger: administrators are told then, when no moderator took it."""


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
    that no moderator took in twice that time. How many moderators were told of."""
    late = list(late_dangers().filter(late_told_at=None))
    subject = counted(len(late), "danger possible attend", "dangers possibles attendent")
    if late and mailed(
        people_to_alert(), f"{subject} toujours", "late_dangers", {"count": len(late)}
    ):
        those(late).update(late_told_at=timezone.now())
    tell_administrators()
    return len(late)


def tell_administrators() -> None:
    left = [one for one in late_dangers(times=LEFT_AFTER).filter(left_told_at=None) if is_left(one)]
    subject = counted(len(left), "danger possible", "dangers possibles")
    if left and mailed(
        people_with(Role.ADMINISTRATOR),
        f"{subject}, et personne ne s'en occupe",
        "left_dangers",
        {"count": len(left)},
    ):
        those(left).update(left_told_at=timezone.now())


def late_dangers(*, times: int = 1) -> QuerySet[Alert]:
    """Told so many times the target ago, and open: of texts that wait, or that are published."""
    since = timezone.now() - times * danger_target()
    return Alert.objects.filter(settled_at=None, raised_at__lt=since).select_related(
        "text__taken_by"
    )


def those(alerts: list[Alert]) -> QuerySet[Alert]:
    return Alert.objects.filter(pk__in=[alert.pk for alert in alerts])


def is_left(alert: Alert) -> bool:
    """True when nobody reads the text now, proposed a decision or noted what was done."""
    return not (holder_of(alert.text) or alert.outcome or stances(alert.text))
