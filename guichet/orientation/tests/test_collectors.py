"""What is ready for the indicators: counters by day and département that add up."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from guichet.directory.tests.factories import KindFactory, lille
from guichet.orientation.collectors import DailyCounters, daily_counters
from guichet.orientation.models import Event, Misrouting, Tally
from guichet.orientation.tests.factories import DeskCallFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
THIRD, FOURTH = date(2026, 11, 3), date(2026, 11, 4)


def call(day, hour, **fields):
    DeskCallFactory(at=datetime(2026, 11, day, hour, 30, tzinfo=PARIS), **fields)


def test_calls_are_summed_by_day_of_here_and_departement():
    nord = lille()
    call(3, 0, commune=nord, seconds=10)
    call(3, 23, commune=nord, seconds=20, outcome="transferred")
    call(3, 12, commune=nord, seconds=None, outcome="transferred")
    call(4, 9, commune=None, outcome="not_found", seconds=5)
    call(5, 0, commune=nord)
    assert list(daily_counters(THIRD, FOURTH)) == [
        DailyCounters(
            THIRD,
            "59",
            "desk_call",
            {
                "answered": 1,
                "calls": 3,
                "seconds": 30,
                "seconds_squared": 500,
                "timed_calls": 2,
                "transferred": 2,
            },
        ),
        DailyCounters(
            FOURTH,
            "",
            "desk_call",
            {"calls": 1, "not_found": 1, "seconds": 5, "seconds_squared": 25, "timed_calls": 1},
        ),
    ]


def test_answers_count_what_was_asked_and_what_was_wrong_apart():
    def tally(event, count, kind=None):
        Tally.objects.create(day=THIRD, event=event, departement="59", count=count, kind=kind)

    caf = KindFactory()
    tally(Event.SURE, 5)
    tally(Event.SURE, 2, caf)
    tally(Event.MISSED, 1)
    tally(Event.WRONG_SERVICE, 3, caf)
    Tally.objects.create(day=date(2026, 11, 5), event=Event.SURE, count=9)
    assert list(daily_counters(THIRD, FOURTH)) == [
        DailyCounters(
            THIRD,
            "59",
            "orientation_answer",
            {"asked": 8, "missed": 1, "sure": 7, "wrong_service": 3},
        )
    ]


def test_misroutings_are_counted_by_pair_on_the_first_of_their_month():
    KindFactory()
    KindFactory(code="cpam", label="CPAM")
    first = date(2026, 11, 1)
    Misrouting.objects.create(month=first, sent_by_id="caf", sent_to_id="cpam", count=4)
    Misrouting.objects.create(month=first, sent_by_id="cpam", sent_to_id="caf", count=1)
    Misrouting.objects.create(month=date(2026, 10, 1), sent_by_id="caf", sent_to_id="cpam", count=9)
    assert list(daily_counters(first, FOURTH)) == [
        DailyCounters(first, "", "misrouting", {"caf:cpam": 4, "cpam:caf": 1})
    ]
    assert list(daily_counters(THIRD, FOURTH)) == []


def test_it_runs_three_queries(django_assert_num_queries):
    for hour in range(20):
        call(3, hour)
    with django_assert_num_queries(3):
        list(daily_counters(THIRD, FOURTH))
