"""What may be bettered in an answer before it is sent, each remark with its place in the text.

Owns which remarks are made, from which measures, and what is kept of them (`Reply.quality`, never
the text); refuses to forbid: an agent may send all the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from guichet.accounts.models import User
from guichet.core.text import folded
from guichet.core.words import NBSP, counted
from guichet.directory.models import Structure
from guichet.experiences.answering.draft_reading import public_words, spans_read
from guichet.experiences.answering.signatures import named_in
from guichet.experiences.answering.similar import own_answers
from guichet.experiences.answering.templates import templates_for
from guichet.experiences.models import Addressee, Aspect, Feeling, Reply, ReplyDraft
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import LABELS, Kind
from guichet.moderation.quality.boilerplate import Boilerplate, boilerplate_share
from guichet.moderation.quality.readability import Readability, readability
from guichet.moderation.quality.topics import ignored_topics, topics_named

TOLD_FROM_SHARE = 0.2
"""Under it, a greeting and a closing formula explain what is repeated."""

HARD_UNDER = 50
COMPARED_ANSWERS = 300
SUBSCRIBER_FIGURES = 9
SEAL_LENGTH = 16


@dataclass(frozen=True)
class Place:
    """Characters `start` to `end` (excluded) of the text that a remark is about."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Remark:
    """One thing to better; `passages` are what it is about, as written, with what each is."""

    title: str
    advice: str
    passages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Segment:
    """A run of the text; `labels` is empty where nothing was found."""

    text: str
    labels: str


@dataclass(frozen=True)
class Review:
    """The remarks, the whole text and its `signature` with their marked passages; `measures` is
    what is kept."""

    remarks: tuple[Remark, ...]
    segments: tuple[Segment, ...]
    measures: dict[str, Any]
    signature: tuple[Segment, ...] = ()

    @property
    def has_remarks(self) -> bool:
        return bool(self.remarks)

    @property
    def has_places(self) -> bool:
        return any(one.labels for one in (*self.segments, *self.signature))

    @property
    def seal(self) -> str:
        """The same for the same remarks: who insists has read these, and no others."""
        return hashlib.sha256(repr(self.remarks).encode()).hexdigest()[:SEAL_LENGTH]

    def as_json(self, *, sent_anyway: bool) -> dict[str, Any]:
        return {**self.measures, "sent_anyway": sent_anyway}


def review(
    text: str,
    *,
    addressee: Addressee,
    promise: str = "",
    signature: str = "",
    by: User | None = None,
    but: Reply | None = None,
    spans: Sequence[Sequence[Span]] | None = None,
) -> Review:
    """Read an answer again, and what it promises and how `by` signs it for personal data; `but` is
    the one that it corrects, which it may repeat. `spans` are the personal data that the worker
    found in this very text, promise and signature, names too; without them, patterns alone."""
    models = templates_for(addressee.structure).values_list("text", flat=True)
    repeated = boilerplate_share(text, past_answers(addressee, but), models)
    reading = readability(text)
    in_text, in_promise, in_signature = spans or [
        found_by_patterns(one) for one in (text, promise, signature)
    ]
    personal = personal_places(text, in_text, addressee)
    promised = personal_places(promise, in_promise, addressee)
    signed = signed_places(signature, in_signature, addressee, by)
    ignored = ignored_aspects(text, addressee, repeated)
    remarks = [
        *about_personal([*passages(text, personal), *passages(promise, promised)]),
        *about_signature([*passages(signature, signed)]),
        *about_boilerplate(text, repeated),
        *about_aspects(ignored),
        *about_reading(text, reading),
    ]
    is_repetitive = repeated.share >= TOLD_FROM_SHARE
    places = [
        *personal,
        *(Place(*one) for one in repeated.passages if is_repetitive),
        *(Place(one.start, one.end, "phrase longue") for one in reading.hard_sentences),
    ]
    measures = {
        "boilerplate": round(repeated.share, 3),
        "ignored": [one.value for one in ignored],
        "readability": reading.score,
        "long_sentences": len(reading.hard_sentences),
        "personal": sorted({one.label for one in (*personal, *promised, *signed)}),
        "names_read": spans is not None,
    }
    return Review(
        tuple(remarks),
        tuple(segments(text, places)),
        measures,
        tuple(segments(signature, signed)),
    )


def past_answers(addressee: Addressee, but: Reply | None) -> Iterator[str]:
    """The latest answers of the network, else of the service, without those of this story."""
    of_story = Addressee.objects.filter(experience=addressee.experience_id)
    replies = own_answers(addressee).exclude(addressee__in=list(of_story))
    if but is not None:
        replies = replies.exclude(pk=but.pk)
    texts = replies.order_by("-published_at").values_list("text", flat=True)
    return iter(texts[:COMPARED_ANSWERS])


def review_of(draft: ReplyDraft, by: User) -> Review:
    """Of a draft that `by` reads, with the names once the worker has looked for them."""
    text, promise, signature = public_words(draft)
    return review(
        text,
        addressee=draft.addressee,
        promise=promise,
        signature=signature,
        by=by,
        spans=spans_read(draft),
    )


def review_of_done(words: str, addressee: Addressee) -> Review:
    """Of what a service says that it did: personal data found by their shape, and reading."""
    personal = personal_places(words, found_by_patterns(words), addressee)
    reading = readability(words)
    remarks = (*about_personal([*passages(words, personal)]), *about_reading(words, reading))
    return Review(remarks, tuple(segments(words, personal)), {})


def personal_places(text: str, spans: Iterable[Span], addressee: Addressee) -> list[Place]:
    """Personal data, but for how to reach the service itself and how the author is called."""
    called = folded(addressee.experience.pseudonym)
    return [
        Place(one.start, one.end, LABELS[one.kind])
        for one in spans
        if not is_of_service(text, one, addressee.structure)
        and not (one.kind is Kind.NAME and folded(text[one.start : one.end]) == called)
    ]


def signed_places(
    signature: str, spans: Iterable[Span], addressee: Addressee, by: User | None
) -> list[Place]:
    """Personal data of a signature, and the agents whom it names, each once."""
    found = personal_places(signature, spans, addressee)
    for start, end in named_in(signature, addressee, by):
        touched = [one for one in found if one.start < end and start < one.end]
        first = min([start, *(one.start for one in touched)])
        last = max([end, *(one.end for one in touched)])
        others = [one for one in found if one not in touched]
        found = [*others, Place(first, last, LABELS[Kind.NAME])]
    return sorted(found, key=lambda one: one.start)


def is_of_service(text: str, span: Span, structure: Structure | None) -> bool:
    """True for the service's own number, address or page, which an answer may well give."""
    if structure is None:
        return False
    written = text[span.start : span.end]
    if span.kind is Kind.PHONE:
        own = {subscriber(one.get("number", "")) for one in structure.phones}
        return subscriber(written) in own
    if span.kind is Kind.EMAIL:
        return written.casefold() in {one.casefold() for one in structure.emails}
    if span.kind is Kind.ADDRESS:
        return words_of(written) <= words_of(structure.full_address)
    pages = [one.get("url", "") for one in structure.websites]
    return span.kind is Kind.URL and any(bare_url(written) == bare_url(one) for one in pages)


def subscriber(number: str) -> str:
    """The last nine figures: the same in "+33 3 20…" and "03 20…"."""
    return re.sub(r"\D", "", number)[-SUBSCRIBER_FIGURES:]


def words_of(address: str) -> set[str]:
    """Its words and numbers, whatever their order, accents and marks."""
    return set(re.findall(r"\w+", folded(address)))


def bare_url(address: str) -> str:
    return re.sub(r"^https?://", "", address).rstrip("/").casefold()


def ignored_aspects(text: str, addressee: Addressee, repeated: Boilerplate) -> list[Aspect]:
    """The aspects that the author did not find good and of which the answer says nothing of its
    own: nobody awaits a word on what went well."""
    judged = addressee.experience.aspects().items()
    topics = topics_named(one.value for one, felt in judged if felt != Feeling.POSITIVE)
    ignored = ignored_topics(text, topics, besides=repeated.passages)
    return [Aspect(one) for one in ignored]


def passages(text: str, places: Iterable[Place]) -> Iterator[tuple[str, str]]:
    """What was found, as written, with what it is."""
    return ((text[one.start : one.end], one.label) for one in places)


def about_personal(found: Sequence[tuple[str, str]]) -> Iterator[Remark]:
    if found:
        yield Remark(
            "Des données personnelles",
            "Tout le monde les lirait : ôtez ce qui désigne une personne ou son dossier.",
            tuple(found),
        )


def about_signature(found: Sequence[tuple[str, str]]) -> Iterator[Remark]:
    if found:
        yield Remark(
            "La signature désigne une personne",
            "Tout le monde la lirait : signez par une fonction, par exemple "
            "« La direction de l'accueil ».",
            tuple(found),
        )


def about_boilerplate(text: str, repeated: Boilerplate) -> Iterator[Remark]:
    if repeated.share >= TOLD_FROM_SHARE:
        share = f"{round(repeated.share * 100)}{NBSP}%"
        yield Remark(
            f"{share} du texte n'est pas propre à cette personne",
            "Remplacez ces passages par ce que vous avez vérifié, ce qui s'est passé, ce qui suit.",
            tuple((text[one.start : one.end], one.source) for one in repeated.passages),
        )


def about_aspects(ignored: Iterable[Aspect]) -> Iterator[Remark]:
    names = [one.label for one in ignored]
    if names:
        is_one = len(names) == 1
        judged = "l'a jugé négatif ou neutre" if is_one else "les a jugés négatifs ou neutres"
        yield Remark(
            f"Rien sur : {', '.join(names)}",
            f"L'auteur {judged}. Dites-en un mot, ou dites que vous ne savez pas.",
        )


def about_reading(text: str, reading: Readability) -> Iterator[Remark]:
    is_hard = reading.score is not None and reading.score < HARD_UNDER
    if not is_hard and not reading.hard_sentences:
        return
    title = f"Lecture : {reading.level}" if is_hard else "Des phrases longues"
    if is_hard:
        title = f"{title} ({reading.score} sur 100)"
    sentences = (
        (text[one.start : one.end], counted(one.words, "mot", "mots"))
        for one in reading.hard_sentences
    )
    words = (
        (text[one.start : one.end], f"plutôt : {one.plain}")
        for one in reading.hard_words
        if is_hard
    )
    yield Remark(
        title,
        "Coupez les phrases de plus de vingt-cinq mots et remplacez les mots d'administration.",
        (*sentences, *words),
    )


def segments(text: str, places: Sequence[Place]) -> Iterator[Segment]:
    """The text cut where a place begins or ends; every character stands in one segment."""
    cuts = sorted({0, len(text), *(p for one in places for p in (one.start, one.end))})
    for start, end in pairwise(cuts):
        inside = [one.label for one in places if one.start <= start and end <= one.end]
        yield Segment(text[start:end], ", ".join(dict.fromkeys(inside)))
