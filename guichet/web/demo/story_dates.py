"""When each demonstration story was told, published, answered and judged. Plain Python.

Owns the draw, the same for the same day; refuses to know what a story says.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from guichet.web.demo.story_files import WrittenStory

OLDEST_DAYS = 540
MEDIAN_DELAY_DAYS, SPREAD, LONGEST_DELAY_DAYS = 8.6, 0.75, 80.0
"""Of answers: log-normal. About one in four comes after fifteen days."""

WAITING_STORIES = 13
"""Besides a danger and a story to refuse of each reason that another one shows already."""

LONGEST_ERRANDS_DAYS = 4
"""What moderation, nights and week-ends may add to the delay of an answer."""

PENDING = 0.7
"""The share of promises of unknown outcome whose day is to come."""

LONG_BEFORE = ((0.6, 3.5, 15), (0.93, 15, 45), (1.0, 45, 100))
"""How long ago unanswered stories were told: up to this share of them, from and to how many days.
Most may still be answered in time, few are late by weeks."""

OTHERS_AWAITED_DAYS = 20
"""How long ago at most the first of several services answered, while the others have not."""

OFFICE_OPENS, OFFICE_CLOSES = 9, 17


class Fate(StrEnum):
    WAITING = "waiting"
    REFUSED = "refused"
    DANGER_SETTLED = "danger settled"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Timeline:
    """None is what has not happened. `promised_for` is the day of the promise, `done_at` when the
    service says that it kept it, `asked_at` when its author was asked, `changed_at` when they
    said."""

    fate: Fate
    told_at: datetime
    decided_at: datetime | None = None
    replied_at: datetime | None = None
    judged_at: datetime | None = None
    promised_for: date | None = None
    done_at: datetime | None = None
    asked_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def others_replied_at(self) -> datetime | None:
        """When the second of several services answers."""
        return self.replied_at and self.replied_at + timedelta(days=1)

    @property
    def latest(self) -> datetime:
        moments = (
            self.told_at,
            self.decided_at,
            self.replied_at,
            self.judged_at,
            self.done_at,
            self.asked_at,
            self.changed_at,
        )
        return max(one for one in moments if one is not None)


def timelines(stories: Sequence[WrittenStory], now: datetime) -> dict[str, Timeline]:
    """Each story's by its key; `now` is aware, in local time, and nothing comes after it."""
    fate_of = fates(stories)
    found = {}
    for story in stories:
        draw = random.Random(story.key)  # noqa: S311 (not a secret: the same draw at each run)
        found[story.key] = DRAWN[fate_of[story.key]](story, draw, now)
    asked = next((one.key for one in stories if one.promise and one.promise.kept == "unknown"), "")
    if asked:
        found[asked] = asked_today(found[asked], now)
    return found


def fates(stories: Sequence[WrittenStory]) -> dict[str, Fate]:
    """What becomes of each. A reason to refuse shown twice waits the second time; so does the first
    danger."""
    found: dict[str, Fate] = {}
    shown: set[str] = set()
    for story in stories:
        if story.expected:
            is_first = story.expected not in shown
            shown.add(story.expected)
            found[story.key] = decided_fate(story, is_first)
        else:
            found[story.key] = Fate.PUBLISHED
    unanswered = [one.key for one in stories if not one.reply and not one.expected]
    step = max(1, len(unanswered) // WAITING_STORIES)
    for key in unanswered[::step][:WAITING_STORIES]:
        found[key] = Fate.WAITING
    return found


def decided_fate(story: WrittenStory, is_first: bool) -> Fate:
    if story.is_danger:
        return Fate.WAITING if is_first else Fate.DANGER_SETTLED
    return Fate.REFUSED


def asked_today(line: Timeline, now: datetime) -> Timeline:
    """The same line, moved so that its promise fell due yesterday and its author was just asked."""
    if line.promised_for is None:
        return line
    days = (now.date() - timedelta(days=1)) - line.promised_for
    moments: dict[str, Any] = {
        one.name: getattr(line, one.name) + days
        for one in fields(line)
        if isinstance(getattr(line, one.name), date)
    }
    asked_at = now - timedelta(hours=2)
    return replace(line, **{**moments, "asked_at": asked_at})


def waiting(story: WrittenStory, draw: random.Random, now: datetime) -> Timeline:
    """In the queue; a danger came a few minutes ago."""
    hours = draw.uniform(0.2, 0.6) if story.is_danger else draw.uniform(1, 60)
    return Timeline(Fate.WAITING, now - timedelta(hours=hours))


def refused(story: WrittenStory, draw: random.Random, now: datetime) -> Timeline:
    """A danger is settled within the hour."""
    told_at = at_home(now - timedelta(days=draw.uniform(5, 200)), draw)
    if story.is_danger:
        return Timeline(Fate.DANGER_SETTLED, told_at, told_at + timedelta(minutes=35))
    return Timeline(Fate.REFUSED, told_at, moderated(told_at, draw, now))


def published(story: WrittenStory, draw: random.Random, now: datetime) -> Timeline:
    """Answered or not; a promise judged by its author was made early enough."""
    if not story.reply:
        return unanswered(draw, now)
    delay_days = answer_delay(draw)
    soonest, oldest = ages_of_answered(story, delay_days, draw)
    told_at = at_home(now - timedelta(days=age_between(soonest, oldest, draw)), draw)
    decided_at = moderated(told_at, draw, now)
    replied_at = at_office(decided_at + timedelta(days=delay_days), draw)
    replied_at = min(replied_at, now - timedelta(hours=1))
    line = Timeline(Fate.PUBLISHED, told_at, decided_at, replied_at)
    return with_promise(with_judgement(line, story, draw, now), story, draw, now)


def unanswered(draw: random.Random, now: datetime) -> Timeline:
    share = draw.random()
    soonest, oldest = next((least, most) for end, least, most in LONG_BEFORE if share < end)
    told_at = at_home(now - timedelta(days=draw.uniform(soonest, oldest)), draw)
    return Timeline(Fate.PUBLISHED, told_at, moderated(told_at, draw, now))


def ages_of_answered(
    story: WrittenStory, delay_days: float, draw: random.Random
) -> tuple[float, float]:
    """Days since it was told, at least and at most: a promise that its author judged fell due long
    enough ago, most of the others have not yet. Another service that did not answer has not been
    late for long."""
    soonest = LONGEST_ERRANDS_DAYS + delay_days
    if len(story.kinds) > 1 and not story.other_reply:
        return soonest, soonest + OTHERS_AWAITED_DAYS
    if story.promise is None:
        return soonest, OLDEST_DAYS
    if story.promise.kept != "unknown":
        return soonest + story.promise.by_days + 10, OLDEST_DAYS
    is_pending = draw.random() < PENDING
    return soonest, soonest + 0.8 * story.promise.by_days if is_pending else OLDEST_DAYS


def age_between(soonest: float, oldest: float, draw: random.Random) -> float:
    """A little more of the recent ones."""
    return float(soonest + max(0.0, oldest - soonest) * draw.random() ** 1.6)


def answer_delay(draw: random.Random) -> float:
    """Days from the publication to the answer."""
    days = MEDIAN_DELAY_DAYS * math.exp(draw.gauss(0, SPREAD))
    return min(max(days, 0.4), LONGEST_DELAY_DAYS)


def with_judgement(
    line: Timeline, story: WrittenStory, draw: random.Random, now: datetime
) -> Timeline:
    if story.useful is None or line.replied_at is None:
        return line
    judged_at = min(
        at_home(line.replied_at + timedelta(days=draw.uniform(0.3, 6)), draw),
        now - timedelta(hours=5),
    )
    return replace(line, judged_at=max(judged_at, line.replied_at + timedelta(hours=1)))


def with_promise(
    line: Timeline, story: WrittenStory, draw: random.Random, now: datetime
) -> Timeline:
    """Asked the morning after its day; who kept a promise says so before, one time in two."""
    replied_at = line.replied_at
    if story.promise is None or replied_at is None:
        return line
    promised_for = replied_at.date() + timedelta(days=story.promise.by_days)
    line = replace(line, promised_for=promised_for)
    asked_at = datetime.combine(promised_for + timedelta(days=1), time(7, 10), now.tzinfo)
    if asked_at > now:
        return line
    line = replace(line, asked_at=asked_at)
    if story.promise.kept == "yes" and draw.random() < 0.5:
        day = promised_for - timedelta(days=draw.randint(0, story.promise.by_days // 3))
        done_at = datetime.combine(day, time(draw.randint(9, 11), 20), now.tzinfo)
        soonest = replied_at + timedelta(hours=2)
        line = replace(line, done_at=done_at if done_at > soonest else soonest)
    if story.promise.kept == "unknown":
        return line
    changed_at = at_home(asked_at + timedelta(days=draw.uniform(0.4, 9)), draw)
    return replace(line, changed_at=min(changed_at, now - timedelta(hours=3)))


def moderated(told_at: datetime, draw: random.Random, now: datetime) -> datetime:
    decided_at = at_office(told_at + timedelta(hours=draw.uniform(1.5, 40)), draw)
    return min(decided_at, now - timedelta(hours=draw.uniform(3, 20)))


def at_home(moment: datetime, draw: random.Random) -> datetime:
    """The same day, from seven in the morning to eleven at night."""
    return moment.replace(hour=draw.randint(7, 22), minute=draw.randint(0, 59))


def at_office(moment: datetime, draw: random.Random) -> datetime:
    """The same moment if an office works then, else the next one when it does."""
    if moment.hour >= OFFICE_CLOSES:
        moment = (moment + timedelta(days=1)).replace(hour=OFFICE_OPENS)
    while moment.weekday() >= 5:
        moment = (moment + timedelta(days=1)).replace(hour=OFFICE_OPENS)
    if moment.hour < OFFICE_OPENS:
        moment = moment.replace(hour=OFFICE_OPENS + draw.randint(0, 2))
    return moment


DRAWN = {
    Fate.WAITING: waiting,
    Fate.REFUSED: refused,
    Fate.DANGER_SETTLED: refused,
    Fate.PUBLISHED: published,
}
