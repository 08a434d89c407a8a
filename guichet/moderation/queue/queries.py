"""The queue, shaped for the moderators' pages.

Owns its order: danger, then what is late, then risk, then age. Refuses to show an original: each
text is listed as it would be published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Func, Q, TextField, Value, When
from django.utils import timezone
from django.utils.translation import get_language_info

from guichet.accounts.models import User
from guichet.moderation.detection.risk import HIGHEST
from guichet.moderation.models import Decision, ModeratedText, OriginalText, TextState
from guichet.moderation.models.texts import OPEN_STATES, QUEUED_STATES, ModeratedTextQuerySet
from guichet.moderation.queue.actions.batches import LOW_RISK
from guichet.moderation.queue.actions.deciding import is_the_same, stances
from guichet.moderation.queue.actions.taking import holder_of
from guichet.moderation.queue.filters import BY_AGE, FRENCH, OTHER, QueueFilters
from guichet.moderation.queue.shown_text import of_part
from guichet.moderation.queue.targets import due_in_words, span_in_words
from guichet.moderation.redaction import read_marks, redacted
from guichet.moderation.sources import source_of, sources

EXCERPT = 240
HEADING = 90
HIGH_RISK = 60
LONGEST_NUMBER = 12
QUEUED = Q(state__in=QUEUED_STATES)


@dataclass(frozen=True)
class QueueCounts:
    """Of the whole queue, whatever the filters."""

    waiting: int
    danger: int
    overdue: int
    second_look: int
    reading: int
    oldest: str


@dataclass(frozen=True)
class QueueLine:
    """A text as the queue lists it; `proposed` says what others proposed of a danger."""

    pk: int
    source: str
    heading: str
    excerpt: str
    age: str
    due: str
    is_overdue: bool
    risk: str
    risk_kind: str
    flags: tuple[str, ...]
    language: str
    is_danger: bool
    is_burst: bool
    is_fictional: bool
    is_reading: bool
    proposed: tuple[str, ...]
    holder: str


def queue_counts() -> QueueCounts:
    now = timezone.now()
    counts: dict[str, Any] = ModeratedText.objects.undecided().aggregate(
        waiting=Count("pk", filter=QUEUED),
        danger=Count("pk", filter=QUEUED & Q(is_danger=True)),
        overdue=Count("pk", filter=QUEUED & Q(due_at__lt=now)),
        second_look=Count("pk", filter=Q(state=TextState.SECOND_LOOK)),
        reading=Count("pk", filter=Q(state=TextState.READING)),
    )
    oldest = ModeratedText.objects.queued().order_by("received_at").first()
    since = span_in_words(now - oldest.received_at) if oldest else ""
    return QueueCounts(**counts, oldest=since)


def queue_of(filters: QueueFilters) -> ModeratedTextQuerySet:
    """The texts that wait under `filters`, in the order in which they should be read."""
    now = timezone.now()
    texts = ModeratedText.objects.filter(state__in=OPEN_STATES)
    texts = texts.filter(state=filters.etat) if filters.etat else texts.filter(QUEUED)
    if filters.source:
        texts = texts.filter(source=filters.source)
    if filters.danger:
        texts = texts.filter(is_danger=True)
    if filters.retard:
        texts = texts.filter(due_at__lt=now)
    if filters.langue == FRENCH:
        texts = texts.filter(language=FRENCH)
    elif filters.langue == OTHER:
        texts = texts.exclude(language__in=("", FRENCH))
    if filters.q:
        texts = written_with(texts, filters.q)
    if filters.tri == BY_AGE:
        return texts.order_by("received_at", "pk")
    is_late = Case(
        When(due_at__lt=now, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return texts.order_by("-is_danger", is_late.desc(), "-risk", "received_at", "pk")


def written_with(texts: ModeratedTextQuerySet, words: str) -> ModeratedTextQuerySet:
    """Those whose original holds all of `words`, whatever their accents, or that bear this
    number."""
    written = Func(
        F("original__parts"),
        template="jsonb_path_query_array(%(expressions)s, '$[*].text')::text",
        output_field=TextField(),
    )
    condition = Q()
    for word in words.split():
        condition &= Q(written__unaccent__icontains=word)
    number = words.removeprefix("n°").strip()
    if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER:
        condition |= Q(pk=int(number))
    return texts.annotate(written=written).filter(condition)


def for_list(texts: ModeratedTextQuerySet) -> ModeratedTextQuerySet:
    """With all that a line needs, in a constant number of queries."""
    return texts.select_related("original", "taken_by").prefetch_related("decisions__by")


def queue_lines(texts: Iterable[ModeratedText]) -> list[QueueLine]:
    listed = list(texts)
    invented = fictional_among(listed)
    return [queue_line(one, is_fictional=one.pk in invented) for one in listed]


def fictional_among(texts: Sequence[ModeratedText]) -> set[int]:
    """The keys of those that a demonstration invented; one question to each source."""
    found: set[int] = set()
    for source in sources:
        sent = [one for one in texts if one.source == source.name]
        if sent and source.fictional is not None:
            invented = source.fictional([one.reference for one in sent])
            found |= {one.pk for one in sent if one.reference in invented}
    return found


def queue_line(text: ModeratedText, *, is_fictional: bool = False) -> QueueLine:
    now = timezone.now()
    masked = [words for words in masked_parts(text) if words]
    heading = one_line(masked[0], HEADING) if masked else "Texte vide"
    rest = " ".join(masked[1:]) if len(masked) > 1 else masked[0] if masked else ""
    holder = holder_of(text)
    return QueueLine(
        pk=text.pk,
        source=source_label(text),
        heading=heading,
        excerpt=one_line(rest, EXCERPT),
        age=span_in_words(now - text.received_at),
        due=due_in_words(text.due_at, now),
        is_overdue=text.due_at < now,
        risk=risk_in_words(risk_shown(text)),
        risk_kind=risk_kind(risk_shown(text)),
        flags=tuple(text.flags),
        language=language_name(text.language),
        is_danger=text.is_danger,
        is_burst=text.is_burst,
        is_fictional=is_fictional,
        is_reading=text.state == TextState.READING,
        proposed=proposals_in_words(text),
        holder=str(holder) if holder else "",
    )


def masked_parts(text: ModeratedText) -> list[str]:
    """Each part as it is published, else as it would be; empty once its original is erased."""
    published = [part["published"] for part in text.parts]
    if any(published):
        return published
    original = original_of(text)
    if original is None:
        return []
    marks = read_marks(original.marks)
    return [redacted(part["text"], of_part(part["name"], marks)) for part in original.parts]


def original_of(text: ModeratedText) -> OriginalText | None:
    return getattr(text, "original", None)


def one_line(words: str, longest: int) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1].rstrip()}…"


def proposals_in_words(text: ModeratedText) -> tuple[str, ...]:
    """ "Ana Roux propose : orienter vers un service (3114)", for each person of the two whom a
    danger takes."""
    return tuple(f"{one.by} propose : {proposal_in_words(one)}" for one in stances(text).values())


def proposal_in_words(decision: Decision) -> str:
    """ "publier", "refuser (publicité)", "orienter vers un service (CAF du Nord)"."""
    detail = decision.get_reason_display() if decision.reason else decision.oriented_to
    verb = decision.get_verb_display()
    return f"{verb} ({detail})" if detail else verb


def do_differ(text: ModeratedText) -> bool:
    """True when those who spoke of a danger do not propose the same."""
    first, *others = stances(text).values() or (None,)
    return first is not None and not all(is_the_same(one, first) for one in others)


def text_name(text: ModeratedText) -> str:
    """ "Texte n° 306": the number of its page, of the history and of the search, and no other."""
    return f"Texte {text}"


def source_label(text: ModeratedText) -> str:
    try:
        return source_of(text).label
    except LookupError:
        return "Texte"


def risk_shown(text: ModeratedText) -> int:
    """Of 100: a danger is the highest, whoever saw it."""
    return HIGHEST if text.is_danger else text.risk


def risk_in_words(risk: int) -> str:
    if risk < LOW_RISK:
        return "risque faible"
    return "risque moyen" if risk < HIGH_RISK else "risque élevé"


def risk_kind(risk: int) -> str:
    if risk < LOW_RISK:
        return "neutral"
    return "warning" if risk < HIGH_RISK else "error"


def language_name(code: str) -> str:
    """ "anglais"; empty for French or when it cannot be told; the code when it has no name."""
    if code in ("", FRENCH):
        return ""
    try:
        return str(get_language_info(code)["name_translated"]).lower()
    except KeyError:
        return f"langue « {code} »"


def next_to_read(filters: QueueFilters, by: User) -> ModeratedText | None:
    """The first that `by` may decide on: in nobody else's hands, and not one on which `by` spoke
    last while another person is awaited."""
    for text in for_list(queue_of(filters).exclude(state=TextState.READING)).iterator(
        chunk_size=50
    ):
        if holder_of(text) in (None, by) and by.pk != next(reversed(stances(text)), None):
            return text
    return None
