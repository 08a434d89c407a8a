"""Jobs of moderation: the language model is loaded here, never in the web process."""

from __future__ import annotations

from procrastinate.contrib.django import app

from guichet.moderation.models import ModeratedText
from guichet.moderation.queue.actions import read_late_texts, read_text
from guichet.moderation.queue.actions.alerting import tell_of_held_back
from guichet.moderation.queue.actions.reminding import (
    remind_of_late_dangers,
    remind_of_late_texts,
)


@app.task(name="read_moderated_text")
def read_moderated_text(*, text_id: int) -> None:
    """Read a text that just came in; nothing when its author took it back meanwhile."""
    if text := ModeratedText.objects.filter(pk=text_id).first():
        read_text(text)


@app.periodic(cron="*/2 * * * *")
@app.task(name="read_late_texts", queueing_lock="read_late_texts", lock="read_late_texts")
def read_texts_left_behind(timestamp: int) -> None:
    read_late_texts()


@app.periodic(cron="*/15 * * * *")
@app.task(
    name="tell_of_held_back_alerts",
    queueing_lock="tell_of_held_back_alerts",
    lock="tell_of_held_back_alerts",
)
def tell_of_held_back_alerts(timestamp: int) -> None:
    tell_of_held_back()


@app.periodic(cron="*/5 * * * *")
@app.task(
    name="tell_of_late_dangers", queueing_lock="tell_of_late_dangers", lock="tell_of_late_dangers"
)
def tell_of_late_dangers(timestamp: int) -> None:
    remind_of_late_dangers()


@app.periodic(cron="30 6 * * *")
@app.task(name="remind_moderators", queueing_lock="remind_moderators", lock="remind_moderators")
def remind_moderators(timestamp: int) -> None:
    remind_of_late_texts()
