"""The drawing of a series: the place, the rest of its département and of the country, in SVG.

Owns the drawing and its cache in the lake, by the hash of what is drawn, so that editions share
what did not change; refuses to choose what is drawn.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from guichet.core.periods import PeriodKind, period
from guichet.publication.figures import Figure

DRAWING = 1
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
    path = Path(settings.LAKE) / "charts" / drawing.key[:2] / f"{drawing.key}.svg"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        svg = drawn_svg(drawing)
    keep(path, svg)
    return svg


def keep(path: Path, svg: str) -> None:
    """Whole or not at all; a lake that cannot be written makes the drawing slow, not absent."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8"
        ) as file:
            file.write(svg)
        Path(file.name).replace(path)
    except OSError:
        return


def drawn_svg(drawing: ChartDrawing) -> str:
    """The SVG, with colours that follow the reader's scheme."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(specification(drawing))
    for colour, name in COLOURS.items():
        svg = svg.replace(colour, name)
    start = svg.index(">") + 1
    return f"{svg[:start]}{STYLE}{svg[start:]}"


def altair() -> Any:
    """Imported when something is drawn: it takes a second, and pages must not wait."""
    return importlib.import_module("altair")


def specification(drawing: ChartDrawing) -> dict[str, Any]:
    """In Vega-Lite, through altair."""
    alt = altair()

    order = [point.period for point in drawing.points]
    rows = list(table(drawing))
    x = alt.X("period:O", sort=order, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    low = drawing.floor
    bounds: dict[str, float] = {}
    if low is not None:
        bounds["domainMin"] = low
    if drawing.ceiling is not None:
        bounds["domainMax"] = drawing.ceiling
    y = alt.Y("value:Q", title=drawing.unit, scale=alt.Scale(zero=low == 0, nice=True, **bounds))
    names = [name for name in (drawing.own, drawing.departement, drawing.nation) if name]
    style = {
        "domain": names,
        "range": [BLUE, INK, GREY][: len(names)],
    }
    dashes = {"domain": names, "range": [[1, 0], [6, 3], [2, 3]][: len(names)]}
    key = alt.Legend(title=None, orient="top", symbolType="stroke", symbolSize=400, columns=1)
    encoded = {
        "x": x,
        "y": y,
        "color": alt.Color("series:N", scale=alt.Scale(**style), legend=key, sort=names),
        "strokeDash": alt.StrokeDash("series:N", scale=alt.Scale(**dashes), legend=key, sort=names),
    }
    own = [row for row in rows if row["series"] == drawing.own]
    rest = [row for row in rows if row["series"] != drawing.own]
    lines = alt.layer(
        alt.Chart(alt.Data(values=rest)).mark_line(strokeWidth=2).encode(**encoded),
        alt.Chart(alt.Data(values=own))
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=40, color=BLUE))
        .encode(**encoded),
    )
    layers: list[Any] = [interval_layer(drawing, x), *target_layer(drawing), lines]
    whole = alt.layer(*(layer for layer in layers if layer is not None))
    if drawing.mark:
        whole = whole.properties(
            title=alt.Title(drawing.mark, anchor="start", color=GREY, fontSize=12)
        )
    return dict(
        whole.properties(width=WIDTH, height=HEIGHT)
        .configure(font="Arial, sans-serif", background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=GREY,
            titleColor=GREY,
            gridColor=LINE,
            domainColor=LINE,
            tickColor=LINE,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_legend(labelColor=INK, labelFontSize=13, labelLimit=330)
        .to_dict()
    )


def table(drawing: ChartDrawing) -> Iterable[dict[str, Any]]:
    for point in drawing.points:
        for name, value in (
            (drawing.own, point.value),
            (drawing.departement, point.departement),
            (drawing.nation, point.nation),
        ):
            if name and value is not None:
                yield {"period": point.period, "series": name, "value": value}


def interval_layer(drawing: ChartDrawing, x: Any) -> Any:
    alt = altair()

    rows = [
        {"period": point.period, "low": point.low, "high": point.high}
        for point in drawing.points
        if point.low is not None
    ]
    if not rows:
        return None
    mark = alt.Chart(alt.Data(values=rows)).mark_rule(color=BLUE, strokeWidth=7, strokeOpacity=0.25)
    return mark.encode(x=x, y="low:Q", y2="high:Q")


def target_layer(drawing: ChartDrawing) -> list[Any]:
    alt = altair()

    if drawing.target is None:
        return []
    rule = alt.Chart(alt.Data(values=[{"value": drawing.target}])).mark_rule(
        color=INK, strokeDash=[3, 3]
    )
    word = rule.mark_text(
        text="objectif", align="right", baseline="bottom", dy=-3, color=INK, fontSize=12
    )
    return [rule.encode(y="value:Q"), word.encode(x=alt.value(WIDTH), y="value:Q")]
