"""The moments of the demonstration's stories: what was done just now is dated back.

Owns every date that a story leaves; refuses to change anything else. An original whose time is past
is erased, as each night does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from guichet.experiences.models import Addressee, Author, Event, Experience, Promise, Reply
from guichet.moderation.models import Alert, Decision, ModeratedText, OriginalText
from guichet.web.demo.story_dates import Timeline

Kind = Event.Kind
READ_IN = timedelta(seconds=4)
BATCH = 500
Dated = Sequence[tuple[int, int, Timeline]]
"""The keys of a story and of its moderated text, and its line."""


def date_back(stories: Dated) -> None:
    lines = {story: line for story, _, line in stories}
    date_stories(lines)
    date_answers(lines)
    date_events(lines)
    date_moderation({text: line for _, text, line in stories})


def date_stories(lines: dict[int, Timeline]) -> None:
    experiences = list(Experience.objects.filter(pk__in=lines))
    for one in experiences:
        line = lines[one.pk]
        one.written_on = line.told_at.date()
        one.confirmed_at, one.changed_at = line.told_at, line.latest
        one.published_at = one.published_at and line.decided_at
        one.first_reply_at = one.first_reply_at and line.replied_at
        one.ended_at = one.ended_at and line.decided_at
    keep(
        Experience,
        experiences,
        "written_on confirmed_at changed_at published_at first_reply_at ended_at",
    )
    authors = list(Author.objects.filter(experience__in=lines))
    for author in authors:
        author.solved_at = author.solved_at and lines[author.pk].judged_at
    keep(Author, authors, "solved_at")
    addressees = list(Addressee.objects.filter(experience__in=lines))
    today = timezone.localdate()
    for addressee in addressees:
        line = lines[addressee.experience_id]
        if addressee.due_on is not None and line.decided_at is not None:
            addressee.due_on -= today - line.decided_at.date()
        addressee.first_reply_at = addressee.first_reply_at and replied_at(line, addressee)
    keep(Addressee, addressees, "due_on first_reply_at")


def date_answers(lines: dict[int, Timeline]) -> None:
    replies = list(
        Reply.objects.filter(addressee__experience__in=lines).select_related("addressee")
    )
    for reply in replies:
        line = lines[reply.addressee.experience_id]
        reply.published_at = replied_at(line, reply.addressee) or reply.published_at
        reply.judged_at = reply.judged_at and line.judged_at
    keep(Reply, replies, "published_at judged_at")
    promises = list(Promise.objects.filter(reply__in=replies).select_related("reply__addressee"))
    for promise in promises:
        line = lines[promise.reply.addressee.experience_id]
        promise.asked_at = promise.asked_at and line.asked_at
        promise.judged_at = promise.judged_at and line.changed_at
        promise.done_on = promise.done_on and line.done_at and line.done_at.date()
    keep(Promise, promises, "asked_at judged_at done_on")


def date_events(lines: dict[int, Timeline]) -> None:
    events = list(Event.objects.filter(experience__in=lines).select_related("addressee"))
    for event in events:
        line, to = lines[event.experience_id], event.addressee
        if to is not None and event.kind == Kind.REPLIED:
            moment = replied_at(line, to)
        else:
            moment = moment_of(Kind(event.kind), line)
        event.at = moment or event.at
        event.told_at = event.told_at and event.at
    keep(Event, events, "at told_at")


def replied_at(line: Timeline, addressee: Addressee) -> datetime | None:
    return line.replied_at if addressee.rank == 1 else line.others_replied_at


def moment_of(kind: Event.Kind, line: Timeline) -> datetime | None:
    return {
        Kind.CONFIRMED: line.told_at,
        Kind.PUBLISHED: line.decided_at,
        Kind.REFUSED: line.decided_at,
        Kind.ORIENTED: line.decided_at,
        Kind.PROMISED: line.replied_at,
        Kind.JUDGED: line.judged_at,
        Kind.DONE: line.done_at,
        Kind.ASKED: line.asked_at,
        Kind.CHANGED: line.changed_at,
    }.get(kind)


def date_moderation(lines: dict[int, Timeline]) -> None:
    texts = list(ModeratedText.objects.filter(pk__in=lines))
    for text in texts:
        late = timezone.now() - lines[text.pk].told_at
        text.received_at, text.due_at = text.received_at - late, text.due_at - late
        text.read_at = text.received_at + READ_IN
        text.decided_at = text.decided_at and lines[text.pk].decided_at
    keep(ModeratedText, texts, "received_at due_at read_at decided_at")
    decisions = list(Decision.objects.filter(text__in=lines).select_related("text"))
    for decision in decisions:
        decision.at = lines[decision.text_id].decided_at or decision.at
        decision.due_at = decision.text.due_at
    keep(Decision, decisions, "at due_at")
    alerts = list(Alert.objects.filter(text__in=lines))
    for one in alerts:
        one.raised_at = one.told_at = lines[one.text_id].told_at + READ_IN
        one.settled_at = one.settled_at and lines[one.text_id].decided_at
    keep(Alert, alerts, "raised_at told_at settled_at")
    date_originals(lines)


def date_originals(lines: dict[int, Timeline]) -> None:
    now = timezone.now()
    originals = list(OriginalText.objects.filter(text__in=lines))
    for one in originals:
        line = lines[one.text_id]
        one.erase_on -= timedelta(days=(now - (line.decided_at or line.told_at)).days)
    keep(OriginalText, originals, "erase_on")
    OriginalText.objects.filter(text__in=lines, erase_on__lte=timezone.localdate()).delete()


def keep(model: type[Model], rows: Iterable[Any], fields: str) -> None:
    model._default_manager.bulk_update(rows, fields.split(), batch_size=BATCH)
