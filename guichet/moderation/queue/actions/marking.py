"""What a moderator changes of the marks of a text before deciding.

Owns the words and places that are masked; refuses to touch what was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.moderation.kinds import Kind
from guichet.moderation.models import ModeratedText, OriginalText
from guichet.moderation.queue.actions.deciding import text_to_decide
from guichet.moderation.queue.mark_edits import nearest, occurrences, outside
from guichet.moderation.redaction import Mark, MarkState, Origin, read_marks

NOT_IN_TEXT = "Ces mots ne sont pas dans le texte : recopiez-les comme ils y sont écrits."
CHANGED_SINCE = "Ces masques ont changé depuis : relisez le texte avant de recommencer."
LONGEST_REPLACEMENT = 60


@dataclass(frozen=True)
class Place:
    """Characters `start` to `end` (excluded) of the part named `part`."""

    part: str
    start: int
    end: int


Edit = Callable[[dict[str, str], list[Mark]], list[Mark]]


def judge_marks(
    *, text: ModeratedText, by: User, places: Iterable[Place], state: MarkState
) -> None:
    """Mask the words at `places` (accepted) or show them (rejected)."""

    def judged(texts: dict[str, str], marks: list[Mark]) -> list[Mark]:
        chosen = set(marks_at(marks, places))
        return [replace(one, state=state) if one in chosen else one for one in marks]

    edit_marks(text, by, judged)


def change_marks(
    *,
    text: ModeratedText,
    by: User,
    places: Iterable[Place],
    kind: Kind,
    words: str,
    replacement: str = "",
) -> None:
    """Change kind, borders (`words` are those to mask around each place) and replacement."""

    def changed(texts: dict[str, str], marks: list[Mark]) -> list[Mark]:
        chosen = marks_at(marks, places)
        kept = list(set(marks) - set(chosen))
        for mark in chosen:
            span = nearest(texts[mark.part], words, mark.start, mark.end)
            if span is None:
                raise RuleViolation(NOT_IN_TEXT)
            kept.append(masked_by_person(mark.part, *span, kind, replacement))
        return kept

    edit_marks(text, by, changed)


def mask_words(
    *, text: ModeratedText, by: User, words: str, kind: Kind, replacement: str = ""
) -> int:
    """Mask `words` everywhere they stand in the text; how many times they do."""
    count = 0

    def masked(texts: dict[str, str], marks: list[Mark]) -> list[Mark]:
        nonlocal count
        new = [
            masked_by_person(part, *span, kind, replacement)
            for part, written in texts.items()
            for span in occurrences(written, words)
        ]
        if not new:
            raise RuleViolation(NOT_IN_TEXT)
        count = len(new)
        return [*outside(marks, new), *new]

    edit_marks(text, by, masked)
    return count


def mask_selection(
    *, text: ModeratedText, by: User, place: Place, kind: Kind, replacement: str = ""
) -> None:
    """Mask what was selected, and only there."""

    def masked(texts: dict[str, str], marks: list[Mark]) -> list[Mark]:
        written = texts.get(place.part, "")
        start, end = trimmed(written, place.start, place.end)
        if start >= end:
            raise RuleViolation("Sélectionnez les mots à masquer dans le texte d'origine.")
        new = masked_by_person(place.part, start, end, kind, replacement)
        return [*outside(marks, [new]), new]

    edit_marks(text, by, masked)


@transaction.atomic
def edit_marks(text: ModeratedText, by: User, edit: Edit) -> None:
    """Only by who has the text in hand, whose time starts again."""
    held = text_to_decide(text, by)
    original = OriginalText.objects.select_for_update().filter(text=held).first()
    if original is None:
        raise RuleViolation("Les mots de ce texte sont effacés : il n'y a rien à masquer.")
    texts = {part["name"]: part["text"] for part in original.parts}
    edited = {(one.part, one.start, one.end): one for one in edit(texts, original_marks(original))}
    original.marks = [mark.as_json() for mark in sorted(edited.values())]
    original.save(update_fields=["marks"])
    held.taken_by, held.taken_at = by, timezone.now()
    held.save(update_fields=["taken_by", "taken_at"])


def original_marks(original: OriginalText) -> list[Mark]:
    return read_marks(original.marks)


def marks_at(marks: list[Mark], places: Iterable[Place]) -> list[Mark]:
    asked = {(one.part, one.start, one.end) for one in places}
    chosen = [one for one in marks if (one.part, one.start, one.end) in asked]
    if not asked or len(chosen) != len(asked):
        raise RuleViolation(CHANGED_SINCE)
    return chosen


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    start, end = max(0, start), min(len(text), end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def masked_by_person(part: str, start: int, end: int, kind: Kind, replacement: str) -> Mark:
    said = " ".join(replacement.split())[:LONGEST_REPLACEMENT]
    return Mark(part, start, end, kind, Origin.MODERATOR, MarkState.ACCEPTED, said)
