"""`/resultats/<code>/`: the page of one structure, and its CSV.

Owns what stands on it; refuses to compute.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guichet.core.words import NBSP
from guichet.directory.models import Network, Structure
from guichet.publication.editions import Edition, citation, public_address, said_figure, with_csv
from guichet.publication.published.figures import figure
from guichet.publication.published.serving import Place
from guichet.publication.published.structure_results import IndicatorResult, StructureResults
from guichet.publication.result_pages.cards import WIDTH, Card, card_of_blocks
from guichet.publication.result_pages.declared_blocks import invented
from guichet.publication.result_pages.result_blocks import Block, blocks_of
from guichet.publication.result_pages.results_csv import csv_row


@dataclass(frozen=True)
class StructurePage:
    """`blocks` are the indicators; `unpublished` the titles that the network does not publish."""

    structure: Structure
    network: Network | None
    place: str
    blocks: list[Block]
    unpublished: list[str]
    departement: Place | None
    query: str
    path: str
    citation: str
    invented: str
    is_corrected: bool
    frame_code: str
    image_code: str

    @property
    def shown(self) -> list[Block]:
        """Those that have a figure, or something else to tell: a comment, an earlier series."""
        return [one for one in self.blocks if one.value or one.comments or one.earlier]

    @property
    def silent(self) -> list[Block]:
        return [one for one in self.blocks if not (one.value or one.comments or one.earlier)]

    @property
    def network_url(self) -> str:
        return f"/resultats/reseaux/{self.network.code}/{self.query}" if self.network else ""

    @property
    def departement_url(self) -> str:
        code = self.departement.code if self.departement else ""
        return f"/resultats/territoires/{code}/{self.query}"

    @property
    def poster_url(self) -> str:
        """Of an open place that has a figure to show."""
        has_figure = any(block.value for block in self.blocks)
        if not has_figure or self.structure.is_closed:
            return ""
        return f"{self.path}affiche.pdf{self.query}"

    @property
    def large_poster_url(self) -> str:
        return f"{self.poster_url}{'&' if self.query else '?'}format=A3" if self.poster_url else ""

    @property
    def csv_url(self) -> str:
        return with_csv(self.path, self.query)


def structure_page(results: StructureResults, edition: Edition, today: date) -> StructurePage:
    structure = results.structure
    path = f"/resultats/{structure.code}/"
    title = f"Résultats{NBSP}: {structure.name}"
    blocks = blocks_of(results, today)
    card = card_of_blocks(blocks, results, edition)
    standings = {result.standing for result in results.indicators if result.latest}
    made_up = invented(
        edition.release,
        has_computed=bool(standings - {"declared"}),
        has_declared="declared" in standings,
    )
    return StructurePage(
        structure=structure,
        network=structure.network,
        place=place_in_words(structure),
        blocks=blocks,
        unpublished=[version.public_title for version in results.unpublished],
        departement=results.departement,
        query=edition.query,
        path=path,
        citation=citation(
            edition, title, path, is_invented=bool(made_up), said=first_figure(blocks)
        ),
        is_corrected=any(
            one.release_id == edition.release.pk and one.is_of_place
            for result in results.indicators
            for one in result.corrections
        ),
        invented=made_up,
        frame_code=frame_code(card, path),
        image_code=image_code(card, path),
    )


def first_figure(blocks: Iterable[Block]) -> str:
    """The first figure of the page in a sentence, to quote it, with whose it is."""
    block = next((one for one in blocks if one.value), None)
    if block is None:
        return ""
    title = f"{block.title}{whose(block.result)}"
    return said_figure(title, block.value, block.counts, block.period)


def whose(result: IndicatorResult) -> str:
    """Beside the title of a figure that is not that of the place alone."""
    if result.standing == "own":
        return ""
    if result.standing == "pool":
        return f" ({len(result.pool_members)} lieux réunis)"
    return f" (chiffre de «{NBSP}{result.place_label}{NBSP}»)"


def place_in_words(structure: Structure) -> str:
    commune = structure.commune
    if commune is None:
        return ""
    return f"{commune.name} ({commune.departement.name})"


def attribute(text: str) -> str:
    """Text inside an attribute of the code to paste."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def frame_code(card: Card, path: str) -> str:
    title = attribute(f"Résultats : {card.name}")
    return (
        f'<iframe src="{public_address(path)}carte/" title="{title}" width="{WIDTH}" '
        f'height="{card.frame_height}" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def image_code(card: Card, path: str) -> str:
    """Without a height: it follows the image, which changes with each edition."""
    return (
        f'<a href="{public_address(path)}"><img src="{public_address(path)}carte.svg" '
        f'alt="{attribute(card.spoken)}" width="{WIDTH}"></a>'
    )


def structure_rows(results: StructureResults) -> Iterable[list[str]]:
    """What the page shows, all periods and cuts."""
    for result in results.indicators:
        network = result.network.code
        for item in (*result.rows.items, *result.rows.declared):
            source = "; ".join(result.sources)
            shown = result.said(figure(item))
            yield csv_row(
                results.release, network, result.version, result.place, shown, source=source
            )
