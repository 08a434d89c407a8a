"""Texts that come in, and those that their author takes back.

Owns the first marks and the erasure of a withdrawn text; refuses to decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.moderation.chosen_names import without_chosen_name
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.models import Alert, Decision, ModeratedText, OriginalText, TextState, Verb
from guichet.moderation.queue.due_times import target
from guichet.moderation.queue.known_words import KnownWords, known_marks
from guichet.moderation.queue.mark_edits import with_new_marks
from guichet.moderation.queue.typed_text import typed_text
from guichet.moderation.redaction import Mark, Origin

KEPT_UNDECIDED = timedelta(days=365)
HIDDEN_CHARACTERS = "caractères invisibles retirés"


@dataclass(frozen=True)
class Part:
    """One field of what somebody wrote; `label` is what moderators read above it."""

    name: str
    label: str
    text: str


def submit(
    *,
    source: str,
    reference: str,
    parts: Sequence[Part],
    is_burst: bool = False,
    follows: ModeratedText | None = None,
    known: Sequence[KnownWords] = (),
) -> ModeratedText:
    """Keep what was written, marked by the patterns; the worker reads it once committed.

    `follows` is the refused text that this one amends; `known` are words that were masked in what
    the same person wrote before, marked here too. `RuleViolation` when a text of the same
    reference still waits.
    """
    typed = [(part, typed_text(part.text)) for part in parts]
    now = timezone.now()
    text = ModeratedText(
        source=source,
        reference=reference,
        parts=[{"name": one.name, "label": one.label, "published": ""} for one in parts],
        received_at=now,
        due_at=now + target(),
        is_burst=is_burst,
        follows=follows,
        flags=[HIDDEN_CHARACTERS] if any(one.had_hidden for _, one in typed) else [],
    )
    try:
        with transaction.atomic():
            text.save()
            OriginalText.objects.create(
                text=text,
                parts=[
                    {"name": part.name, "label": part.label, "text": one.text}
                    for part, one in typed
                ],
                marks=[
                    mark.as_json()
                    for part, one in typed
                    for mark in first_marks(part.name, one.text, known)
                ],
                erase_on=timezone.localdate(now) + KEPT_UNDECIDED,
            )
            wake_worker(text.pk)
    except IntegrityError as error:
        if "one_open_text_a_reference" not in str(error):
            raise
        raise RuleViolation(
            "Un texte envoyé auparavant attend encore d'être lu : attendez la réponse de la "
            "modération avant d'en envoyer un autre."
        ) from error
    return text


def first_marks(part: str, text: str, known: Sequence[KnownWords]) -> list[Mark]:
    return with_new_marks(pattern_marks(part, text), known_marks(part, text, known))


def pattern_marks(part: str, text: str) -> list[Mark]:
    return [
        Mark(part, span.start, span.end, span.kind, Origin.PATTERN)
        for span in without_chosen_name(part, text, found_by_patterns(text))
    ]


def wake_worker(text_id: int) -> None:
    """Ask the worker to read now; were the request lost, `read_late_texts` finds the text."""
    from guichet.moderation.tasks import read_moderated_text

    transaction.on_commit(lambda: read_moderated_text.defer(text_id=text_id))


@transaction.atomic
def withdraw(*, source: str, reference: str) -> None:
    """Erase every version of what its author takes back; nothing when it is done already.

    The words of moderators about it go too: they may quote it.
    """
    texts = (
        ModeratedText.objects.select_for_update()
        .filter(source=source, reference=reference)
        .exclude(state=TextState.WITHDRAWN)
        .order_by("pk")
    )
    now = timezone.now()
    for text in texts:
        OriginalText.objects.filter(text=text).delete()
        text.parts = [{**part, "published": ""} for part in text.parts]
        text.state, text.decided_at = TextState.WITHDRAWN, now
        text.signature, text.bands, text.flags = [], [], []
        text.taken_by, text.taken_at = None, None
        text.save()
        text.decisions.update(message="", note="")
        Alert.objects.filter(text=text).update(words="", outcome="")
        Alert.objects.filter(text=text, settled_at__isnull=True).update(
            settled_at=now, outcome="texte retiré par son auteur"
        )
        Decision.objects.create(text=text, verb=Verb.WITHDRAW, at=now)
