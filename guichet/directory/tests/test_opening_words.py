"""The French wording of opening hours, read as a person reads it."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from guichet.directory.opening import ALWAYS_OPEN, UNKNOWN_HOURS, OpeningState
from guichet.directory.opening_words import (
    day_in_words,
    hours_in_words,
    opening_in_words,
    state_in_words,
    time_in_words,
)

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\N{NO-BREAK SPACE}"


def moment(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def said(state: OpeningState, at: datetime) -> str:
    return state_in_words(state, at).replace(NBSP, " ")


def opened(closes_at: str, zone: ZoneInfo = PARIS) -> OpeningState:
    return OpeningState(True, moment(closes_at, zone), None, "", "")


def closed(opens_at: str | None, reason: str = "", note: str = "") -> OpeningState:
    return OpeningState(False, None, moment(opens_at) if opens_at else None, reason, note)


# 20 November 2026 is a Friday.


@pytest.mark.parametrize(
    ("closes_at", "at", "words"),
    [
        ("2026-11-20T17:00", "2026-11-20T16:29", "Ouvert, ferme à 17 h"),
        ("2026-11-20T17:00", "2026-11-20T16:30", "Ferme bientôt, à 17 h"),
        ("2026-11-20T17:00", "2026-11-20T16:59", "Ferme bientôt, à 17 h"),
        # The clocks jump from 2:00 to 3:00: half an hour is left.
        ("2026-03-29T03:10", "2026-03-29T01:40", "Ferme bientôt, à 3 h 10"),
        ("2026-11-20T12:15", "2026-11-20T09:00", "Ouvert, ferme à 12 h 15"),
        ("2026-11-21T00:00", "2026-11-20T20:00", "Ouvert, ferme à minuit"),
        ("2026-11-21T00:00", "2026-11-20T23:45", "Ferme bientôt, à minuit"),
        ("2026-11-21T02:00", "2026-11-20T20:00", "Ouvert, ferme à 2 h"),
        ("2026-11-21T02:00", "2026-11-21T01:00", "Ouvert, ferme à 2 h"),
        ("2026-11-21T08:00", "2026-11-20T20:00", "Ouvert, ferme demain à 8 h"),
        ("2026-11-22T00:00", "2026-11-20T20:00", "Ouvert, ferme demain à minuit"),
        ("2026-11-22T02:00", "2026-11-20T20:00", "Ouvert, ferme dimanche 22 novembre à 2 h"),
    ],
)
def test_an_open_site_says_when_it_closes(closes_at: str, at: str, words: str) -> None:
    assert said(opened(closes_at), moment(at)) == words


def test_a_site_always_open_says_so() -> None:
    state = OpeningState(True, None, None, ALWAYS_OPEN, "")
    assert said(state, moment("2026-11-20T10:00")) == "Ouvert en continu"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (closed("2026-11-20T13:30"), "Fermé, ouvre à 13 h 30"),
        (closed("2026-11-21T08:30"), "Fermé, ouvre demain à 8 h 30"),
        (closed("2026-11-21T00:00"), "Fermé, ouvre demain à 0 h"),
        (closed("2026-11-23T09:00"), "Fermé, ouvre lundi 23 novembre à 9 h"),
        (closed("2026-12-01T09:00"), "Fermé, ouvre mardi 1er décembre à 9 h"),
        (closed(None), "Fermé"),
        (closed(None, note="semaines paires"),
         "Fermé, prochaine ouverture à confirmer : semaines paires"),
        (closed("2026-11-23T09:00", note="semaines paires"),
         "Fermé, ouvre lundi 23 novembre à 9 h"),
        (closed(None, reason="Jour férié (Assomption)"),
         "Fermé aujourd'hui : Jour férié (Assomption)"),
        (closed("2026-11-23T09:00", reason="Congés annuels"),
         "Fermé aujourd'hui : Congés annuels. Ouvre lundi 23 novembre à 9 h"),
        (OpeningState(None, None, None, UNKNOWN_HOURS, ""), "Horaires inconnus"),
        (OpeningState(None, None, None, "", "semaines paires"),
         "Horaires à confirmer : semaines paires"),
    ],
)  # fmt: skip
def test_a_site_that_is_not_open_says_what_is_known(state: OpeningState, words: str) -> None:
    assert said(state, moment("2026-11-20T12:00")) == words


def test_today_and_tomorrow_are_those_of_the_site() -> None:
    noumea = ZoneInfo("Pacific/Noumea")
    # Friday 20 November, 22:00 in Paris, is Saturday 8:00 in Nouméa.
    at = moment("2026-11-20T22:00")
    assert said(opened("2026-11-21T12:00", noumea), at) == "Ouvert, ferme à 12 h"


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (time(8, 30), time(12), "8 h 30 – 12 h"),
        (time(13), time(17, 5), "13 h – 17 h 05"),
        (time(20), time(2), "20 h – 2 h"),
        (time(18), time(0), "18 h – minuit"),
        (time(0), time(8), "0 h – 8 h"),
        (time(0), time(0), "24 h sur 24"),
        (time(8), time(8), "8 h – 8 h le lendemain"),
    ],
)
def test_hours_in_words(opens: time, closes: time, words: str) -> None:
    assert hours_in_words(opens, closes).replace(NBSP, " ") == words


def test_numbers_never_part_from_their_unit() -> None:
    assert time_in_words(time(8, 30)) == f"8{NBSP}h{NBSP}30"
    assert day_in_words(date(2026, 8, 1)) == f"samedi 1er{NBSP}août"
    assert f"confirmer{NBSP}: " in state_in_words(
        OpeningState(None, None, None, "", "semaines paires"), moment("2026-11-20T12:00")
    )


def test_a_day_that_is_uncertain_from_end_to_end_is_its_note() -> None:
    midnight, nine, noon = time(0), time(9), time(12)
    assert opening_in_words(midnight, midnight, "horaires à confirmer") == "Horaires à confirmer"
    assert opening_in_words(midnight, midnight, "") == "24\u00a0h sur\u00a024"
    assert opening_in_words(nine, noon, "semaines paires").endswith("(semaines paires)")
