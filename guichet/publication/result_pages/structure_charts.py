"""The chart of one indicator of a structure: what is drawn, and the sentence that says it.

Owns the choice of the lines; refuses to draw.
"""

from __future__ import annotations

from guichet.core.words import NBSP
from guichet.indicators.calculations.kinds import Kind
from guichet.publication import wording
from guichet.publication.area_names import after_de
from guichet.publication.models import Release
from guichet.publication.published.figures import Figure
from guichet.publication.published.serving import Place
from guichet.publication.published.structure_results import IndicatorResult
from guichet.publication.result_pages.series_charts import ChartDrawing, chart_points

LEAST = 3
"""Two points make no series."""

NAME_LENGTH = 44
DEMONSTRATION_MARK = "Démonstration : chiffres fictifs"


def drawing_of(
    result: IndicatorResult, departement: Place | None, release: Release
) -> ChartDrawing | None:
    """What the chart of a result draws, None where there is too little for a chart."""
    if not has_chart(result):
        return None
    points = tuple(chart_points(result.series))
    definition = result.version.definition
    name = departement.name if departement else ""
    has_departement = any(point.departement is not None for point in points)
    has_nation = any(point.nation is not None for point in points)
    is_share = definition.kind in (Kind.SHARE, Kind.DISTRIBUTION)
    return ChartDrawing(
        points=points,
        own=shortened(own_label(result)),
        departement=rest_label(after_de(name) if name else "du département")
        if has_departement
        else "",
        nation=rest_label("du pays") if has_nation else "",
        unit=unit_in_words(definition.kind, definition.unit),
        floor=0 if definition.kind in (Kind.COUNT, Kind.MEAN) else None,
        ceiling=100 if is_share and reaches_top(points) else None,
        target=float(definition.target) if definition.target is not None else None,
        mark=DEMONSTRATION_MARK if release.is_demonstration else "",
    )


def has_chart(result: IndicatorResult) -> bool:
    """Enough points make a series; of few cases each, they would only draw chance."""
    told = [figure for figure in result.points if figure.value is not None]
    definition = result.version.definition
    has_cases = definition.kind is Kind.COUNT or any(
        not figure.has_few_cases(definition) for figure in told
    )
    return len(told) >= LEAST and has_cases


def own_label(result: IndicatorResult) -> str:
    """Whose figure it is, in a legend."""
    return {"own": "Ici", "pool": "Ces lieux réunis"}.get(result.standing, result.place.name)


def rest_label(of_place: str) -> str:
    return f"Le reste {of_place}"


def reaches_top(points: tuple[object, ...]) -> bool:
    return any(
        (getattr(point, "high", None) or getattr(point, "value", 0) or 0) > 95 for point in points
    )


def unit_in_words(kind: Kind, unit: str) -> str:
    if kind in (Kind.SHARE, Kind.DISTRIBUTION):
        return "%"
    if kind is Kind.NET_SHARE:
        return "points"
    if kind is Kind.COUNT:
        return ""
    return wording.UNITS.get(unit, (unit, unit))[1]


def shortened(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1]}…"


def described(result: IndicatorResult, release: Release) -> str:
    """The chart in one sentence: where it began, where it ended."""
    told = [figure for figure in result.points if figure.value is not None]
    if not told:
        return ""
    first, last = told[0], told[-1]

    def said(figure: Figure) -> str:
        value = wording.value_in_words(figure.value, result.version.definition)
        when = wording.period_in_words(figure.period, through=release.through)
        return f"{value} ({when})"

    title = result.version.public_title
    return (
        f"{title}{NBSP}: {result.place.name}, de {said(first)} à {said(last)}. "
        "Tous les chiffres sont dans le tableau qui suit."
    )
