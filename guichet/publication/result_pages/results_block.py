"""The short block « Résultats » of a structure's page: two figures, and where to read the others.

Owns what fits; refuses HTML.
"""

from __future__ import annotations

from dataclasses import dataclass

from guichet.directory.models import Structure
from guichet.publication.published.queries import key_figures
from guichet.publication.published.serving import current_parts
from guichet.publication.result_pages.results_search import ShownFigure, shown_figure


@dataclass(frozen=True)
class ResultsBlock:
    """`url` leads to all the results of the structure."""

    url: str
    figures: tuple[ShownFigure, ...]
    is_demonstration: bool


def results_block(structure: Structure) -> ResultsBlock | None:
    """None where the structure's network has published nothing; at most seven queries."""
    if structure.network is None:
        return None
    release, parts = current_parts(structure.network.code)
    if release is None:
        return None
    found = key_figures([structure], release, parts=parts)
    return ResultsBlock(
        url=f"/resultats/{structure.code}/",
        figures=tuple(shown_figure(one, release) for one in found[structure.pk]),
        is_demonstration=release.is_demonstration,
    )
