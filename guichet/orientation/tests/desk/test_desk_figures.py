"""The figures of the desk: counted by day, place, need and outcome, and by nobody's name."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.orientation.desk.figures import Period, desk_figures, duration_in_words, rows_of
from guichet.orientation.desk.forms import PeriodForm
from guichet.orientation.models import Need
from guichet.orientation.tests.desk.conftest import DESK
from guichet.orientation.tests.factories import DeskCallFactory
from guichet.territories.models import Commune

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def call(day, hour=10, **fields):
    at = datetime(2026, 11, day, hour, tzinfo=PARIS)
    return DeskCallFactory(at=at, **fields)


@pytest.fixture
def calls(services):
    need = Need.objects.get(code="demander-rsa")
    lille = Commune.objects.get(pk="59350")
    call(3, commune=lille, need=need, seconds=60, kind=services["caf"].kind)
    call(3, commune=lille, need=need, seconds=80, kind=services["caf"].kind)
    call(4, commune=lille, need=need, seconds=220, outcome="transferred")
    call(4, hour=0, outcome="not_found", seconds=None)


def test_calls_are_counted_with_their_median(calls):
    figures = desk_figures(NOVEMBER)
    assert (figures.total, figures.median) == (4, "1\u00a0min\u00a020\u00a0s")
    assert [(one.label, one.calls, one.median) for one in figures.outcomes] == [
        ("renseignée", 2, "1\u00a0min\u00a010\u00a0s"),
        ("sans réponse", 1, ""),
        ("transférée", 1, "3\u00a0min\u00a040\u00a0s"),
    ]
    assert [(one.label, one.calls) for one in figures.departements] == [
        ("Nord", 3),
        ("Commune non dite", 1),
    ]
    assert [one.label for one in figures.needs] == ["Demander le RSA", "Besoin non précisé"]
    assert [(one.label, one.calls) for one in figures.days] == [
        (date(2026, 11, 4), 2),
        (date(2026, 11, 3), 2),
    ]


def test_a_period_has_its_first_and_its_last_day(calls):
    assert desk_figures(Period(date(2026, 11, 4), date(2026, 11, 4))).total == 2
    assert desk_figures(Period(date(2026, 11, 5), date(2026, 11, 30))).total == 0


def test_the_table_to_take_away_has_a_row_for_each_group(calls):
    rows = list(rows_of(NOVEMBER))
    assert rows[1:] == [
        [
            "2026-11-03",
            "59",
            "Demander le RSA",
            "Caisse d'allocations familiales (CAF)",
            "renseignée",
            "2",
            "70",
        ],
        ["2026-11-04", "59", "Demander le RSA", "", "transférée", "1", "220"],
        ["2026-11-04", "", "", "", "sans réponse", "1", ""],
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, "0 s"), (59.4, "59 s"), (60, "1 min"), (61, "1 min 01 s"), (600, "10 min")],
)
def test_durations_are_said_in_minutes_and_seconds(seconds, words):
    assert duration_in_words(seconds) == words.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("", timedelta(days=29), timedelta(0)),
        ("du=hier&au=32/1", timedelta(days=29), timedelta(0)),
    ],
)
def test_a_period_left_out_is_the_last_thirty_days(asked, first, last):
    today = timezone.localdate()
    assert PeriodForm(QueryDict(asked)).period == Period(today - first, today - last)


def test_a_period_is_put_in_order_and_kept_to_a_year():
    period = PeriodForm(QueryDict("du=2026-03-01&au=2026-02-01")).period
    assert period == Period(date(2026, 2, 1), date(2026, 3, 1))
    longest = PeriodForm(QueryDict("du=2001-01-01&au=2026-03-01")).period
    assert longest.last_day - longest.first_day == timedelta(days=366)


@pytest.mark.parametrize("asked", ["au=0001-01-05", "du=9999-12-31", "au=9999-12-31"])
def test_a_period_beyond_any_call_is_brought_back(asked):
    assert desk_figures(PeriodForm(QueryDict(asked)).period).total == 0


def test_the_team_and_the_leads_read_the_figures_and_advisers_do_not(
    client, calls, adviser, stranger, lead
):
    readers = [lead, *(someone(role) for role in (Role.MODERATOR, Role.PUBLISHER))]
    for path in ("bilan/", "bilan.csv"):
        for person in readers:
            client.force_login(person)
            assert client.get(f"{DESK}{path}").status_code == 200
        for person in (adviser, stranger):
            client.force_login(person)
            assert client.get(f"{DESK}{path}").status_code == 403


def test_the_page_and_its_file_name_no_adviser(client, services, adviser, lead):
    DeskCallFactory(adviser=adviser, seconds=30)
    client.force_login(lead)
    page = text_of(client.get(f"{DESK}bilan/"))
    assert "30 s" in page
    response = client.get(f"{DESK}bilan.csv")
    text = b"".join(response.streaming_content).decode()
    assert "renseignée;1;30" in text
    assert adviser.full_name not in page + text


def test_the_page_runs_as_many_queries_however_many_calls(
    client, lead, django_assert_max_num_queries
):
    for seconds in range(40):
        DeskCallFactory(seconds=seconds)
    client.force_login(lead)
    with django_assert_max_num_queries(12):
        client.get(f"{DESK}bilan/")


def test_no_call_is_said(client, lead):
    client.force_login(lead)
    assert "Aucun appel" in text_of(client.get(f"{DESK}bilan/"))
