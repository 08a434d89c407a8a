"""What pages, posters and cards read of the published results.

Owns which release is read; refuses words. The shapes of a structure, a network and a territory
stand in modules of their own and are given here.
"""

from __future__ import annotations

from guichet.publication.models import Release
from guichet.publication.published.figures import Change, Comparison, Figure
from guichet.publication.published.key_figures import KeyFigure, key_figures
from guichet.publication.published.network_results import NetworkResults, results_of_network
from guichet.publication.published.serving import NATION, Place
from guichet.publication.published.structure_results import (
    IndicatorResult,
    StructureResults,
    results_of_structure,
)
from guichet.publication.published.territory_results import (
    TerritoryResults,
    results_of_territory,
    territory_named,
)

__all__ = [
    "NATION",
    "Change",
    "Comparison",
    "Figure",
    "IndicatorResult",
    "KeyFigure",
    "NetworkResults",
    "Place",
    "StructureResults",
    "TerritoryResults",
    "current_release",
    "key_figures",
    "published_release",
    "results_of_network",
    "results_of_structure",
    "results_of_territory",
    "territory_named",
]


def current_release() -> Release | None:
    """The edition that readers see, None before the first."""
    return Release.objects.current()


def published_release(name: str) -> Release | None:
    """A published edition by its name, earlier ones too."""
    return Release.objects.published().filter(name=name).first()
