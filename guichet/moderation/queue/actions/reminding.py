"""One mail a day to moderators while texts are late.

Owns who is told; refuses to quote the texts.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions.alerting import people_to_alert
from guichet.moderation.queue.due_times import targets_in_words
from guichet.moderation.queue.targets import span_in_words


def remind_of_late_texts() -> int:
    """How many texts wait beyond their time; nobody is mailed when none does."""
    now = timezone.now()
    late = ModeratedText.objects.queued().filter(due_at__lt=now).order_by("received_at")
    count = late.count()
    oldest = late.first()
    if oldest is None:
        return 0
    context = {
        "count": count,
        "oldest": span_in_words(now - oldest.received_at),
        "site": settings.PUBLIC_URL,
        **targets_in_words(),
    }
    for person in people_to_alert():
        send_mail(
            f"{settings.INSTITUTION} : des textes attendent la modération",
            render_to_string("moderation/mail/late.txt", context),
            None,
            [person.email],
        )
    return count
