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
from guichet.publication.result_pages.result_blocks import Point

WHOLE, PART, NOTHING = "whole", "part", ""


@dataclass(frozen=True)
class DeclaredBlock:
    """Declared values of one indicator, the newest first."""

    title: str
    points: list[Point]
    sources: tuple[str, ...]
    more_words: str


@dataclass(frozen=True)
class DeclaredGroup:
    """The declared indicators of a network that come from one source."""

    source: str
    blocks: list[DeclaredBlock]
    caption: str
    more_words: str


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
    )


def invented(release: Release, *, has_computed: bool, has_declared: bool) -> str:
    """What of a page a demonstration invents: never a declared value."""
    if not release.is_demonstration or not has_computed:
        return NOTHING
    return PART if has_declared else WHOLE


def declared_by(release: Release, network: Network) -> str:
    """« Valeurs déclarées par … »: real ones among the figures of a demonstration."""
    kind = "Valeurs réelles, déclarées" if release.is_demonstration else "Valeurs déclarées"
    return f"{kind} par{NBSP}: {network.name}. Elles ne sont ni recalculées, ni comparées."
