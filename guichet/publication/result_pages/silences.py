"""Why a figure is not there, what it does not count, what came since, in words.

Owns these words; refuses to say which structures are left out of a sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from guichet.core.words import NBSP, counted, grouped
from guichet.indicators.calculations.definition import Definition
from guichet.publication import wording
from guichet.publication.models import Release
from guichet.publication.published.figures import WITHHELD, Figure
from guichet.publication.published.structure_results import IndicatorResult


def silence_in_words(title: str, figure: Figure, left_out: int, release: Release) -> str:
    """« Usagers satisfaits : aucun cas sur la période (3e trimestre 2026) », « … : non publié :
    trop peu de cas (2026, 3 lieux) »."""
    beside = wording.period_in_words(figure.period, through=release.through)
    if figure.state == WITHHELD:
        beside = f"{beside}, {counted(left_out, 'lieu', 'lieux')}"
    return f"{title}, {wording.state_in_words(figure)} ({beside})"


def silences_in_words(one: str, many: str, figures: Sequence[Figure]) -> str:
    """« 3 lieux sans chiffre (aucun cas sur la période). »; of several reasons, how many each."""
    whys = Counter(wording.state_in_words(figure) for figure in figures)
    if not whys:
        return ""
    told = [why for why, _ in whys.most_common()]
    if len(told) > 1:
        told = [f"{why} pour {grouped(count)}" for why, count in whys.most_common()]
    return f"{counted(len(figures), one, many)} sans chiffre ({', '.join(told)})."


def left_out_in_words(count: int) -> str:
    """Said beside a sum, which would give a structure away if it held it."""
    if not count:
        return ""
    places = counted(
        count, "lieu n'est ni publié, ni compté", "lieux ne sont ni publiés, ni comptés"
    )
    return f"{places}{NBSP}: trop peu de cas."


def coverage_of(result: IndicatorResult, latest: Figure) -> str:
    """What a figure does not count: reports not received, places that would be recognised."""
    coverage = wording.coverage_in_words(latest)
    hidden = left_out_in_words(result.left_out).removesuffix(".")
    return f"{NBSP}; ".join(one for one in (coverage, hidden) if one)


def newer_month_in_words(result: IndicatorResult, definition: Definition) -> str:
    """« Dernier mois reçu : octobre 2026, 82,1 % (110 usagers satisfaits sur 134). »"""
    month = result.newer_month
    if month is None:
        return ""
    value = wording.value_in_words(month.value, definition)
    counts = wording.counted_in_words(month, definition, result.version.counter_words)
    told = f"{wording.period_in_words(month.period)}, {value}"
    return f"Dernier mois reçu{NBSP}: {told}{f' ({counts})' if counts else ''}."
