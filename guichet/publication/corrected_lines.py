"""Corrected figures of an edition in words: what, where, when, before and after.

Owns their reading in a few queries, whatever their number; refuses to explain them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guichet.core.words import NBSP, grouped
from guichet.directory.models import Network, Structure
from guichet.indicators.batches.pages import versions_of
from guichet.indicators.models import IndicatorVersion
from guichet.publication.models import CorrectedFigure
from guichet.publication.wording import period_in_words, value_in_words
from guichet.territories.models import Departement, Region

ABSENT = "–"


@dataclass(frozen=True)
class CorrectedLine:
    """`network` is the name of the one whose figure it is, where the place does not tell it."""

    title: str
    place: str
    network: str
    period: str
    before: str
    after: str


def corrected_lines(corrected: Iterable[CorrectedFigure]) -> list[CorrectedLine]:
    found = list(corrected)
    names = names_of(found)
    versions = versions_of({(each.indicator, each.version) for each in found})
    networks = names_of_networks(each.network for each in found if each.level != "structure")
    return [line_of(each, names, networks, versions) for each in found]


def names_of_networks(codes: Iterable[str]) -> dict[str, str]:
    asked = set(codes)
    found = Network.objects.filter(code__in=asked) if asked else Network.objects.none()
    return dict(found.values_list("code", "name"))


def names_of(found: Sequence[CorrectedFigure]) -> dict[tuple[str, str], str]:
    """Names by level and code; a pool keeps its code."""
    codes: dict[str, set[str]] = {}
    for each in found:
        codes.setdefault(each.level, set()).add(each.place)
    rows = {
        "structure": Structure.objects.filter(code__in=codes.get("structure", ())),
        "departement": Departement.objects.filter(code__in=codes.get("departement", ())),
        "region": Region.objects.filter(code__in=codes.get("region", ())),
    }
    return {("nation", "FR"): "France"} | {
        (level, code): name
        for level, query in rows.items()
        for code, name in query.values_list("code", "name")
    }


def line_of(
    each: CorrectedFigure,
    names: dict[tuple[str, str], str],
    networks: dict[str, str],
    versions: dict[tuple[str, int], IndicatorVersion],
) -> CorrectedLine:
    version = versions.get((each.indicator, each.version))
    title = version.title if version else each.indicator
    return CorrectedLine(
        title=f"{title}, {each.cut}" if each.cut else title,
        place=names.get((each.level, each.place), each.place),
        network="" if each.level == "structure" else networks.get(each.network, each.network),
        period=period_in_words(each.period),
        before=in_words(each.value_before, each.counters_before, version),
        after=in_words(each.value_after, each.counters_after, version),
    )


def in_words(value: str, counters: str, version: IndicatorVersion | None) -> str:
    """« 86,4 % (899 / 1 040) »; a dash where there was no row."""
    counted = f"{NBSP}/{NBSP}".join(grouped(int(each)) for each in counters.split("|") if each)
    if not value or version is None:
        return counted or ABSENT
    said = value_in_words(Decimal(value), version.definition)
    return f"{said} ({counted})" if counted else said
