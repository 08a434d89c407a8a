"""`/resultats/territoires/<code>/`: what every network publishes of one territory.

Owns the words; refuses to compare networks with each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guichet.core.words import NBSP
from guichet.directory.models import Network
from guichet.publication import wording
from guichet.publication.area_names import inside
from guichet.publication.editions import Edition, citation, is_corrected, with_csv
from guichet.publication.models import Release
from guichet.publication.published.serving import Place
from guichet.publication.published.territory_results import (
    NetworkShare,
    TerritoryLine,
    TerritoryResults,
    address_of,
    every_period,
)
from guichet.publication.result_pages.declared_blocks import (
    DeclaredGroup,
    FigureRow,
    declared_by,
    declared_groups,
    invented,
)
from guichet.publication.result_pages.result_blocks import (
    EarlierBlock,
    earlier_block,
    freshness_of,
    sentence,
    shown_value,
)
from guichet.publication.result_pages.results_csv import csv_row
from guichet.publication.result_pages.silences import left_out_in_words, silence_in_words
from guichet.publication.targets import target_of
from guichet.ui.components.tables import Cell

KIND_WORDS = {"region": "région", "departement": "département"}
EVERY_PERIOD = "periodes"
"""In the address of the CSV that holds every month."""


@dataclass(frozen=True)
class TerritoryLink:
    name: str
    url: str


@dataclass(frozen=True)
class NetworkBlock:
    """What one network publishes here; `silent` are the indicators without a figure, with why."""

    network: Network
    url: str
    rows: list[FigureRow]
    silent: list[str]
    declared: list[DeclaredGroup]
    declared_by: str
    earlier: list[EarlierBlock]

    @property
    def id(self) -> str:
        return f"reseau-{self.network.code}"

    @property
    def heads(self) -> tuple[str, ...]:
        return ("Indicateur", "Résultat")

    @property
    def caption(self) -> str:
        return f"Chiffres de ce réseau : {self.network.name}"


@dataclass(frozen=True)
class TerritoryPage:
    name: str
    heading: str
    where: str
    networks: list[NetworkBlock]
    silent: list[NetworkBlock]
    above: list[TerritoryLink]
    below: list[TerritoryLink]
    below_words: str
    query: str
    path: str
    citation: str
    invented: str
    is_corrected: bool

    @property
    def crumbs(self) -> list[TerritoryLink]:
        """From the nation down."""
        return self.above[::-1]

    @property
    def csv_url(self) -> str:
        return with_csv(self.path, self.query)

    @property
    def every_period_url(self) -> str:
        return f"{self.csv_url}&{EVERY_PERIOD}=toutes"


def territory_page(results: TerritoryResults, edition: Edition, today: date) -> TerritoryPage:
    place = results.place
    path = f"/resultats/territoires/{address_of(place)}/"
    heading = f"Résultats des services publics {in_place(place)}"
    made_up = invented(
        edition.release,
        has_computed=any(share.lines for share in results.networks),
        has_declared=any(share.declared for share in results.networks),
    )
    blocks = [(share, network_block(share, results, edition, today)) for share in results.networks]
    return TerritoryPage(
        name=place.name,
        heading=heading,
        where=in_place(place),
        networks=[block for share, block in blocks if share.has_value],
        silent=[block for share, block in blocks if not share.has_value],
        above=[link(one, edition, place.name) for one in results.above],
        below=[link(one, edition, place.name) for one in results.below],
        below_words="Par région" if place.level == "nation" else "Par département",
        query=edition.query,
        path=path,
        citation=citation(edition, heading, path, is_invented=bool(made_up)),
        invented=made_up,
        is_corrected=is_corrected(edition.release, {"level": place.level, "place": place.code}),
    )


def in_place(place: Place) -> str:
    return "en France" if place.level == "nation" else inside(place.name)


def link(place: Place, edition: Edition, here: str) -> TerritoryLink:
    """Overseas, a région and its département bear one name: the link says which it leads to."""
    is_other = place.name == here and place.level in KIND_WORDS
    name = f"{place.name} ({KIND_WORDS[place.level]})" if is_other else place.name
    return TerritoryLink(name, f"/resultats/territoires/{address_of(place)}/{edition.query}")


def network_block(
    share: NetworkShare, results: TerritoryResults, edition: Edition, today: date
) -> NetworkBlock:
    url = f"/resultats/reseaux/{share.network.code}/{edition.query}"
    return NetworkBlock(
        network=share.network,
        url=url,
        rows=[figure_row(line, url, edition, today) for line in share.lines if line.has_value],
        silent=[
            silence_in_words(line.version.public_title, line.latest, line.left_out, edition.release)
            for line in share.lines
            if not line.has_value
        ],
        declared=declared_groups(share.declared, share.network),
        declared_by=declared_by(edition.release, share.network, share.declared),
        earlier=[earlier_block(one, edition.release) for one in share.earlier],
    )


def figure_row(line: TerritoryLine, url: str, edition: Edition, today: date) -> FigureRow:
    version, latest = line.version, line.latest
    definition = version.definition
    freshness = freshness_of(latest, edition.release, version, today, line.received)
    joint = "&" if "?" in url else "?"
    coverage = wording.coverage_in_words(latest)
    counts = wording.counted_in_words(latest, definition, version.counter_words)
    more = (f"Incomplet{NBSP}: {coverage}." if coverage else "", left_out_in_words(line.left_out))
    beside = (f"{counts}." if counts and any(more) else counts, *more)
    change = latest.year_before or latest.previous
    is_told = change is not None and change.verdict != "insufficient"
    after = (
        wording.comparison_in_words(latest.nation, definition, "du pays"),
        target_of(latest, definition),
        wording.change_in_words(change, definition) if is_told else "",
    )
    return (
        Cell(
            version.public_title,
            f"{url}{joint}indicateur={version.indicator.code}",
            under=wording.period_in_words(latest.period, through=edition.release.through),
        ),
        Cell(
            shown_value(latest, definition),
            strong=True,
            beside=tuple(one for one in beside if one),
            after=" ".join(sentence(one) for one in after if one),
            warning="plus ancien que prévu" if freshness.is_old else "",
            warning_words=f"Prévu{NBSP}: {freshness.expected}." if freshness.is_old else "",
        ),
    )


def rows(results: TerritoryResults) -> Iterable[list[str]]:
    release, place = results.release, results.place
    for share in results.networks:
        for line in share.lines:
            yield csv_row(release, share.network.code, line.version, place, line.latest)
        for series in share.declared:
            for figure in series.figures:
                source = figure.source or "; ".join(series.sources[:1])
                yield csv_row(
                    release, share.network.code, series.version, place, figure, source=source
                )


def rows_of_every_period(place: Place, release: Release) -> Iterable[list[str]]:
    """The same, month by month as far back as the edition goes."""
    for network, version, figure, source in every_period(place, release):
        yield csv_row(release, network, version, place, figure, source=source)
