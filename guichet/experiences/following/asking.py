"""« Est-ce que ça a changé ? »: asked of the author when a promise fell due, once more later."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from guichet.experiences.announcing import announce_at
from guichet.experiences.models import Event, Promise

REMINDED_AFTER = timedelta(days=14)


@transaction.atomic
def ask_about(promise: Promise, *, is_reminder: bool = False) -> Event | None:
    """Ask the author whether what was promised changed; None when it was asked already. Without an
    address, the question waits on their page."""
    now = timezone.now()
    if not is_reminder:
        asked = Promise.objects.filter(pk=promise.pk, asked_at__isnull=True).update(asked_at=now)
        if not asked:
            return None
        promise.asked_at = now
    reminder = {"reminder": True} if is_reminder else {}
    return announce_at(promise.reply.addressee, Event.Kind.ASKED, promise=promise.pk, **reminder)


def ask_about_due_promises() -> int:
    """Ask once each author whose promise fell due, remind once after two weeks; how many mails
    or questions were made."""
    today = timezone.localdate()
    waiting = Promise.objects.filter(
        due_on__lt=today,
        judged_at__isnull=True,
        reply__addressee__experience__state="published",
        reply__addressee__experience__author__isnull=False,
    ).select_related("reply__addressee__experience")
    asked = sum(ask_about(one) is not None for one in waiting.filter(asked_at__isnull=True))
    late = waiting.filter(asked_at__lt=timezone.now() - REMINDED_AFTER)
    return asked + sum(remind(one) for one in late)


def remind(promise: Promise) -> bool:
    reminders = Event.objects.filter(
        Q(detail__promise=promise.pk) & Q(detail__reminder=True),
        kind=Event.Kind.ASKED,
        experience=promise.reply.addressee.experience_id,
    )
    if reminders.exists():
        return False
    ask_about(promise, is_reminder=True)
    return True
