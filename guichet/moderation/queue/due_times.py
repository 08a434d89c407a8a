"""Within how long a text should be decided: what the installation chose (docs/howto/production.md).

Owns the reading of the settings; refuses to know texts.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from guichet.moderation.queue.targets import delay_in_words


def target() -> timedelta:
    """For any text."""
    return timedelta(hours=settings.MODERATION_HOURS)


def danger_target() -> timedelta:
    """For a text that says a danger."""
    return timedelta(minutes=settings.MODERATION_DANGER_MINUTES)


def target_in_words() -> str:
    """ "2 jours", for authors too."""
    return delay_in_words(target())


def targets_in_words() -> dict[str, str]:
    """ "2 jours" and "1 heure", for the pages and mails of moderators."""
    return {"target": target_in_words(), "danger_target": delay_in_words(danger_target())}
