"""What is counted of the answers given: numbers by day, and words that found nothing.

Owns what may be kept of a search; refuses figures, addresses and words that nobody else typed.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from guichet.core.text import folded, search_text
from guichet.orientation.answers import Answer
from guichet.orientation.matching.verdict import Outcome
from guichet.orientation.matching.words import words_of
from guichet.orientation.models import Event, MissedSearch, Need, Tally, UnknownWord
from guichet.orientation.private_marks import private_marks

SHOWN_FROM = 3
"""An unknown word is shown once it was typed so many times: a name or a secret is not."""

LEFT_OUT = "…"
LONGEST_WORD = 40
MOST_KEPT = 5_000
"""Of each table: beyond, new searches are counted by `Tally` alone, so that a flood cannot fill
the disk."""


@transaction.atomic
def count_answer(answer: Answer) -> None:
    """Count an answer that a person asked for; keep the words of those that were not sure."""
    best = answer.subjects[0] if answer.subjects else None
    tally(
        Event(str(answer.outcome)),
        need=best.code if best else "",
        departement=answer.place.departement if answer.place else "",
    )
    if answer.outcome in {Outcome.MISSED, Outcome.CHOICE} and not answer.question.need:
        keep_missed(answer.question.text, set(answer.unknown_words))


@transaction.atomic
def count_wrong_service(*, need: str, kind: str, departement: str) -> None:
    """« Ce n'est pas le bon service »: one click, on one service of one answer."""
    tally(Event.WRONG_SERVICE, need=need, kind=kind, departement=departement)


def tally(event: Event, *, need: str = "", kind: str = "", departement: str = "") -> None:
    """Add one to today's count."""
    key = Need.objects.filter(code=need).values_list("pk", flat=True).first() if need else None
    table, columns = Tally._meta.db_table, "day, event, need_id, kind_id, departement"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}, count) VALUES (%s, %s, %s, %s, %s, 1)"
            f" ON CONFLICT ({columns}) DO UPDATE SET count = {table}.count + 1",
            [timezone.localdate(), event.value, key, kind or None, departement],
        )


def keep_missed(text: str, unknown: set[str]) -> None:
    """Keep the words that the catalogue knows, in their order; count the others apart.

    Nothing at all is kept of a text that holds an address or a long number.
    """
    if private_marks(text):
        return
    words = words_of(search_text(text))
    kept = [LEFT_OUT if not is_keepable(word, unknown) else word for word in words]
    if any(word != LEFT_OUT for word in kept):
        add_one(MissedSearch, "text", " ".join(squeezed(kept))[:200])
    for word in {folded(word) for word in unknown}:
        if word.isalpha() and len(word) <= LONGEST_WORD:
            add_one(UnknownWord, "word", word)


def is_keepable(word: str, unknown: set[str]) -> bool:
    return word not in unknown and not any(mark.isdigit() for mark in word)


def squeezed(words: Iterable[str]) -> list[str]:
    """Several words left out in a row leave one mark."""
    kept: list[str] = []
    for word in words:
        if word != LEFT_OUT or kept[-1:] != [LEFT_OUT]:
            kept.append(word)
    return kept


def add_one(model: type[Model], field: str, value: str) -> None:
    """One more of `value`, today; a row of its own the first time."""
    today = timezone.localdate()
    rows: QuerySet[Model] = model._default_manager.all()
    counted = rows.filter(**{field: value}).update(count=F("count") + 1, last_on=today)
    if not counted and rows.count() < MOST_KEPT:
        rows.bulk_create(
            [model(**{field: value, "count": 1, "last_on": today})], ignore_conflicts=True
        )
