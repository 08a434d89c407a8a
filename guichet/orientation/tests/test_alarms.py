"""Texts that are urgent, and texts that only look so: `alarm_texts.csv` (its last fifty urgent ones
were written after the table and changed nothing in it)."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.orientation.matching.alarms import alarm_in, shipped_alarms
from guichet.orientation.models import Urgency

with (Path(__file__).parent / "alarm_texts.csv").open(encoding="utf-8", newline="") as table:
    TEXTS = [(row["urgency"], row["text"]) for row in csv.DictReader(table)]
URGENT = [text for urgency, text in TEXTS if urgency]
HARMLESS = [text for urgency, text in TEXTS if not urgency]


def test_nine_urgent_texts_in_ten_are_heard():
    missed = [text for text in URGENT if not alarm_in(text)]
    assert len(URGENT) > 300
    assert len(missed) <= 0.1 * len(URGENT), missed


def test_what_only_looks_urgent_raises_no_alarm():
    raised = [(text, alarm) for text in HARMLESS if (alarm := alarm_in(text))]
    assert len(HARMLESS) > 200
    assert len(raised) <= 0.01 * len(HARMLESS), raised


def test_every_alarm_is_of_a_known_urgency():
    assert {alarm.urgency for alarm in shipped_alarms()} <= set(Urgency.values)


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("mon bébé ne respire plus et la maison brûle", "sante"),
        ("je veux mourir", "suicide"),
        ("il me frappe", "violences"),
        ("", ""),
    ],
)
def test_the_gravest_is_said(text, urgency):
    assert alarm_in(text) == urgency


@given(st.text(max_size=900))
def test_any_text_is_safe(text):
    assert alarm_in(text) in Urgency.values


def test_a_word_that_unfolds_without_end_is_not_kept():
    assert alarm_in("\ufdfa" * 800) == ""
