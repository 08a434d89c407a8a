"""Hours of the DILA's dump: day ranges, two ranges a day, what comments mean."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.directory.sources.dila_hours import (
    WeeklyHours,
    meaning_of,
    read_clock,
    read_weekly_hours,
    weekdays_between,
)
from guichet.directory.sources.fields import FaultLog


def entry(first: str, last: str, *clocks: str, comment: str = "") -> dict[str, str]:
    opens_1, closes_1, opens_2, closes_2 = (*clocks, "", "", "", "")[:4]
    return {
        "nom_jour_debut": first,
        "nom_jour_fin": last,
        "valeur_heure_debut_1": opens_1,
        "valeur_heure_fin_1": closes_1,
        "valeur_heure_debut_2": opens_2,
        "valeur_heure_fin_2": closes_2,
        "commentaire": comment,
    }


def read(*entries: object, comment: str = "") -> tuple[WeeklyHours, list[str]]:
    log = FaultLog(1)
    hours = read_weekly_hours(list(entries), comment, log)
    return hours, [f"{fault.field} | {fault.value} | {fault.message}" for fault in log.faults]


def shown(hours: WeeklyHours) -> list[str]:
    return [
        f"{item.weekday} {item.opens:%H:%M}-{item.closes:%H:%M} {item.kind} {item.note}".strip()
        for item in hours.intervals or ()
    ]


def test_a_range_of_days_with_two_ranges_of_hours() -> None:
    hours, faults = read(entry("Lundi", "Mardi", "09:00:00", "12:00:00", "14:00:00", "17:00:00"))
    assert shown(hours) == [
        "0 09:00-12:00 walk_in",
        "0 14:00-17:00 walk_in",
        "1 09:00-12:00 walk_in",
        "1 14:00-17:00 walk_in",
    ]
    assert (hours.unknown_weekdays, hours.text, faults) == ((), "", [])


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("Lundi", "Vendredi", (0, 1, 2, 3, 4)),
        ("mercredi", "", (2,)),
        ("Dimanche", "Dimanche", (6,)),
        ("Samedi", "Lundi", (5, 6, 0)),
        ("Lun.", "Mardi", ()),
        ("", "", ()),
    ],
)
def test_day_ranges(first: str, last: str, days: tuple[int, ...]) -> None:
    assert weekdays_between(first, last) == days


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("09:00:00", time(9)),
        ("9:05", time(9, 5)),
        ("9h30", time(9, 30)),
        ("24:00", time(0)),
        ("23:59:00", time(23, 59)),
        ("25:99", None),
        ("24:30", None),
        ("12:60", None),
        ("midi", None),
        ("", None),
    ],
)
def test_clocks(cell: str, expected: time | None) -> None:
    assert read_clock(cell) == expected


def test_an_impossible_hour_makes_its_days_unknown_and_is_kept_as_text() -> None:
    hours, faults = read(
        entry("Lundi", "Lundi", "09:00:00", "12:00:00"),
        entry("Mardi", "Mercredi", "09:00:00", "12:00:00", "25:99", "17:00:00"),
    )
    assert shown(hours) == ["0 09:00-12:00 walk_in"]
    assert hours.unknown_weekdays == (1, 2)
    assert hours.text == "Mardi - Mercredi : 09:00:00 - 12:00:00 / 25:99 - 17:00:00"
    (fault,) = faults
    assert fault.startswith(f"plage_ouverture | {hours.text} | L'heure « 25:99 » n'existe pas.")


def test_another_entry_does_not_make_an_unknown_day_certain() -> None:
    hours, _ = read(
        entry("Lundi", "Vendredi", "09:00:00", "12:00:00"),
        entry("Lundi", "Lundi", "14:00:00", ""),
    )
    assert hours.unknown_weekdays == (0,)
    assert [item.weekday for item in hours.intervals or ()] == [1, 2, 3, 4]


def test_hours_are_unknown_when_nothing_could_be_read() -> None:
    hours, faults = read(entry("Lundi", "Vendredi", "25:99", "26:00"))
    assert (hours.intervals, hours.unknown_weekdays, len(faults)) == (None, (), 1)
    assert read()[0] == (None, (), "")


@pytest.mark.parametrize(
    ("clocks", "expected"),
    [
        (("00:00:00", "00:00:00"), ["0 00:00-00:00 walk_in"]),
        (("18:00:00", "00:00:00"), ["0 18:00-00:00 walk_in"]),
        (("19:00:00", "07:00:00"), ["0 19:00-07:00 walk_in"]),
        (("09:00:00", "12:00:00", "00:00:00", "00:00:00"), ["0 09:00-12:00 walk_in"]),
        (("", "", "14:00:00", "17:00:00"), ["0 14:00-17:00 walk_in"]),
    ],
)
def test_midnight_and_empty_ranges(clocks: tuple[str, ...], expected: list[str]) -> None:
    hours, faults = read(entry("Lundi", "Lundi", *clocks))
    assert (shown(hours), faults) == (expected, [])


@pytest.mark.parametrize(
    ("clocks", "message"),
    [
        (("14:00:00", "08:00:00"), "précède"),
        (("09:00:00", "09:00:00"), "précède"),
        (("09:00:00", ""), "manque"),
        (("", "12:00:00"), "manque"),
        (("09:00:00", "13:00:00", "12:00:00", "17:00:00"), "se chevauchent"),
        (("14:00:00", "17:00:00", "09:00:00", "12:00:00"), "se chevauchent"),
    ],
)
def test_ranges_that_contradict_are_told(clocks: tuple[str, ...], message: str) -> None:
    hours, faults = read(entry("Lundi", "Lundi", *clocks))
    assert hours.intervals is None
    assert len(faults) == 1
    assert message in faults[0]


def test_an_unknown_day_name_leaves_the_whole_week_unknown() -> None:
    hours, faults = read(
        entry("Lundi", "Lundi", "09:00:00", "12:00:00"), entry("Férié", "", "09:00:00", "12:00:00")
    )
    assert (hours.intervals, len(faults)) == (None, 1)
    assert "Écrivez Lundi, Mardi" in faults[0]


@pytest.mark.parametrize(
    ("comment", "kind", "note"),
    [
        ("Sur rendez-vous", "appointment", ""),
        ("Uniquement sur rendez-vous.", "appointment", ""),
        ("sur RDV", "appointment", ""),
        ("Sur rendez-vous, semaines paires", "appointment", "Sur rendez-vous, semaines paires"),
        ("Sans rendez-vous", "walk_in", "Sans rendez-vous"),
        ("Avec ou sans rendez-vous", "walk_in", "Avec ou sans rendez-vous"),
        ("Possibilité de rendez-vous", "walk_in", "Possibilité de rendez-vous"),
        ("Sur rendez-vous le mercredi", "walk_in", "Sur rendez-vous le mercredi"),
        ("Semaines impaires", "walk_in", "Semaines impaires"),
        ("Accueil téléphonique", "telephone", "Accueil téléphonique"),
        (
            "Accueil physique et téléphonique",
            "walk_in",
            "Accueil physique et téléphonique",
        ),
        ("", "walk_in", ""),
    ],
)
def test_what_a_comment_means(comment: str, kind: str, note: str) -> None:
    assert (meaning_of(comment).kind, meaning_of(comment).note) == (kind, note)


def test_an_appointment_of_the_afternoon_leaves_the_morning_open_to_all() -> None:
    comment = "Sur rendez-vous l'après-midi"
    hours, _ = read(
        entry("Lundi", "Lundi", "09:00:00", "12:00:00", "14:00:00", "17:00:00", comment=comment)
    )
    assert shown(hours) == ["0 09:00-12:00 walk_in", "0 14:00-17:00 appointment"]


def test_days_without_hours_are_closed_only_when_the_comment_says_so() -> None:
    morning = entry("Lundi", "Lundi", "09:00:00", "12:00:00")
    closed, _ = read(morning, entry("Mardi", "Mardi", comment="Fermé"))
    assert (closed.unknown_weekdays, closed.text) == ((), "")
    asked, faults = read(morning, entry("Mardi", "Mardi", comment="Sur rendez-vous"))
    assert (asked.unknown_weekdays, asked.text, faults) == ((1,), "Mardi : (Sur rendez-vous)", [])


def test_the_general_comment_is_a_condition_or_a_text() -> None:
    morning = entry("Lundi", "Lundi", "09:00:00", "12:00:00")
    assert shown(read(morning, comment="Uniquement sur rendez-vous")[0]) == [
        "0 09:00-12:00 appointment"
    ]
    noted, _ = read(morning, comment="Fermé en août")
    assert (shown(noted), noted.text) == (["0 09:00-12:00 walk_in"], "Fermé en août")
    assert read(comment="Uniquement sur rendez-vous")[0].text == "Uniquement sur rendez-vous"


def test_the_same_opening_written_twice_counts_once() -> None:
    hours, _ = read(
        entry("Lundi", "Mardi", "09:00:00", "12:00:00"),
        entry("Lundi", "Lundi", "09:00:00", "12:00:00"),
    )
    assert len(hours.intervals or ()) == 2


values = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.lists(st.text())
clocks = st.sampled_from(["09:00:00", "12:00:00", "14:00:00", "25:99", "", "00:00:00"])


@settings(deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(sorted(entry("", ""))),
            st.sampled_from(["Lundi", "Mardi", "Dimanche"]) | clocks | values,
        )
        | values,
        max_size=4,
    ),
    st.text(max_size=20),
)
def test_any_entries_are_read_and_no_day_is_both_known_and_unknown(
    entries: list[object], comment: str
) -> None:
    hours, _ = read(*entries, comment=comment)
    known = {item.weekday for item in hours.intervals or ()}
    assert not known & set(hours.unknown_weekdays)
    assert known | set(hours.unknown_weekdays) <= set(range(7))
