"""The drawing of a series: the place, the rest of its département and of the country, in SVG.

Owns the drawing, known by the hash of what is drawn, so that editions share what did not change;
refuses to choose what is drawn.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from guichet.core.periods import PeriodKind, following, period
from guichet.publication.drawing_apart import chart_svg
from guichet.publication.published.figures import Figure
from guichet.publication.result_pages import kept_charts

DRAWING = 3
"""Raised when the drawing itself changes, so that no old one is served."""

INK, GREY, BLUE, LINE = "#010203", "#040506", "#070809", "#0a0b0c"
"""Stand for the colours of the scheme, which the drawing's own style sheet gives."""

WIDTH, HEIGHT = 310, 170
"""Of the plot, in pixels: read on a telephone without being shrunk."""

STYLE = (
    "<style>"
    ":root{--ink:#161616;--grey:#555;--blue:#000091;--line:#ddd}"
    "@media(prefers-color-scheme:dark)"
    "{:root{--ink:#fff;--grey:#b4b4b4;--blue:#9a9aff;--line:#3a3a3a}}"
    "</style>"
)
COLOURS = {INK: "var(--ink)", GREY: "var(--grey)", BLUE: "var(--blue)", LINE: "var(--line)"}
MARKS, TINY = 4, 1e-9
FRENCH_NUMBER = "replace(format(datum.value, '.12~g'), '.', ',')"
CONFIG = {
    "font": "Arial, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "axis": {
        "labelColor": GREY,
        "titleColor": GREY,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "labelFontSize": 13, "labelLimit": 330},
}
SHORT_MONTHS = "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.".split()


@dataclass(frozen=True)
class ChartPoint:
    """One period: the figure with its interval, and the two rests; None where there is none."""

    period: str
    value: float | None
    low: float | None
    high: float | None
    departement: float | None
    nation: float | None


@dataclass(frozen=True)
class ChartDrawing:
    """What is drawn. `unit` is written on the scale; `floor` and `ceiling` bound it when known;
    `target` draws a line; `mark` is written above ("démonstration")."""

    points: tuple[ChartPoint, ...]
    own: str
    departement: str
    nation: str
    unit: str
    floor: float | None = None
    ceiling: float | None = None
    target: float | None = None
    mark: str = ""

    @property
    def key(self) -> str:
        told = json.dumps([DRAWING, asdict(self)], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


def chart_points(series: Iterable[Figure]) -> Iterator[ChartPoint]:
    """Those of figures in order of time, and an empty one for each period between that they leave
    out: a line joins neighbours only."""
    awaited = ""
    for figure in series:
        while awaited and period(awaited).first_day < period(figure.period).first_day:
            yield ChartPoint(short_period(awaited), None, None, None, None, None)
            awaited = following(awaited)
        yield chart_point(figure)
        awaited = following(figure.period)


def chart_point(figure: Figure) -> ChartPoint:
    def rest(name: str) -> float | None:
        comparison = getattr(figure, name)
        return as_float(comparison.rest) if comparison else None

    return ChartPoint(
        period=short_period(figure.period),
        value=as_float(figure.value),
        low=as_float(figure.low),
        high=as_float(figure.high),
        departement=rest("departement"),
        nation=rest("nation"),
    )


def as_float(value: Any) -> float | None:
    return None if value is None else float(value)


def short_period(code: str) -> str:
    """ "T1 2026", "janv. 2026", "S05 2026"."""
    found = period(code)
    if found.kind is PeriodKind.QUARTER:
        return f"T{code[-1]} {code[:4]}"
    if found.kind is PeriodKind.MONTH:
        return f"{SHORT_MONTHS[found.first_day.month - 1]} {code[:4]}"
    return f"{code[5:]} {code[:4]}" if found.kind is PeriodKind.WEEK else code


def kept_svg(drawing: ChartDrawing) -> str:
    """The drawing, made once: read from the lake when it is there."""
    svg = known_svg(drawing)
    if svg is None:
        svg = drawn_svg(drawing)
        kept_charts.keep(drawing.key, svg)
    return svg


def known_svg(drawing: ChartDrawing) -> str | None:
    """The drawing if the lake holds it."""
    return kept_charts.read(drawing.key)


def drawn_svg(drawing: ChartDrawing) -> str:
    """The SVG, with colours that follow the reader's scheme."""
    svg = chart_svg(specification(drawing))
    for colour, name in COLOURS.items():
        svg = svg.replace(colour, name)
    start = svg.index(">") + 1
    return f"{svg[:start]}{STYLE}{svg[start:]}"


def specification(drawing: ChartDrawing) -> dict[str, Any]:
    """In Vega-Lite, written here: the libraries that write it weigh three times the drawing."""
    names = [name for name in (drawing.own, drawing.departement, drawing.nation) if name]
    own = [row for row in table(drawing) if row["series"] == drawing.own]
    rest = [row for row in table(drawing) if row["series"] != drawing.own]
    point = {"size": 40, "color": BLUE}
    layers = [
        *interval_layers(drawing),
        *target_layers(drawing),
        layer(rest, {"type": "line", "strokeWidth": 2}, line_encoding(drawing, names)),
        layer(
            own,
            {"type": "line", "strokeWidth": 2.5, "point": point},
            line_encoding(drawing, names),
        ),
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "title": title(drawing),
        "layer": layers,
        "config": CONFIG,
    }


def layer(
    rows: list[dict[str, Any]], mark: dict[str, Any], encoding: dict[str, Any]
) -> dict[str, Any]:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def line_encoding(drawing: ChartDrawing, names: list[str]) -> dict[str, Any]:
    key = {"title": None, "orient": "top", "symbolType": "stroke", "symbolSize": 400, "columns": 1}
    by_series = {"field": "series", "type": "nominal", "sort": names, "legend": key}
    colours = {"domain": names, "range": [BLUE, INK, GREY][: len(names)]}
    dashes = {"domain": names, "range": [[1, 0], [6, 3], [2, 3]][: len(names)]}
    return {
        "x": across(drawing),
        "y": upward(drawing, "value"),
        "detail": {"field": "run"},
        "color": by_series | {"scale": colours},
        "strokeDash": by_series | {"scale": dashes},
    }


def across(drawing: ChartDrawing) -> dict[str, Any]:
    return {
        "field": "period",
        "type": "ordinal",
        "scale": {"domain": [point.period for point in drawing.points]},
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": True, "labelSeparation": 6},
    }


def upward(drawing: ChartDrawing, field: str) -> dict[str, Any]:
    """The scale, with a number at both ends."""
    marks = scale_marks(drawing)
    return {
        "field": field,
        "type": "quantitative",
        "title": drawing.unit,
        "scale": {"domain": [marks[0], marks[-1]], "zero": False, "nice": False},
        "axis": {"values": marks, "labelExpr": FRENCH_NUMBER},
    }


def scale_marks(drawing: ChartDrawing) -> list[float]:
    """Round numbers from under the least to over the most, at equal steps."""
    points = drawing.points
    told = [
        value
        for one in points
        for value in (one.value, one.low, one.high, one.departement, one.nation)
        if value is not None
    ]
    least, most = min(told), max(told)
    if drawing.target is not None:
        least, most = min(least, drawing.target), max(most, drawing.target)
    if drawing.floor is not None:
        least = drawing.floor
    if drawing.ceiling is not None:
        most = drawing.ceiling
    step = round_step((most - least) / MARKS or abs(most) / MARKS or 1)
    first, last = math.floor(least / step + TINY), math.ceil(most / step - TINY)
    return [round(number * step, 6) for number in range(first, max(last, first + 1) + 1)]


def round_step(least: float) -> float:
    """1, 2 or 5 and zeros, not under `least`."""
    tens = 10.0 ** math.floor(math.log10(least))
    return next(tens * one for one in (1, 2, 5, 10) if tens * one >= least * (1 - TINY))


def title(drawing: ChartDrawing) -> dict[str, Any]:
    """What must be known before looking: the mark, the pale bars, a scale that is cut."""
    first = scale_marks(drawing)[0]
    notes = [drawing.mark] if drawing.mark else []
    if any(point.low is not None for point in drawing.points):
        notes.append("Barres pâles : marge due au nombre de réponses")
    if first > 0:
        notes.append(f"L'échelle ne part pas de 0 mais de {f'{first:g}'.replace('.', ',')}")
    return {
        "text": notes or "",
        "anchor": "start",
        "color": GREY,
        "fontSize": 12,
        "fontWeight": "normal",
    }


def table(drawing: ChartDrawing) -> Iterable[dict[str, Any]]:
    """One line a value; `run` changes after each period without one, where a line is broken."""
    for name, part in (
        (drawing.own, "value"),
        (drawing.departement, "departement"),
        (drawing.nation, "nation"),
    ):
        run = 0
        for point in drawing.points if name else ():
            value = getattr(point, part)
            run += value is None
            if value is not None:
                yield {"period": point.period, "series": name, "run": run, "value": value}


def interval_layers(drawing: ChartDrawing) -> list[dict[str, Any]]:
    rows = [
        {"period": point.period, "low": point.low, "high": point.high}
        for point in drawing.points
        if point.low is not None
    ]
    if not rows:
        return []
    mark = {"type": "rule", "color": BLUE, "strokeWidth": 7, "strokeOpacity": 0.25}
    ends = {"x": across(drawing), "y": upward(drawing, "low"), "y2": {"field": "high"}}
    return [layer(rows, mark, ends)]


def target_layers(drawing: ChartDrawing) -> list[dict[str, Any]]:
    if drawing.target is None:
        return []
    rows = [{"value": drawing.target}]
    rule = {"type": "rule", "color": INK, "strokeDash": [3, 3]}
    word = {"type": "text", "text": "objectif", "align": "right", "baseline": "bottom", "dy": -3}
    at = upward(drawing, "value")
    return [
        layer(rows, rule, {"y": at}),
        layer(rows, word | {"color": INK, "fontSize": 12}, {"x": {"value": WIDTH}, "y": at}),
    ]
