"""Jobs of experiences."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from guichet.experiences.answering.absences import hand_over_all
from guichet.experiences.answering.corrections import tell_of_corrections
from guichet.experiences.answering.digests import send_digests
from guichet.experiences.answering.draft_reading import READING_TASK, read_draft
from guichet.experiences.following.actions.subscriptions import send_daily_news
from guichet.experiences.following.asking import ask_about_due_promises
from guichet.experiences.reading.figures import count_all

MORNING = 7


@app.task(name=READING_TASK)
def read_reply_draft(*, addressee: int, version: int) -> None:
    """Look for names in a draft that its agent asked to read again."""
    read_draft(addressee, version)


@app.periodic(cron="*/10 * * * *")
@app.task(name="tell_corrections", queueing_lock="tell_corrections", lock="tell_corrections")
def tell_corrections(timestamp: int) -> None:
    """Every ten minutes, one mail for each answer corrected, once its half hour is past."""
    tell_of_corrections()


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


def is_local_hour(timestamp: int, hour: int) -> bool:
    """True when the job was due at `hour` in local time: jobs are planned in universal time."""
    due = datetime.fromtimestamp(timestamp, tz=timezone.get_current_timezone())
    return due.hour == hour


@app.periodic(cron="0 5,6 * * *")
@app.task(name="send_story_news", queueing_lock="send_story_news", lock="send_story_news")
def send_story_news(timestamp: int) -> None:
    """At seven, one mail to each subscriber who follows something that has news."""
    if is_local_hour(timestamp, MORNING):
        send_daily_news()


@app.periodic(cron="10 5,6 * * *")
@app.task(name="ask_about_promises", queueing_lock="ask_about_promises", lock="ask_about_promises")
def ask_about_promises(timestamp: int) -> None:
    """At ten past seven, « est-ce que ça a changé ? » to the authors whose promise fell due."""
    if is_local_hour(timestamp, MORNING):
        ask_about_due_promises()


@app.periodic(cron="5 * * * *")
@app.task(
    name="count_story_figures", queueing_lock="count_story_figures", lock="count_story_figures"
)
def count_story_figures(timestamp: int) -> None:
    """Count again what stories say of each network, each territory and the nation."""
    count_all()


@app.periodic(cron="30 3 * * *")
@app.task(name="submit_experiences", queueing_lock="submit_experiences", lock="submit_experiences")
def submit_story_counts(timestamp: int) -> None:
    """Send the indicators which stories were answered, and how fast."""
    from guichet.experiences.collectors import submit_experiences

    submit_experiences()
