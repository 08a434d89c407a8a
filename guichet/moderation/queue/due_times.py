"""Within how long a text should be decided: what the installation chose (docs/howto/production.md).

Owns the reading of the settings; refuses to know texts.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from guichet.moderation.queue.targets import span_in_words


def target() -> timedelta:
    """For any text."""
    return timedelta(hours=settings.MODERATION_HOURS)


def danger_target() -> timedelta:
    """For a text that says a danger."""
    return timedelta(minutes=settings.MODERATION_DANGER_MINUTES)


def targets_in_words() -> dict[str, str]:
    """ "2 jours" and "60 minutes", for pages and mails."""
    return {
        "target": span_in_words(target()),
        "danger_target": span_in_words(danger_target()),
    }
