"""What the worker finds in a text before a person reads it.

Owns its passage to the queue; refuses to publish or to refuse anything.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from guichet.moderation.detection.dangers import danger_words
from guichet.moderation.models import ModeratedText, OriginalText, TextState, Witness
from guichet.moderation.queue.actions.alerting import alert_of_danger
from guichet.moderation.queue.actions.taking import locked
from guichet.moderation.queue.machine_findings import (
    Findings,
    findings_of,
    findings_without_model,
    whole_of,
)
from guichet.moderation.queue.mark_edits import with_new_marks
from guichet.moderation.redaction import read_marks

LATE_AFTER = timedelta(minutes=2)
GIVEN_UP_AFTER = timedelta(minutes=15)
READ_BY_PATTERNS_ALONE = "lecture automatique en panne : cherchez vous-même les noms"
LONGEST_FLAG = 120
logger = logging.getLogger("guichet.moderation")


def read_text(text: ModeratedText) -> None:
    """Mark what the model finds, say language, danger and risk, and let the text wait; nothing
    when it is read already or was withdrawn."""
    original = OriginalText.objects.filter(text=text).first()
    if original is None or text.state != TextState.READING:
        return
    put_in_queue(text, findings_of(text, original))


@transaction.atomic
def put_in_queue(text: ModeratedText, found: Findings) -> None:
    held = locked(text)
    original = OriginalText.objects.select_for_update().filter(text=held).first()
    if held.state != TextState.READING or original is None:
        return
    marks = with_new_marks(read_marks(original.marks), found.marks)
    original.marks = [mark.as_json() for mark in marks]
    original.save(update_fields=["marks"])
    held.state, held.read_at = TextState.WAITING, timezone.now()
    held.risk, held.language = found.risk, found.language
    held.flags = list(dict.fromkeys([*held.flags, *(one[:LONGEST_FLAG] for one in found.flags)]))
    held.signature, held.bands = list(found.signature), list(found.bands)
    held.save()
    if found.danger_words:
        alert_of_danger(held, ", ".join(found.danger_words), seen_by=Witness.MACHINE)


def read_late_texts() -> int:
    """Read what a lost job left unread; a text that the model cannot read waits for a person all
    the same after a quarter of an hour, flagged, read by what needs no model. How many left."""
    now = timezone.now()
    late = ModeratedText.objects.filter(
        state=TextState.READING, received_at__lt=now - LATE_AFTER
    ).select_related("original")
    return sum(
        was_read(text, is_given_up=text.received_at <= now - GIVEN_UP_AFTER) for text in late
    )


def was_read(text: ModeratedText, *, is_given_up: bool) -> bool:
    """False when `text` stays unread: it does not stop the others."""
    try:
        read_text(text)
        return True
    except Exception:
        logger.exception("text not read", extra={"subject": f"text:{text.pk}"})
    if not is_given_up:
        return False
    try:
        put_in_queue(text, found_all_the_same(text))
        return True
    except Exception:
        logger.exception("text not queued", extra={"subject": f"text:{text.pk}"})
        return False


def found_all_the_same(text: ModeratedText) -> Findings:
    """First in the queue, with what patterns and words find; a danger is told even when the
    patterns fail too."""
    try:
        found = findings_without_model(text, text.original)
    except Exception:
        logger.exception("text not read by patterns", extra={"subject": f"text:{text.pk}"})
        found = Findings(danger_words=danger_words(whole_of(text.original)))
    return replace(found, risk=100, flags=(READ_BY_PATTERNS_ALONE, *found.flags))
