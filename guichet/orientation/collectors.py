"""What orientation counts, day by day and département by département, ready to be submitted.

Owns the reading of calls, answers and misroutings as counters that add up; refuses to submit them
(`actions.counts` does, of calls), and a counter names nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from guichet.orientation.models import DeskCall, Misrouting, Tally

CALLS, ANSWERS, MISROUTINGS = "desk_call", "orientation_answer", "misrouting"
Key = tuple[date, str]


@dataclass(frozen=True)
class DailyCounters:
    """What happened on a day in a département, empty when it is not known: counters that add up.

    `desk_call`: `calls`, one for each outcome, and of the calls that were timed `timed_calls`,
    `seconds` and `seconds_squared`. `orientation_answer`: `asked`, one for each outcome, and
    `wrong_service`. `misrouting`: one for each pair, `sent_by:sent_to` (codes of kinds); its day is
    the first of the month, for it is counted by month.
    """

    day: date
    departement: str
    event: str
    counters: dict[str, int]


def daily_counters(first_day: date, last_day: date) -> Iterator[DailyCounters]:
    """Those of the days `first_day` to `last_day` included, by event, day and département. In
    three queries."""
    found = (
        (CALLS, call_counters(first_day, last_day)),
        (ANSWERS, answer_counters(first_day, last_day)),
        (MISROUTINGS, misrouting_counters(first_day, last_day)),
    )
    for event, by_key in found:
        for (day, departement), counters in sorted(by_key.items()):
            yield DailyCounters(day, departement, event, dict(sorted(counters.items())))


def call_counters(first_day: date, last_day: date) -> dict[Key, Counter[str]]:
    calls = DeskCall.objects.filter(
        at__gte=midnight(first_day), at__lt=midnight(last_day + timedelta(days=1))
    )
    rows = (
        calls.order_by()
        .annotate(day=TruncDate("at"), departement=F("commune__departement_id"))
        .values("day", "departement", "outcome")
        .annotate(
            calls=Count("pk"),
            timed=Count("seconds"),
            total=Sum("seconds"),
            squares=Sum(F("seconds") * F("seconds")),
        )
    )
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in rows:
        counters = found[row["day"], row["departement"] or ""]
        counters["calls"] += row["calls"]
        counters[row["outcome"]] += row["calls"]
        counters["timed_calls"] += row["timed"]
        counters["seconds"] += row["total"] or 0
        counters["seconds_squared"] += row["squares"] or 0
    return found


def answer_counters(first_day: date, last_day: date) -> dict[Key, Counter[str]]:
    """`wrong_service` is said of an answer, and asks nothing more."""
    rows = (
        Tally.objects.filter(day__range=(first_day, last_day))
        .values_list("day", "departement", "event")
        .annotate(total=Sum("count"))
    )
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for day, departement, event, total in rows:
        found[day, departement][event] += total
        if event != "wrong_service":
            found[day, departement]["asked"] += total
    return found


def misrouting_counters(first_day: date, last_day: date) -> dict[Key, Counter[str]]:
    rows = (
        Misrouting.objects.filter(month__range=(first_day, last_day))
        .order_by()
        .values_list("month", "departement", "sent_by_id", "sent_to_id", "count")
    )
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for month, departement, sent_by, sent_to, count in rows:
        found[month, departement][f"{sent_by}:{sent_to}"] += count
    return found


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
