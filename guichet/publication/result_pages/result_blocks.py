"""One indicator as a page tells it: sentences, dots on lines, what recomputes it.

Owns the choice and the order of what is said; refuses to compute figures.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from guichet.core.periods import Period, PeriodKind, period
from guichet.core.words import NBSP
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.calculations.verdicts import least_whole
from guichet.indicators.models import FigureComment, IndicatorVersion
from guichet.publication import wording
from guichet.publication.area_names import after_de
from guichet.publication.models import CorrectedFigure, Release
from guichet.publication.published.earlier_versions import EarlierSeries
from guichet.publication.published.figures import Comparison, Figure
from guichet.publication.published.pooled_places import pool_area
from guichet.publication.published.serving import Place
from guichet.publication.published.structure_results import IndicatorResult, StructureResults
from guichet.publication.result_pages.recipes import Recipe, recipe_of
from guichet.publication.result_pages.silences import coverage_of, newer_month_in_words
from guichet.publication.result_pages.structure_charts import described, has_chart, own_label
from guichet.publication.targets import target_of
from guichet.ui.components.charts import Dot

THE_COUNTRY = "du pays"
PER_LEVEL = {
    "site": "par lieu",
    "departement": "par département",
    "region": "par région",
    "national": "pour tout le pays",
}
SHARES = (Kind.SHARE, Kind.DISTRIBUTION)
SERIES_HEADS = ("Période", "Résultat", "Nombres")


class Point(NamedTuple):
    """A line of a series: when, how much, of how many, and what must be known of it."""

    label: str
    value: str
    counts: str
    note: str = ""


@dataclass(frozen=True)
class Comment:
    """What the structure says of its figure, signed."""

    text: str
    signed_as: str
    on: date
    period: str

    @property
    def heading(self) -> str:
        return f"Commentaire du lieu sur ce chiffre ({self.period})"


@dataclass(frozen=True)
class EarlierBlock:
    """The series of a replaced version, apart, and what its successor changed."""

    words: str
    change: str
    points: tuple[Point, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        return SERIES_HEADS


@dataclass(frozen=True)
class Block:
    """One indicator, in words. Empty texts are not shown; `state` stands in place of a value."""

    result: IndicatorResult
    id: str
    title: str
    state: str = ""
    explanation: str = ""
    value: str = ""
    opinions: str = ""
    counts: str = ""
    interval: str = ""
    period: str = ""
    freshness: wording.Freshness | None = None
    target: str = ""
    target_at: float | None = None
    comparisons: tuple[str, ...] = ()
    dots: tuple[Dot, ...] = ()
    scale: tuple[float, float] = (0, 100)
    scale_ends: tuple[str, ...] = ()
    scale_direction: str = ""
    averages: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    quantiles: tuple[str, ...] = ()
    coverage: str = ""
    cuts: tuple[tuple[str, str, str], ...] = ()
    series: tuple[Point, ...] = ()
    months: tuple[Point, ...] = ()
    newer_month: str = ""
    chart_url: str = ""
    chart_words: str = ""
    recipe: Recipe | None = None
    corrected: str = ""
    missing: str = ""
    comments: tuple[Comment, ...] = ()
    sources: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    earlier: tuple[EarlierBlock, ...] = ()

    @property
    def width(self) -> int:
        """Twelfths of the page beside the chart."""
        return 7 if self.chart_url else 12

    @property
    def judgements(self) -> tuple[str, ...]:
        """The figure compared with others, with its target, with itself before."""
        target = (sentence(self.target),) if self.target else ()
        return (*self.comparisons, *target, *self.changes)

    @property
    def here(self) -> str:
        """What a total of a territory counts as well."""
        return {"own": "ce lieu", "pool": "ces lieux"}.get(
            self.result.standing, self.result.place.name
        )

    @property
    def cut_heads(self) -> tuple[str, ...]:
        return ("Dont", "Résultat", "Nombres")

    @property
    def series_heads(self) -> tuple[str, ...]:
        return SERIES_HEADS

    @property
    def table_caption(self) -> str:
        return f"{self.title}, période par période"

    @property
    def months_caption(self) -> str:
        return f"{self.title}, les derniers mois"


def blocks_of(results: StructureResults, today: date) -> list[Block]:
    return [block_of(result, results, today) for result in results.indicators]


def block_of(result: IndicatorResult, results: StructureResults, today: date) -> Block:
    version = result.version
    words = {
        "result": result,
        "id": f"indicateur-{version.indicator.code}",
        "title": version.public_title,
        "explanation": explanation(result),
        "comments": tuple(comment_of(one, results.release) for one in result.comments),
        "method": tuple(method_of(version)),
        "earlier": tuple(
            earlier_block(one, results.release)
            for one in results.earlier.get((result.network.code, version.indicator.code), ())
        ),
    }
    if result.latest is None:
        return Block(**words, state=absent_state(result))  # type: ignore[arg-type]
    return Block(**words, **figure_words(result, results, today))  # type: ignore[arg-type]


def figure_words(
    result: IndicatorResult, results: StructureResults, today: date
) -> dict[str, object]:
    latest = result.latest
    assert latest is not None
    version = result.version
    definition = version.definition
    release = results.release
    dots = tuple(dots_of(result, results, definition))
    return {
        "state": wording.state_in_words(latest).capitalize() if latest.value is None else "",
        "value": wording.value_in_words(latest.value, definition),
        "counts": wording.counted_in_words(latest, definition, version.counter_words),
        "interval": wording.interval_in_words(latest, definition),
        "period": wording.period_in_full(latest.period, through=release.through),
        "freshness": freshness_of(latest, release, version, today, last_received(result, release)),
        "target": target_of(latest, definition),
        "target_at": float(definition.target) if definition.target is not None else None,
        "comparisons": tuple(comparisons_of(latest, results, definition)),
        "dots": dots if len(dots) > 1 else (),
        "opinions": wording.opinions_in_words(latest, definition, version.counter_words),
        **scale_words(dots, definition),
        "averages": tuple(averages_of(result, results, definition)),
        "changes": tuple(changes_of(latest, definition)),
        "quantiles": tuple(
            sentence(wording.quantile_in_words(one, definition))
            for one in latest.quantiles
            if not result.has_few_cases
        ),
        "coverage": coverage_of(result, latest),
        "cuts": tuple(cuts_of(result, definition)),
        "series": tuple(points_of(result.points, result, definition, release)),
        "months": tuple(points_of(result.months, result, definition, release)),
        "newer_month": newer_month_in_words(result, definition),
        **chart_words(result, results),
        "recipe": recipe_of(result, latest, definition, release),
        "corrected": corrected_in_words(result, latest, definition),
        "missing": missing_in_words(result, release),
        "sources": result.sources,
    }


def chart_words(result: IndicatorResult, results: StructureResults) -> dict[str, str]:
    """The address of the chart and the sentence that stands for it; none of a short series."""
    if not has_chart(result):
        return {}
    release = results.release
    query = "" if release.is_current else f"?edition={release.name}"
    code = result.version.indicator.code
    return {
        "chart_url": f"/resultats/{results.structure.code}/graphiques/{code}.svg{query}",
        "chart_words": described(result, release),
    }


def sentence(words: str) -> str:
    """With its capital and its full stop."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def absent_state(result: IndicatorResult) -> str:
    if result.standing == "withheld":
        return wording.WITHHELD.capitalize()
    return wording.INSUFFICIENT.capitalize()


def explanation(result: IndicatorResult) -> str:
    """Under whose name the figure stands, where it is not the structure's own."""
    name, area = result.place.name, pool_area(result.place.code)
    place = {
        "departement": f"celui {after_de(name)}",
        "region": f"celui de la région {name}",
        "nation": "celui de tout le pays",
    }.get(result.place.level, f"celui de «{NBSP}{name}{NBSP}»")
    return {
        "own": "",
        "pool": "Il y a trop peu de cas ici pour publier un chiffre à part. Celui-ci réunit "
        f"{len(result.pool_members)} lieux{area}, sans dire la part de chacun.",
        "above": f"Ce réseau publie ce chiffre {published_per(result)}. C'est {place}, pas celui "
        "de ce lieu.",
        "declared": f"Chiffre {wording.DECLARED}, tel quel{NBSP}: c'est {place}. Nous ne pouvons "
        "pas le recalculer.",
        "withheld": "Avec si peu de cas, on pourrait reconnaître des personnes.",
        "absent": "Ce lieu n'a envoyé aucun chiffre pour l'instant.",
    }[result.standing]


def published_per(result: IndicatorResult) -> str:
    level = result.grain.publication_level if result.grain else ""
    return PER_LEVEL.get(level, "à une autre échelle")


def freshness_of(
    latest: Figure,
    release: Release,
    version: IndicatorVersion,
    today: date,
    received: Period | None,
) -> wording.Freshness:
    """Late only in the current edition, and where the network still counts: `received` is the
    latest period of its grain that was received."""
    found = period(latest.period)
    if found.last_day > release.through:
        found = period(release.through.isoformat())
    waited_after = received if release.is_current and latest.is_published else None
    return wording.freshness(found, today, waited_after, version.expected_age_days)


def last_received(result: IndicatorResult, release: Release) -> Period | None:
    grain = result.grain
    if grain is None:
        return None
    return result.rows.timeline.last_received(PeriodKind(grain.period_kind), release.through)


def rest_labels(results: StructureResults) -> tuple[str, str]:
    name = results.departement.name if results.departement else ""
    return after_de(name) if name else "du département", THE_COUNTRY


def comparisons_of(
    latest: Figure, results: StructureResults, definition: Definition
) -> Iterable[str]:
    departement, nation = rest_labels(results)
    for comparison, rest_of in ((latest.departement, departement), (latest.nation, nation)):
        if comparison is not None:
            words = wording.comparison_in_words(comparison, definition, rest_of)
            yield sentence(f"{words}{chance_in_words(comparison, definition)}")


def chance_in_words(comparison: Comparison, definition: Definition) -> str:
    """Why a gap that looks large is no clear difference: a sample was asked."""
    is_large = comparison.gap is not None and abs(comparison.gap) > definition.margin
    if comparison.verdict == "no_clear_difference" and definition.is_sample and is_large:
        return f"{NBSP}: l'écart peut venir du hasard"
    return ""


def dots_of(
    result: IndicatorResult, results: StructureResults, definition: Definition
) -> Iterable[Dot]:
    """The figure, then the rest of the département and of the country that it may be compared with,
    on one scale."""
    latest = result.latest
    if latest is None or latest.value is None:
        return
    yield Dot(
        own_label(result),
        wording.value_in_words(latest.value, definition),
        float(latest.value),
        as_float(latest.low),
        as_float(latest.high),
        is_main=True,
    )
    departement, nation = rest_labels(results)
    for comparison, rest_of in ((latest.departement, departement), (latest.nation, nation)):
        if comparison is None or comparison.is_insufficient:
            continue
        if comparison.rest is not None:
            words = wording.value_in_words(comparison.rest, definition)
            yield Dot(f"Le reste {rest_of}", words, float(comparison.rest))


def as_float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def scale_of(dots: Iterable[Dot], definition: Definition) -> tuple[float, float]:
    """Whole for shares, so that a gap looks as large as it is."""
    if definition.kind in SHARES:
        return 0, 100
    if definition.kind is Kind.NET_SHARE:
        return -100, 100
    values = [value for dot in dots for value in (dot.value, dot.high) if value is not None]
    target = float(definition.target) if definition.target is not None else 0
    most = max([*values, target, 1]) * 1.05
    step = 10.0 ** math.floor(math.log10(most)) / 2
    return 0, math.ceil(most / step) * step


def scale_words(dots: Iterable[Dot], definition: Definition) -> dict[str, object]:
    """The scale of the lines, what both ends stand for, and what goes to the right."""
    scale = scale_of(dots, definition)
    ends = (wording.plain_value_in_words(Decimal(str(one)), definition) for one in scale)
    is_mean = definition.kind is Kind.MEAN
    return {
        "scale": scale,
        "scale_ends": tuple(ends),
        "scale_direction": wording.RIGHT_OF.get(definition.unit, "") if is_mean else "",
    }


def averages_of(
    result: IndicatorResult, results: StructureResults, definition: Definition
) -> Iterable[str]:
    """Plain figures that stand beside: « Nord : 77,4 % (469 usagers satisfaits sur 606) »."""
    places = (
        (results.departement, result.departement),
        (results.region, result.region),
        (Place("nation", "FR", "Tout le pays"), result.nation),
    )
    for place, figure in places:
        if place is None or figure is None or figure.value is None:
            continue
        if result.latest and figure.counters == result.latest.counters:
            continue  # of the same places: told in large letters already
        counts = wording.counted_in_words(figure, definition, result.version.counter_words)
        value = wording.value_in_words(figure.value, definition)
        yield f"{place.name}{NBSP}: {value}{f' ({counts})' if counts else ''}"


def changes_of(latest: Figure, definition: Definition) -> Iterable[str]:
    for change in (latest.previous, latest.year_before):
        if change is not None:
            yield sentence(wording.change_in_words(change, definition))


def cuts_of(result: IndicatorResult, definition: Definition) -> Iterable[tuple[str, str, str]]:
    words = result.grain.cut_words if result.grain else {}
    for figure in result.cuts:
        yield (
            words.get(figure.cut, figure.cut),
            shown_value(figure, definition),
            wording.counts_alone(figure, definition),
        )


def shown_value(figure: Figure, definition: Definition) -> str:
    value = wording.value_in_words(figure.value, definition)
    return value or wording.state_in_words(figure)


def points_of(
    figures: Iterable[Figure], result: IndicatorResult, definition: Definition, release: Release
) -> Iterable[Point]:
    """The lines of a table, newest first."""
    corrected = {one.period: one for one in reversed(result.corrections) if not one.cut}
    for figure in reversed(tuple(figures)):
        correction = corrected.get(figure.period)
        notes = [wording.coverage_in_words(figure)]
        if correction is not None:
            notes.append(correction_in_words(correction, definition))
        yield Point(
            wording.period_in_words(figure.period, through=release.through),
            shown_value(figure, definition),
            wording.counts_alone(figure, definition),
            f"{NBSP}; ".join(note for note in notes if note),
        )


def earlier_block(series: EarlierSeries, release: Release) -> EarlierBlock:
    definition, title = series.version.definition, series.version.public_title
    points = (
        Point(
            wording.period_in_words(figure.period, through=release.through),
            shown_value(figure, definition),
            wording.counts_alone(figure, definition),
        )
        for figure in reversed(series.figures)
    )
    return EarlierBlock(
        words=f"Avant, autrement compté (version {series.version.number}){NBSP}: {title}",
        change=series.change_note,
        points=tuple(points),
    )


def correction_in_words(correction: CorrectedFigure, definition: Definition) -> str:
    """« corrigé dans l'édition 2026-04 (avant : 24,0 %) »."""
    before = correction.value_before
    told = wording.value_in_words(Decimal(before), definition) if before else "pas de chiffre"
    return f"corrigé dans l'édition {correction.release.name} (avant{NBSP}: {told})"


def corrected_in_words(result: IndicatorResult, latest: Figure, definition: Definition) -> str:
    for one in result.corrections:
        if one.period == latest.period and not one.cut:
            return f"Chiffre {correction_in_words(one, definition)}."
    return ""


def missing_in_words(result: IndicatorResult, release: Release) -> str:
    if not result.newer_missing:
        return ""
    when = wording.period_in_words(result.newer_missing, through=release.through)
    return f"Aucune donnée reçue pour{NBSP}: {when}."


def comment_of(comment: FigureComment, release: Release) -> Comment:
    return Comment(
        text=comment.text,
        signed_as=comment.signed_as,
        on=timezone.localtime(comment.at).date(),
        period=wording.period_in_words(comment.period, through=release.through),
    )


def method_of(version: IndicatorVersion) -> Iterable[str]:
    """What was counted and how, in short sentences."""
    definition = version.definition
    yield f"{version.title} (indicateur {version.indicator.code}, version {version.number})."
    if definition.is_sample:
        yield "Seule une partie des usagers a été interrogée : le hasard peut jouer."
    else:
        yield "Tous les cas sont comptés, pas seulement une partie."
    if version.method:
        yield version.method
    if version.source:
        yield f"Source{NBSP}: {version.source}"
    if definition.kind is not Kind.COUNT and definition.margin:
        margin = wording.gap_in_words(definition.margin.normalize(), definition).removeprefix("+")
        yield f"Un écart de {margin} ou moins n'est pas jugé net."
    least = least_whole(definition)
    if definition.minimum >= least:
        yield f"Il faut au moins {definition.minimum} cas pour publier et pour comparer."
    elif definition.kind is not Kind.COUNT and definition.is_summed:
        publish = f"{definition.minimum} cas pour publier, " if definition.minimum > 1 else ""
        yield f"Il faut au moins {publish}{least} cas pour comparer."
