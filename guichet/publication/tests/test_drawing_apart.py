"""Charts and posters drawn beside the web process: the same drawings, and no process left."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guichet.publication.drawing_apart import Drawer, DrawingFailed
from guichet.publication.posters.drawing import (
    Code,
    Poster,
    PosterFigure,
    draw_pdf,
    draw_pdf_apart,
)

POSTER = Poster(
    name="Caf de Lille",
    network="Caf",
    figures=(PosterFigure("Usagers satisfaits", "86,4 %", "sur 120 réponses"),),
    results=Code("Nos résultats", "https://exemple.fr/resultats/1/"),
    tell=Code("Racontez", "https://exemple.fr/partager/"),
    edition="2026-07",
    drawn_at=datetime(2026, 7, 1, tzinfo=UTC),
)
CHART = {
    "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]},
    "mark": "line",
    "encoding": {"x": {"field": "a"}, "y": {"field": "b"}},
}


@pytest.fixture
def drawer():
    made = Drawer()
    yield made
    made.end()


def test_a_poster_is_the_same_drawn_here_or_beside():
    assert draw_pdf_apart(POSTER, "A3") == draw_pdf(POSTER, "A3")


def test_one_process_draws_all_and_a_faulty_drawing_does_not_end_it(drawer):
    assert drawer.ask({"chart": CHART})["svg"].startswith("<svg")
    process = drawer._process
    with pytest.raises(DrawingFailed, match="ValueError"):
        drawer.ask({"chart": {"mark": "nothing of the sort"}})
    assert drawer.ask({"chart": CHART})["svg"].startswith("<svg")
    assert drawer._process is process


def test_what_nobody_foresaw_ends_the_process_and_not_the_next_drawing(drawer, capfd):
    with pytest.raises(DrawingFailed, match="no answer"):
        drawer.ask({"neither": "chart nor poster"})
    assert "KeyError" in capfd.readouterr().err
    assert drawer.ask({"chart": CHART})["svg"].startswith("<svg")


def test_a_process_that_ended_meanwhile_is_replaced(drawer):
    drawer.ask({"chart": CHART})
    first = drawer._process
    first.kill()
    first.wait()
    assert drawer.ask({"chart": CHART})["svg"].startswith("<svg")
    assert drawer._process is not first


def test_the_process_ends_when_the_one_that_asks_does(drawer):
    drawer.ask({"chart": CHART})
    drawer._process.stdin.close()
    assert drawer._process.wait(120) == 0
    drawer._process = None
