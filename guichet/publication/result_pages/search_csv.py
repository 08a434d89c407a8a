"""The CSV of a search of `/resultats/`: one line for each figure of each service shown.

Owns the columns before those of every page of results; refuses another order than the page's.
"""

from __future__ import annotations

from collections.abc import Iterable

from guichet.directory.models import Structure
from guichet.publication.models import Release
from guichet.publication.published.pooled_places import pool_area
from guichet.publication.published.queries import KeyFigure
from guichet.publication.published.serving import Place
from guichet.publication.result_pages.results_csv import COLUMNS, csv_row
from guichet.publication.result_pages.results_search import SearchPage

SERVICE = ("service", "nom_du_service", "ville", "distance_m", "remarque")
"""Whose card it is; the figure may be that of another place, which the columns after name."""

HEADER = (*SERVICE, *COLUMNS)
POOL_NAME = "Regroupement de lieux"


def search_rows(page: SearchPage, release: Release) -> Iterable[list[str]]:
    """A service without a figure has one line all the same, with the reason."""
    for one in page.cards:
        distance_m = getattr(one.structure, "distance_m", None)
        service = [
            one.structure.code,
            one.structure.name,
            one.town,
            "" if distance_m is None else str(round(distance_m)),
            one.note,
        ]
        for key_figure in one.key_figures:
            yield [*service, *figure_row(one.structure, key_figure, release)]
        if not one.key_figures:
            yield [*service, release.name, *[""] * (len(COLUMNS) - 1)]


def figure_row(structure: Structure, key_figure: KeyFigure, release: Release) -> list[str]:
    place = key_figure.above or Place("structure", structure.code, structure.name)
    if key_figure.pool:
        place = Place("pool", key_figure.pool, f"{POOL_NAME}{pool_area(key_figure.pool)}")
    network = structure.network.code if structure.network else ""
    return csv_row(release, network, key_figure.version, place, key_figure.figure)
