"""Jobs of experiences."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from guichet.experiences.answering.absences import hand_over_all
from guichet.experiences.answering.digests import send_digests


@app.periodic(cron="10 2 * * *")
@app.task(name="hand_over_stories", queueing_lock="hand_over_stories", lock="hand_over_stories")
def hand_over_stories(timestamp: int) -> None:
    """Give the stories of who is away today to who replaces them, or back to everybody."""
    hand_over_all(timezone.localdate())


@app.periodic(cron="30 5 * * 1-5")
@app.task(name="send_story_digests", queueing_lock="send_story_digests", lock="send_story_digests")
def send_story_digests(timestamp: int) -> None:
    """Mail each agent what is new, due soon and late, one mail a working day."""
    send_digests(timezone.localdate())
