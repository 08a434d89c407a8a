"""One text as a moderator reads it: written and published side by side, what alerts, its likes.

Owns what is shown to whom: the original only to who has the text in hand. Refuses to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.words import NBSP
from guichet.moderation.detection.risk import DANGER_FLAG
from guichet.moderation.models import (
    Alert,
    Decision,
    ModeratedText,
    OriginalText,
    TextState,
    Verb,
    Witness,
)
from guichet.moderation.models.texts import QUEUED_STATES
from guichet.moderation.near_duplicates import likeness
from guichet.moderation.queue.actions.batches import LOW_RISK
from guichet.moderation.queue.actions.deciding import (
    STATE_AFTER,
    others_stances,
    stances,
)
from guichet.moderation.queue.actions.taking import holder_of
from guichet.moderation.queue.queries import (
    do_differ,
    fictional_among,
    language_name,
    masked_parts,
    original_of,
    proposals_in_words,
    risk_in_words,
    risk_kind,
    risk_shown,
    source_label,
    text_name,
)
from guichet.moderation.queue.shown_text import MarkGroup, ShownPart, mark_groups, shown_parts
from guichet.moderation.queue.targets import HELD_FOR, due_in_words, span_in_words
from guichet.moderation.redaction import MarkState, read_marks
from guichet.moderation.sources import Context, Source, source_of
from guichet.ui.components.content import written_date

ALIKE = 0.6
MOST_COMPARED = 200
MOST_ALIKE = 5


@dataclass(frozen=True)
class MaskedPart:
    label: str
    words: str


@dataclass(frozen=True)
class OtherText:
    """Another text beside this one: a near-duplicate, or the version that this one amends.
    `percent` is how alike they are, 0 to 100."""

    pk: int
    percent: int
    state: str
    received_at: datetime
    decision: Decision | None
    parts: tuple[MaskedPart, ...]

    @property
    def heading(self) -> str:
        """ "Reçu le 3 mars 2026, se ressemblent à 92 %"."""
        day = written_date(self.received_at)
        alike = f", se ressemblent à {self.percent}{NBSP}%" if self.percent else ""
        return f"Reçu le {day}{alike}"


@dataclass(frozen=True)
class TextPage:
    """What `moderation/queue/text.html` shows. `parts` and `groups` are empty unless the reader
    has the text in hand; `masked` is the text as it is published, or would be; `awaited` are the
    verbs that others propose of a danger."""

    text: ModeratedText
    title: str
    context: Context
    source: str
    orients: bool
    language: str
    risk: str
    risk_kind: str
    age: str
    due: str
    is_overdue: bool
    is_danger: bool
    is_burst: bool
    is_fictional: bool
    is_open: bool
    is_reading: bool
    is_published: bool
    is_withdrawn: bool
    may_reopen: bool
    has_original: bool
    is_mine: bool
    held_until: datetime | None
    holder: str
    proposed: tuple[str, ...]
    has_proposed: bool
    awaited: frozenset[str]
    do_differ: bool
    alert: Alert | None
    masked: tuple[MaskedPart, ...]
    parts: tuple[ShownPart, ...]
    groups: tuple[MarkGroup, ...]
    to_judge: int
    decisions: tuple[Decision, ...]
    previous: OtherText | None
    alike: tuple[OtherText, ...]

    @property
    def about(self) -> str:
        """What its source says of it, beyond its kind."""
        return self.context.title if self.context.title != self.source else ""

    @property
    def is_low_risk(self) -> bool:
        return risk_shown(self.text) < LOW_RISK

    @property
    def is_masked(self) -> bool:
        """Something of the original will not be published."""
        return any(group.state != MarkState.REJECTED for group in self.groups)

    @property
    def has_alert(self) -> bool:
        """A danger is said, or what was done of one is still to be written."""
        return self.alert is not None and (self.is_danger or self.alert.settled_at is None)

    @property
    def flags(self) -> tuple[str, ...]:
        """Without the words of a danger that the alert above quotes already."""
        alert = self.alert if self.has_alert else None
        is_quoted = alert is not None and alert.seen_by == Witness.MACHINE
        told = self.text.flags
        return tuple(one for one in told if not (is_quoted and one.startswith(DANGER_FLAG)))

    @property
    def masked_title(self) -> str:
        return "Ce qui est publié" if self.is_published else "Le texte, masqué"

    @property
    def written_title(self) -> str:
        """Of a text of which nothing is masked; what becomes of a danger is not known."""
        if self.is_danger or not self.is_open:
            return "Ce qui a été écrit"
        return "Ce qui a été écrit, et sera publié tel quel"

    @property
    def open_label(self) -> str:
        return "Ouvrir l'original" if self.has_original else "Décider de ce texte"

    @property
    def publish_label(self) -> str:
        if not self.is_danger:
            return "Publier"
        return "Confirmer : publier" if Verb.ACCEPT in self.awaited else "Proposer de publier"

    @property
    def refuse_label(self) -> str:
        return "Confirmer : refuser…" if Verb.REFUSE in self.awaited else "Refuser…"

    @property
    def orient_label(self) -> str:
        if Verb.ORIENT in self.awaited:
            return "Confirmer : orienter…"
        return "Orienter vers un service…"

    @property
    def kinds(self) -> dict[str, str]:
        """How each button looks: what others propose, all the same, stands out; else publishing,
        when nobody is in danger."""
        expected = self.awaited if self.is_danger else frozenset((str(Verb.ACCEPT),))
        verbs = (Verb.ACCEPT, Verb.REFUSE, Verb.ORIENT, Verb.NO_DANGER)
        return {
            one.value: "primary" if expected == frozenset((str(one),)) else "secondary"
            for one in verbs
        }


def text_page(text: ModeratedText, reader: User) -> TextPage:
    """`text` as `full_text` gives it."""
    now = timezone.now()
    holder = holder_of(text)
    original = original_of(text)
    is_mine = holder == reader
    groups, parts = marked_original(original) if is_mine and original else ((), ())
    context, source = context_of(text)
    said = stances(text)
    return TextPage(
        text=text,
        title=text_name(text),
        context=context,
        source=source_label(text),
        orients=source is not None and source.orients,
        language=language_name(text.language),
        risk=risk_in_words(risk_shown(text)),
        risk_kind=risk_kind(risk_shown(text)),
        age=span_in_words(now - text.received_at),
        due=due_in_words(text.due_at, now),
        is_overdue=text.state in QUEUED_STATES and text.due_at < now,
        is_danger=text.is_danger,
        is_burst=text.is_burst,
        is_fictional=bool(fictional_among([text])),
        is_open=text.state in QUEUED_STATES,
        is_reading=text.state == TextState.READING,
        is_published=text.state == TextState.ACCEPTED,
        is_withdrawn=text.state == TextState.WITHDRAWN,
        may_reopen=text.state in STATE_AFTER.values() and original is not None,
        has_original=original is not None,
        is_mine=is_mine,
        held_until=text.taken_at + HELD_FOR if holder and text.taken_at else None,
        holder=str(holder) if holder else "",
        proposed=proposals_in_words(text),
        has_proposed=reader.pk in said,
        awaited=frozenset(one.verb for one in others_stances(text, reader)),
        do_differ=do_differ(text),
        alert=getattr(text, "alert", None),
        masked=masked_of(text),
        parts=parts,
        groups=groups,
        to_judge=sum(group.state == MarkState.PROPOSED for group in groups),
        decisions=tuple(text.decisions.all()),
        previous=other_text(text.follows, text) if text.follows else None,
        alike=near_duplicates_of(text),
    )


def full_text(pk: int) -> ModeratedText | None:
    """With all that its page shows."""
    return (
        ModeratedText.objects.select_related(
            "original", "taken_by", "alert__raised_by", "alert__settled_by", "follows__original"
        )
        .prefetch_related("decisions__by")
        .filter(pk=pk)
        .first()
    )


def marked_original(
    original: OriginalText,
) -> tuple[tuple[MarkGroup, ...], tuple[ShownPart, ...]]:
    marks = read_marks(original.marks)
    groups = mark_groups({part["name"]: part["text"] for part in original.parts}, marks)
    return groups, shown_parts(original.parts, marks, groups)


def context_of(text: ModeratedText) -> tuple[Context, Source | None]:
    """What its source says around it; little when its app is gone."""
    try:
        source = source_of(text)
    except LookupError:
        return Context("", "", ()), None
    return source.context(text.reference), source


def masked_of(text: ModeratedText) -> tuple[MaskedPart, ...]:
    return tuple(
        MaskedPart(part["label"], words)
        for part, words in zip(text.parts, masked_parts(text), strict=False)
        if words
    )


def near_duplicates_of(text: ModeratedText) -> tuple[OtherText, ...]:
    """The texts most like `text`, other versions of it aside; the most alike first."""
    if not text.bands:
        return ()
    near = (
        ModeratedText.objects.filter(bands__overlap=text.bands)
        .exclude(pk=text.pk)
        .exclude(source=text.source, reference=text.reference)
        .select_related("original")
        .prefetch_related("decisions__by")
        .order_by("-received_at")[:MOST_COMPARED]
    )
    found = [other_text(one, text) for one in near]
    alike = [one for one in found if one.percent >= ALIKE * 100]
    return tuple(sorted(alike, key=lambda one: -one.percent)[:MOST_ALIKE])


def other_text(other: ModeratedText, text: ModeratedText) -> OtherText:
    final = [one for one in other.decisions.all() if one.is_final]
    return OtherText(
        pk=other.pk,
        percent=round(100 * likeness(other.signature, text.signature)),
        state=other.get_state_display(),
        received_at=other.received_at,
        decision=final[-1] if final else None,
        parts=masked_of(other),
    )


def texts_held(pks: Sequence[int], reader: User) -> list[ModeratedText]:
    """Those of `pks` that wait and that `reader` has in hand, in this order."""
    since = timezone.now() - HELD_FOR
    held = {
        text.pk: text
        for text in ModeratedText.objects.queued()
        .filter(pk__in=pks, taken_by=reader, taken_at__gt=since)
        .select_related("original", "taken_by")
        .prefetch_related("decisions__by")
    }
    return [held[pk] for pk in dict.fromkeys(pks) if pk in held]
