"""Drawings kept in the lake: until nobody asks for them."""

from __future__ import annotations

import os
import time

import pytest

from guichet.publication.result_pages import kept_charts

DAY_S = 24 * 3600
KEYS = [f"{rank:064x}" for rank in range(3)]


@pytest.fixture(autouse=True)
def lake(settings, tmp_path):
    settings.LAKE = tmp_path


def aged(key, days):
    at = time.time() - days * DAY_S
    os.utime(kept_charts.path_of(key), (at, at))


def test_only_what_nobody_asked_for_goes():
    for key in KEYS:
        kept_charts.keep(key, "<svg/>")
    aged(KEYS[0], kept_charts.UNUSED_FOR.days + 1)
    aged(KEYS[1], kept_charts.UNUSED_FOR.days + 1)
    aged(KEYS[2], kept_charts.UNUSED_FOR.days - 1)
    assert kept_charts.read(KEYS[0]) == "<svg/>"
    assert kept_charts.forget_unused() == 1
    assert [bool(kept_charts.read(key)) for key in KEYS] == [True, False, True]


def test_a_draft_of_a_killed_process_goes_after_a_day():
    kept_charts.keep(KEYS[0], "<svg/>")
    draft = kept_charts.path_of(KEYS[0]).with_suffix(kept_charts.DRAFT)
    draft.write_text("<sv")
    assert kept_charts.forget_unused() == 0
    os.utime(draft, (0, 0))
    assert kept_charts.forget_unused() == 1
    assert not draft.exists()


def test_without_any_chart_there_is_nothing_to_forget():
    assert kept_charts.forget_unused() == 0


def test_a_lake_that_cannot_be_written_keeps_nothing_and_says_nothing(tmp_path):
    (tmp_path / "charts").write_text("no folder")
    kept_charts.keep(KEYS[0], "<svg/>")
    assert (tmp_path / "charts").read_text() == "no folder"
