"""A day's hours as an agent types them are read beyond doubt, or refused with the way to write."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.directory.hours_lines import DayRange, UnclearLine, read_line, written_line

READ = {
    "": "",
    "Fermé": "",
    "9-12": "9h-12h",
    "8h30-12h, 13h30-17h": "8h30-12h, 13h30-17h",
    "8H30 – 12H ; 14:00 à 17:00": "8h30-12h, 14h-17h",
    "9h à 12h et de 14h à 18h": "9h-12h, 14h-18h",
    "9h-12h, 14h-17h (semaines paires)": "9h-12h, 14h-17h (semaines paires)",
    "20h-2h le lendemain": "20h-2h le lendemain",
    "22h - 6h la nuit": "22h-6h le lendemain",
    "3h-7h la nuit": "3h-7h la nuit",
    "18h-minuit": "18h-minuit",
    "24h/24": "24h/24",
    "9h-9h10": "9h-9h10",
}
REFUSED = {
    "20h-2h": "« 20h-2h le lendemain »",
    "3h-7h": "« 3h-7h la nuit »",
    "9h-12h, 11h-14h": "réunissez ces deux plages",
    "25h-26h": "L'heure « 25h » n'existe pas",
    "9h-12h le lendemain": "durerait plus d'un jour",
    "sur demande": "« sur » n'est pas compris",
    "9h-12h (": "parenthèses",
    "fermé (travaux)": "fermeture",
    "9h": "Écrivez par exemple « 8h30-12h, 13h30-17h »",
    "non renseigné": "ne sont pas indiqués",
    "9h-12h, " * 50: "trop longue",
    "9h-12h (" + "x" * 250 + ")": "trop longue",
    "9h-12h <script>": "n'est pas compris",
}


@pytest.mark.parametrize(("typed", "written"), READ.items())
def test_a_clear_line_is_read(typed, written):
    assert written_line(read_line(typed)) == written


@pytest.mark.parametrize(("typed", "told"), REFUSED.items())
def test_a_doubtful_line_is_refused_with_the_way_to_write_it(typed, told):
    with pytest.raises(UnclearLine) as refusal:
        read_line(typed)
    assert told in str(refusal.value)


def test_a_condition_decides_the_kind():
    assert [one.kind for one in read_line("9h-12h (sur rdv), 14h-17h (1er lundi)")] == [
        "appointment",
        "walk_in",
    ]
    assert [one.kind for one in read_line("9h-12h", "telephone")] == ["telephone"]
    with pytest.raises(UnclearLine, match="téléphone"):
        read_line("9h-12h sur rdv", "telephone")


NOTES = st.sampled_from(["", "semaines paires", "1er lundi du mois", "été"])


@st.composite
def days(draw):
    minutes = draw(st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True))
    minutes = sorted(minutes)[: len(minutes) // 2 * 2]
    moments = [time(minute // 60, minute % 60) for minute in minutes]
    ranges = [
        DayRange(opens, closes, note=draw(NOTES))
        for opens, closes in zip(moments[::2], moments[1::2], strict=True)
    ]
    if draw(st.booleans()) and ranges[0].opens > time(0, 0):
        ranges[-1] = ranges[-1]._replace(closes=draw(st.sampled_from([time(0), ranges[0].opens])))
    return tuple(ranges)


@given(days())
def test_what_is_written_is_read_back(ranges):
    assert read_line(written_line(ranges)) == ranges


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text):
    assert all(isinstance(one, DayRange) for one in read_or_none(text))


def read_or_none(text):
    try:
        return read_line(text)
    except UnclearLine:
        return ()
