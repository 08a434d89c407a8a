"""Charts of series: their scale, what they say of themselves, and how light drawing is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from guichet.publication.published.figures import figure
from guichet.publication.result_pages.series_charts import (
    ChartDrawing,
    ChartPoint,
    chart_points,
    drawn_svg,
    scale_marks,
    specification,
)


def point(period, value, low=None, high=None):
    return ChartPoint(period, value, low, high, None, None)


def drawing(*points, **fields):
    return ChartDrawing(points, "Ici", "", "", "%", **fields)


@pytest.mark.parametrize(
    ("values", "fields", "marks"),
    [
        ((78.2, 83.9), {}, [78, 80, 82, 84]),
        ((78.2, 83.9), {"target": 90.0}, [75, 80, 85, 90]),
        ((78.2, 97.0), {"ceiling": 100}, [70, 80, 90, 100]),
        ((1300, 2900), {"floor": 0}, [0, 1000, 2000, 3000]),
        ((-22.2, 4.0), {}, [-30, -20, -10, 0, 10]),
        ((5.0, 5.0), {}, [4, 6]),
        ((0.0, 0.0), {"floor": 0}, [0, 1]),
    ],
)
def test_a_scale_has_round_marks_at_both_ends(values, fields, marks):
    points = (point(str(2020 + rank), value) for rank, value in enumerate(values))
    assert scale_marks(drawing(*points, **fields)) == marks


def notes(*points, **fields):
    return specification(drawing(*points, **fields))["title"]["text"]


def test_a_chart_says_that_its_scale_is_cut_and_what_its_pale_bars_are():
    assert notes(point("2025", 80.0, 75.0, 85.0), mark="Démonstration") == [
        "Démonstration",
        "Barres pâles : marge due au nombre de réponses",
        "L'échelle ne part pas de 0 mais de 75",
    ]
    assert notes(point("2025", 80.0), point("2026", 85.0), floor=0) == ""


def test_a_line_is_broken_where_periods_are_left_out():
    series = [figure({"period": one, "value": "50.0"}) for one in ("2024-Q3", "2024-Q4", "2026-Q1")]
    points = tuple(chart_points(series))
    assert [one.period for one in points[1:-1]] == [
        "T4 2024",
        "T1 2025",
        "T2 2025",
        "T3 2025",
        "T4 2025",
    ]
    assert [one.value for one in points] == [50.0, 50.0, None, None, None, None, 50.0]
    lines = specification(drawing(*points))["layer"][-1]
    first, second, last = (row["run"] for row in lines["data"]["values"])
    assert first == second != last
    assert lines["encoding"]["detail"] == {"field": "run"}
    assert ">T1 2025<" in drawn_svg(drawing(*points))


def test_numbers_of_a_scale_are_french():
    svg = drawn_svg(drawing(point("2025", 1.1), point("2026", 2.4)))
    assert ">1,5<" in svg
    assert ">2,5<" in svg
    assert "1.5<" not in svg


def test_a_web_process_that_draws_loads_nothing_that_draws():
    """A library of 100 MB would be there as many times."""
    code = (
        "import sys; from django.conf import settings; settings.configure();"
        "from guichet.publication.result_pages.series_charts import "
        "ChartDrawing as D, ChartPoint as P, "
        "drawn_svg; drawn_svg(D((P('2025',1,None,None,None,None),), 'Ici', '', '', '%'));"
        "print(*sorted({'vl_convert', 'typst', 'altair', 'pandas', 'numpy'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.strip() == ""
