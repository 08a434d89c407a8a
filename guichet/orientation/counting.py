"""What is counted of the answers given: numbers by day, and words that found nothing.

Owns what may be kept of a search; refuses figures, addresses and words that nobody else typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from django.db import connection, transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from guichet.core.text import folded, search_text
from guichet.orientation.answers import Answer
from guichet.orientation.matching.verdict import Outcome
from guichet.orientation.matching.words import READ_WORDS, is_chatter, words_of
from guichet.orientation.models import Event, MissedSearch, Need, Tally, UnknownWord
from guichet.orientation.private_marks import private_marks

SHOWN_FROM = 3
"""An unknown word is shown once it was typed so many times: a name or a secret is not."""

LEFT_OUT = "…"
LONGEST_WORD = 40
MOST_KEPT = 5_000
"""Of each table, so that a flood cannot fill the disk."""

ROOM_MADE = 100


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
        keep_missed(answer.question.text, answer.known_words, answer.unknown_words)


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


def keep_missed(text: str, known: Collection[str], unknown: Iterable[str]) -> None:
    """Keep the words that are the catalogue's own, in their order; count the unknown ones apart.

    A word that only resembles one of the catalogue may be a name: it is left out, as is one that
    was written with a capital. Nothing at all is kept of a text that holds an address or a long
    number.
    """
    if private_marks(text):
        return
    line = search_text(text)
    capitals = capitalised(line)
    kept = [
        word if is_keepable(word, known) and word not in capitals else LEFT_OUT
        for word in words_of(line)[:READ_WORDS]
    ]
    if any(word != LEFT_OUT and not is_chatter(word) for word in kept):
        add_one(MissedSearch, "text", " ".join(squeezed(kept))[:200])
    for word in {folded(word) for word in unknown}:
        if word.isalpha() and len(word) <= LONGEST_WORD:
            add_one(UnknownWord, "word", word)


def is_keepable(word: str, known: Collection[str]) -> bool:
    has_figures = any(mark.isdigit() for mark in word)
    return (word in known or is_chatter(word)) and not has_figures


def capitalised(line: str) -> frozenset[str]:
    """The words that begin with a capital though they begin no sentence, as names do; « CAF » and a
    text all in capitals tell nothing."""
    found = re.findall(r"(?<![.!?]\s)(?<!^)\b([A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ][\w]*)", line)
    return frozenset(word.casefold() for word in found)


def squeezed(words: Iterable[str]) -> list[str]:
    """Several words left out in a row leave one mark."""
    kept: list[str] = []
    for word in words:
        if word != LEFT_OUT or kept[-1:] != [LEFT_OUT]:
            kept.append(word)
    return kept


def add_one(model: type[Model], field: str, value: str) -> None:
    """One more of `value`, today; a row of its own the first time, in the place of one that was
    settled or came once, when there are too many."""
    today = timezone.localdate()
    rows: QuerySet[Model] = model._default_manager.all()
    if rows.filter(**{field: value}).update(count=F("count") + 1, last_on=today):
        return
    if rows.count() >= MOST_KEPT:
        spare = rows.filter(Q(settled_at__isnull=False) | Q(count=1)).order_by("last_on", "pk")
        rows.filter(pk__in=list(spare.values_list("pk", flat=True)[:ROOM_MADE])).delete()
    rows.bulk_create([model(**{field: value, "count": 1, "last_on": today})], ignore_conflicts=True)
