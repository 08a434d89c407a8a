"""Declared values as pages tell them: one series with its source, and what a demonstration invents.

Owns these words; refuses any sum or comparison of declared values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guichet.core.words import NBSP
from guichet.directory.models import Network
from guichet.publication import wording
from guichet.publication.models import Release
from guichet.publication.published.territory_results import DeclaredSeries
from guichet.publication.result_pages.result_blocks import Point, sentence
from guichet.publication.targets import NO_TARGET, target_of
from guichet.ui.components.tables import Cell

WHOLE, PART, NOTHING = "whole", "part", ""
UNCOMPARED = "Elles ne sont ni recalculées, ni comparées."
AIMED_AT = (
    "Elles ne sont pas recalculées, et ne sont comparées qu'à l'objectif que fixe leur source."
)


FigureRow = tuple[Cell, Cell]
"""One indicator of one network in a territory."""


@dataclass(frozen=True)
class DeclaredBlock:
    """Declared values of one indicator, the newest first; `target` is a sentence on the newest."""

    title: str
    points: list[Point]
    sources: tuple[str, ...]
    more_words: str
    target: str


@dataclass(frozen=True)
class DeclaredGroup:
    """The declared indicators of a network that come from one source."""

    source: str
    blocks: list[DeclaredBlock]
    caption: str
    more_words: str

    @property
    def heads(self) -> tuple[str, ...]:
        return ("Indicateur", "Dernière valeur")

    @property
    def rows(self) -> list[FigureRow]:
        """As those of computed figures. An absent target is told only beside others."""
        has_targets = any(one.target for one in self.blocks)
        otherwise = sentence(NO_TARGET) if has_targets else ""
        return [
            (
                Cell(one.title, under=one.points[0].label),
                Cell(one.points[0].value, strong=True, after=one.target or otherwise),
            )
            for one in self.blocks
        ]

    @property
    def without_targets(self) -> str:
        return "" if any(one.target for one in self.blocks) else "Pas d'objectif publié."

    @property
    def series_heads(self) -> tuple[str, ...]:
        return ("Indicateur", "Période", "Valeur déclarée")

    @property
    def series(self) -> list[tuple[str, str, str]]:
        return [
            (one.title, point.label, point.value) for one in self.blocks for point in one.points
        ]


def declared_groups(series: Iterable[DeclaredSeries], network: Network) -> list[DeclaredGroup]:
    """One group for each source, in the order of their first indicator."""
    groups: dict[str, list[DeclaredBlock]] = {}
    for one in series:
        block = declared_block(one)
        groups.setdefault(block.sources[0] if block.sources else "", []).append(block)
    several = len(groups) > 1
    return [
        DeclaredGroup(
            source=source,
            blocks=blocks,
            caption=f"Dernières valeurs déclarées{NBSP}: {source if several else network.name}",
            more_words=f"Toutes les valeurs, année après année{NBSP}: "
            f"{source if several else network.name}",
        )
        for source, blocks in groups.items()
    ]


def declared_block(series: DeclaredSeries) -> DeclaredBlock:
    definition, title = series.version.definition, series.version.public_title
    points = [
        Point(
            wording.period_in_words(figure.period),
            wording.value_in_words(figure.value, definition),
            "",
        )
        for figure in series.figures
    ]
    return DeclaredBlock(
        title=title,
        points=points,
        sources=series.sources,
        more_words=f"Voir les {len(points)} valeurs{NBSP}: {title}",
        target=sentence(target_of(series.figures[0], definition)),
    )


def invented(release: Release, *, has_computed: bool, has_declared: bool) -> str:
    """What of a page a demonstration invents: never a declared value."""
    if not release.is_demonstration or not has_computed:
        return NOTHING
    return PART if has_declared else WHOLE


def declared_by(release: Release, network: Network, series: Iterable[DeclaredSeries]) -> str:
    """« Valeurs déclarées par … »: real ones among the figures of a demonstration. Empty without
    any."""
    found = list(series)
    if not found:
        return ""
    kind = "Valeurs réelles, déclarées" if release.is_demonstration else "Valeurs déclarées"
    has_aims = any(one.figures[0].aimed_at is not None for one in found)
    return f"{kind} par{NBSP}: {network.name}. {AIMED_AT if has_aims else UNCOMPARED}"
