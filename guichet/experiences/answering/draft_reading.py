"""The names in a draft answer: found by the language model, which runs in the worker alone.

Owns when a draft is read, what is kept of it (places, never words) and what its agent is told;
refuses to keep anybody from sending.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from guichet.experiences.models import ReplyDraft
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

READING_TASK = "read_reply_draft"
PATIENCE = timedelta(minutes=2)
SURE = 1.0


class Reading(StrEnum):
    """Where the search for names stands."""

    DONE = "done"
    UNDER_WAY = "under_way"
    LATE = "late"


def ask_reading(draft: ReplyDraft) -> None:
    """Have the worker read this version of the draft, once it is committed."""
    job = app.configure_task(READING_TASK)
    addressee, version = draft.addressee_id, draft.version
    transaction.on_commit(lambda: job.defer(addressee=addressee, version=version))


def read_draft(addressee: int, version: int) -> None:
    """In the worker: keep the places found in that version; nothing when it changed or was sent,
    even if another draft was begun since, whose versions begin again."""
    from guichet.moderation.detection.detector import found

    versions = ReplyDraft.objects.filter(pk=addressee, version=version)
    draft = versions.first()
    if draft is not None:
        spans = [as_stored(found(words)) for words in public_words(draft)]
        versions.filter(at=draft.at).update(read_version=version, spans=spans)


def public_words(draft: ReplyDraft) -> tuple[str, str, str]:
    """What everybody will read of a draft: the answer, then what it promises, empty for nothing,
    then its signature."""
    return draft.text, str(draft.promise.get("what", "")), draft.signature


def as_stored(spans: Sequence[Span]) -> list[list[int | str]]:
    return [[one.start, one.end, one.kind.value] for one in spans]


def reading_of(draft: ReplyDraft) -> Reading:
    if draft.read_version == draft.version:
        return Reading.DONE
    return Reading.LATE if timezone.now() - draft.at > PATIENCE else Reading.UNDER_WAY


def spans_read(draft: ReplyDraft) -> list[list[Span]] | None:
    """What the worker found in each of the `public_words` of the current version, names and the
    rest; None until it has."""
    if draft.read_version != draft.version:
        return None
    return [
        [Span(start, end, Kind(kind), SURE) for start, end, kind in spans] for spans in draft.spans
    ]
