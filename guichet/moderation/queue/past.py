"""What was decided, and the alerts: lists and figures.

Owns the delays as they are counted (from reception to the final decision); refuses any figure of
one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DurationField, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from guichet.core.aggregates import Median
from guichet.core.words import NBSP
from guichet.moderation.models import Alert, Decision, RefusalReason, Verb
from guichet.moderation.queue.actions.taking import holder_of
from guichet.moderation.queue.late_dangers import begun_at
from guichet.moderation.queue.queries import proposals_in_words, source_label, text_name
from guichet.moderation.queue.targets import span_in_words
from guichet.ui.components.content import written_date, written_time

FIRST_DECISIONS = (Verb.ACCEPT, Verb.REFUSE, Verb.ORIENT)


@dataclass(frozen=True)
class CountedLine:
    label: str
    count: int


@dataclass(frozen=True)
class PastFigures:
    """`within_target` is a share, 0..1, None without decision."""

    total: int
    within_target: float | None
    median: str
    verbs: tuple[CountedLine, ...]
    reasons: tuple[CountedLine, ...]

    @property
    def within(self) -> str:
        """ "92 %"; empty without decision."""
        if self.within_target is None:
            return ""
        return f"{round(100 * self.within_target)}{NBSP}%"


@dataclass(frozen=True)
class PastLine:
    """A decision as the list shows it."""

    pk: int
    at: datetime
    by: str
    verb: str
    reason: str
    oriented_to: str
    is_proposal: bool
    note: str
    delay: str
    name: str
    source: str


def decisions_of(first_day: date, last_day: date) -> QuerySet[Decision]:
    """Days included, the latest first."""
    return Decision.objects.filter(
        at__gte=midnight(first_day), at__lt=midnight(last_day + timedelta(days=1))
    ).order_by("-at", "-pk")


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def past_figures(decisions: QuerySet[Decision]) -> PastFigures:
    """In three queries, however many decisions. Delays are those of each text's first decision:
    taken again, it says nothing of how long its author waited."""
    final = decisions.filter(is_final=True).order_by()
    before = Decision.objects.filter(
        text=OuterRef("text"), pk__lt=OuterRef("pk"), is_final=True, verb__in=FIRST_DECISIONS
    )
    first = final.filter(~Exists(before), verb__in=FIRST_DECISIONS)
    whole: dict[str, Any] = first.aggregate(
        total=Count("pk"),
        on_time=Count("pk", filter=Q(at__lte=F("due_at"))),
        median=Median(F("at") - F("text__received_at"), output_field=DurationField()),
    )
    total = whole["total"]
    median = span_in_words(whole["median"]) if total else ""
    return PastFigures(
        total=total,
        within_target=whole["on_time"] / total if total else None,
        median=median,
        verbs=counted_by(final, "verb", Verb),
        reasons=counted_by(final.filter(verb=Verb.REFUSE), "reason", RefusalReason),
    )


def counted_by(
    decisions: QuerySet[Decision], name: str, choices: type[Verb] | type[RefusalReason]
) -> tuple[CountedLine, ...]:
    rows = decisions.values(name).annotate(count=Count("pk")).order_by("-count", name)
    labels = dict(choices.choices)
    return tuple(CountedLine(str(labels[row[name]]), row["count"]) for row in rows)


def past_line(decision: Decision) -> PastLine:
    """`decision` with its text and its person."""
    text = decision.text
    return PastLine(
        pk=text.pk,
        at=decision.at,
        by=who_decided(decision),
        verb=decision.get_verb_display(),
        reason=decision.get_reason_display() if decision.reason else "",
        oriented_to=decision.oriented_to,
        is_proposal=not decision.is_final and decision.verb not in (Verb.ALERT, Verb.REOPEN),
        note=decision.note,
        delay=span_in_words(decision.at - text.received_at),
        name=text_name(text),
        source=source_label(text),
    )


def who_decided(decision: Decision) -> str:
    if decision.by is not None:
        return str(decision.by)
    return "son auteur" if decision.verb == Verb.WITHDRAW else "nom effacé"


def alerts() -> QuerySet[Alert]:
    """Those that are not closed first, then the latest."""
    found = Alert.objects.select_related("text__taken_by", "raised_by", "settled_by")
    return found.prefetch_related("text__decisions__by").order_by(
        F("settled_at").desc(nulls_first=True), "-raised_at"
    )


def alert_title(alert: Alert) -> str:
    """ "Texte n° 12, signalé le 22 novembre 2026 à 14 h 05"."""
    moment = f"{written_date(alert.raised_at)} à {written_time(alert.raised_at)}"
    return f"{text_name(alert.text)}, signalé le {moment}"


def waits_for(alert: Alert) -> tuple[str, ...]:
    """Of an open alert, who is awaited and since when: "Ana Roux propose : refuser (publicité)",
    "Attend une seconde personne depuis 3 heures"; nothing once closed."""
    if alert.settled_at is not None:
        return ()
    now, begun, reader = timezone.now(), begun_at(alert), holder_of(alert.text)
    reads = (f"{reader} lit ce texte",) if reader else ()
    if begun is None:
        since = span_in_words(now - alert.raised_at)
        return reads or (f"Attend que quelqu'un s'en occupe depuis {since}",)
    since = span_in_words(now - begun)
    return (
        *proposals_in_words(alert.text),
        *(reads or (f"Attend une autre personne depuis {since}",)),
    )
