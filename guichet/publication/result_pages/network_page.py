"""`/resultats/reseaux/<network>/`: a network's indicators, places, and map of départements.

Owns the words and the squares of the map; refuses ranks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from guichet.core.text import folded
from guichet.core.words import NBSP
from guichet.directory.models import Network
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.models import Family, IndicatorVersion
from guichet.publication import wording
from guichet.publication.editions import Edition, citation, is_corrected, said_figure
from guichet.publication.published.figures import Figure
from guichet.publication.published.network_results import (
    NetworkIndicator,
    NetworkResults,
    PlaceEntry,
)
from guichet.publication.published.serving import NATION, Place
from guichet.publication.result_pages.declared_blocks import (
    DeclaredBlock,
    declared_block,
    declared_by,
    invented,
)
from guichet.publication.result_pages.departement_tiles import departement_tiles
from guichet.publication.result_pages.result_blocks import (
    PER_LEVEL,
    EarlierBlock,
    earlier_block,
    sentence,
    shown_value,
)
from guichet.publication.result_pages.results_csv import csv_row
from guichet.publication.result_pages.silences import left_out_in_words, silences_in_words
from guichet.publication.targets import target_of
from guichet.territories.models import Departement
from guichet.ui.components.charts import Tile
from guichet.ui.components.tables import Cell

Row = tuple[Cell | str, ...]
"""A place of a table."""

LEGEND = (
    ("high", "Mieux que le reste du pays"),
    ("middle", "Pas de différence nette"),
    ("low", "Moins bien que le reste du pays"),
    ("unknown", "Données insuffisantes"),
    ("absent", "Rien de publié"),
)
UNDIRECTED_LEGEND = (
    ("high", "Plus que le reste du pays"),
    ("middle", "Pas de différence nette"),
    ("low", "Moins que le reste du pays"),
    ("unknown", "Données insuffisantes"),
    ("absent", "Rien de publié"),
)
UNCOMPARED_LEGEND = (
    ("middle", "Chiffre publié, sans comparaison"),
    ("unknown", "Données insuffisantes"),
    ("absent", "Rien de publié"),
)
KINDS = {
    "better": "high",
    "above": "high",
    "no_clear_difference": "middle",
    "worse": "low",
    "below": "low",
    "insufficient": "unknown",
}
MOST_SILENT = 100
"""Names of places without a figure: beyond, nobody reads them on a page."""

MOST_BUTTONS = 10
"""Beyond, a telephone shows nothing but buttons: the indicators are then a list to open."""

LEVELS_TOLD = ("structure", "departement", "nation")
SORT_LABELS = {"nom": "Par nom", "ville": "Par ville", "comparaison": "Par comparaison"}


@dataclass(frozen=True)
class IndicatorLink:
    """One indicator of the network, with the figure of the whole network."""

    title: str
    value: str
    url: str
    is_current: bool
    family: str = ""

    @property
    def label(self) -> str:
        return f"{self.title} : {self.value}" if self.value else self.title


@dataclass(frozen=True)
class SilentPlaces:
    """The places of the chosen indicator that have no figure: `words` say how many, and why;
    `places` are their names, where they are few."""

    words: str
    places: list[tuple[str, str, str]]


@dataclass(frozen=True)
class NetworkPage:
    """`indicators` have a figure, `silent_indicators` none; `state` stands in place of a value."""

    network: Network
    indicators: list[IndicatorLink]
    title: str
    value: str
    state: str
    counts: str
    interval: str
    period: str
    target: str
    changes: list[str]
    coverage: str
    published_per: str
    sorts: list[IndicatorLink]
    ranked: list[Row]
    apart: list[Row]
    apart_count: int
    withheld: str
    tiles: list[Tile]
    legend: tuple[tuple[str, str], ...]
    departements: list[Row]
    silent_departements: str
    csv_url: str
    path: str
    citation: str
    invented: str
    is_corrected: bool
    declared: DeclaredBlock | None
    declared_by: str
    departements_period: str
    earlier: list[EarlierBlock]
    silent_indicators: list[IndicatorLink]
    silent_places: SilentPlaces

    @property
    def families(self) -> list[tuple[str, list[IndicatorLink]]]:
        """The indicators under the names of their families, where they are many."""
        groups: dict[str, list[IndicatorLink]] = {}
        for one in self.indicators if len(self.indicators) > MOST_BUTTONS else ():
            groups.setdefault(one.family, []).append(one)
        return list(groups.items())

    @property
    def choice_words(self) -> str:
        return f"Choisir parmi les {len(self.indicators)} indicateurs"

    @property
    def place_heads(self) -> tuple[str, ...]:
        return ("Lieu", "Ville", "Résultat", "Nombres", "Comparaison")

    @property
    def apart_heads(self) -> tuple[str, ...]:
        return ("Lieu", "Ville", "Résultat", "Nombres")

    @property
    def departement_heads(self) -> tuple[str, ...]:
        return ("Département", "Résultat", "Nombres", "Comparaison")

    @property
    def departements_caption(self) -> str:
        return f"Par département, {self.departements_period}"

    @property
    def target_sentence(self) -> str:
        return sentence(self.target)


def network_page(
    results: NetworkResults, edition: Edition, sort: str, entries: list[PlaceEntry]
) -> NetworkPage:
    """`entries` are those of `results` that stand on the asked page."""
    path = f"/resultats/reseaux/{results.network.code}/"
    chosen = results.chosen
    version = chosen.version if chosen else None
    latest = chosen.latest if chosen else None
    definition = version.definition if version else None
    asked = {"edition": edition.query.partition("=")[2]}
    if version:
        asked["indicateur"] = version.indicator.code

    def address(**changes: str) -> str:
        values = {name: value for name, value in (asked | changes).items() if value}
        return f"{path}?{urlencode(values)}" if values else path

    shown = None if results.declared else latest
    words: dict[str, object] = figure_words(version, shown, definition, edition)
    made_up = invented(edition.release, has_computed=not results.declared, has_declared=False)
    names = dict(Departement.objects.values_list("code", "name")) if latest else {}
    lines = [(one.is_apart, line_of(one, version, definition, edition)) for one in entries]
    links = [
        (one, indicator_link(one, one is chosen, address(indicateur=one.version.indicator.code)))
        for one in results.indicators
    ]
    return NetworkPage(
        network=results.network,
        indicators=[link for one, link in links if one.has_value or not one.latest],
        silent_indicators=[link for one, link in links if one.latest and not one.has_value],
        silent_places=silent_places(results.silent, edition),
        published_per=per_level(chosen, results.network),
        sorts=[
            IndicatorLink(label, "", address(tri=name) + "#lieux", name == sort)
            for name, label in SORT_LABELS.items()
        ],
        ranked=[line for is_apart, line in lines if not is_apart],
        apart=[line[:-1] for is_apart, line in lines if is_apart],
        apart_count=sum(entry.is_apart for entry in results.entries),
        withheld=left_out_in_words(results.withheld_count),
        tiles=list(tiles_of(results.departements, names, definition, edition)),
        legend=legend_of(results, version),
        silent_departements=silences_in_words(
            "département",
            "départements",
            [one for one in results.departements.values() if one.value is None],
        ),
        departements=departement_lines(results.departements, names, version, edition),
        csv_url=address(format="csv"),
        path=path,
        citation=citation(
            edition,
            title_of(results),
            path,
            is_invented=bool(made_up),
            said=said_of(results, words),
            indicator=version.indicator.code if version else "",
        ),
        is_corrected=is_corrected(edition.release, corrections_shown(results)),
        invented=made_up,
        declared=declared_block(results.declared) if results.declared else None,
        declared_by=declared_by(
            edition.release, results.network, [results.declared] if results.declared else []
        ),
        earlier=[earlier_block(one, edition.release) for one in results.earlier],
        departements_period=wording.period_in_words(
            results.departements_period, through=edition.release.through
        )
        if results.departements_period
        else "",
        **words,  # type: ignore[arg-type]
    )


def figure_words(
    version: IndicatorVersion | None,
    latest: Figure | None,
    definition: Definition | None,
    edition: Edition,
) -> dict[str, object]:
    if version is None or latest is None or definition is None:
        empty = dict.fromkeys(
            ("value", "state", "counts", "interval", "period", "target", "coverage", "title"), ""
        )
        return {**empty, "changes": []}
    changes = (latest.previous, latest.year_before)
    told = (wording.change_in_words(one, definition) for one in changes if one)
    counts = wording.counted_in_words(latest, definition, version.counter_words)
    has_value = latest.value is not None
    return {
        "title": version.public_title,
        "value": wording.value_in_words(latest.value, definition),
        "state": "" if has_value else sentence(wording.state_in_words(latest)),
        "counts": counts if has_value else "",
        "interval": wording.interval_in_words(latest, definition),
        "period": wording.period_in_full(latest.period, through=edition.release.through),
        "target": target_of(latest, definition),
        "changes": [sentence(one) for one in told],
        "coverage": wording.coverage_in_words(latest),
    }


def corrections_shown(results: NetworkResults) -> dict[str, object]:
    """Those of the indicator of the page, at the levels and of the periods that it tells."""
    shown: dict[str, object] = {"network": results.network.code, "level__in": LEVELS_TOLD}
    chosen = results.chosen
    if chosen is None:
        return shown
    shown["indicator"] = chosen.version.indicator.code
    if chosen.latest is None or results.earlier:
        return shown
    changes = (chosen.latest.previous, chosen.latest.year_before)
    return shown | {"period__in": [chosen.latest.period, *(one.period for one in changes if one)]}


def title_of(results: NetworkResults) -> str:
    title = f"Résultats{NBSP}: {results.network.name}"
    return f"{title}, {results.chosen.version.public_title}" if results.chosen else title


def said_of(results: NetworkResults, words: Mapping[str, object]) -> str:
    """The figure of the whole network in a sentence, to quote it."""
    if results.declared:
        latest, version = results.declared.figures[0], results.declared.version
        value = wording.value_in_words(latest.value, version.definition)
        period = f"{wording.period_in_words(latest.period)}, {wording.DECLARED}"
        return said_figure(version.public_title, value, "", period)
    return said_figure(*(str(words[name]) for name in ("title", "value", "counts", "period")))


def legend_of(
    results: NetworkResults, version: IndicatorVersion | None
) -> tuple[tuple[str, str], ...]:
    if not any(shown.nation for shown in results.departements.values()):
        return UNCOMPARED_LEGEND
    return UNDIRECTED_LEGEND if version and version.direction == "none" else LEGEND


def indicator_link(one: NetworkIndicator, is_current: bool, url: str) -> IndicatorLink:
    value = shown_value(one.latest, one.version.definition) if one.latest else ""
    family = Family(one.version.family).label if one.version.family else ""
    return IndicatorLink(one.version.public_title, value, url, is_current, str(family))


def per_level(chosen: NetworkIndicator | None, network: Network) -> str:
    grain = chosen.grain if chosen else None
    return PER_LEVEL[grain.publication_level if grain else network.publication_level]


def line_of(
    entry: PlaceEntry,
    version: IndicatorVersion | None,
    definition: Definition | None,
    edition: Edition,
) -> Row:
    assert version is not None
    assert definition is not None
    shown = entry.figure
    url = "" if entry.members else f"/resultats/{entry.code}/{edition.query}"
    return (Cell(entry.name, url), entry.town, *figure_cells(shown, version, definition))


def figure_cells(
    shown: Figure, version: IndicatorVersion, definition: Definition
) -> tuple[Cell | str, ...]:
    """The figure, its counts with the margin of a sample, and how it compares with the rest of
    the country."""
    counts = wording.counted_in_words(shown, definition, version.counter_words)
    margin = wording.margin_in_words(shown, definition)
    return (
        Cell(shown_value(shown, definition), strong=True),
        Cell(counts, under=margin) if shown.value is not None else "",
        verdict_in_words(shown, definition),
    )


def silent_places(entries: Sequence[PlaceEntry], edition: Edition) -> SilentPlaces:
    if not entries:
        return SilentPlaces("", [])
    words = silences_in_words("lieu", "lieux", [entry.figure for entry in entries])
    if len(entries) > MOST_SILENT:
        return SilentPlaces(f"{words} Leur liste est dans le fichier CSV.", [])
    return SilentPlaces(words, [silent_place(entry, edition) for entry in entries])


def silent_place(entry: PlaceEntry, edition: Edition) -> tuple[str, str, str]:
    """Its name, address and reason."""
    url = "" if entry.members else f"/resultats/{entry.code}/{edition.query}"
    return entry.name, url, wording.state_in_words(entry.figure)


def verdict_in_words(shown: Figure, definition: Definition) -> str:
    """Against the rest of the country, as in a sentence."""
    return wording.comparison_in_words(shown.nation, definition, "du pays")


def tiles_of(
    departements: dict[str, Figure],
    names: dict[str, str],
    definition: Definition | None,
    edition: Edition,
) -> Iterable[Tile]:
    """None where no département has a figure: words say so."""
    if definition is None or all(one.value is None for one in departements.values()):
        return
    for code, (column, row) in departement_tiles().items():
        name, shown = names.get(code, code), departements.get(code)
        if shown is None:
            yield Tile(code, column, row, "absent", f"{name} : rien de publié")
            continue
        told = (shown_value(shown, definition), verdict_in_words(shown, definition))
        words = f"{name} : {', '.join(one for one in told if one)}"
        url = f"/resultats/territoires/{code}/{edition.query}"
        yield Tile(code, column, row, tile_kind(shown), words, url)


def tile_kind(shown: Figure) -> str:
    if shown.value is None:
        return "absent"
    return KINDS[shown.nation.verdict] if shown.nation else "middle"


def departement_lines(
    departements: dict[str, Figure],
    names: dict[str, str],
    version: IndicatorVersion | None,
    edition: Edition,
) -> list[Row]:
    """The table of the map, by name: the départements that have a figure."""
    if version is None:
        return []
    definition = version.definition
    told = sorted(
        (folded(names.get(code, code)), code)
        for code, shown in departements.items()
        if shown.value is not None
    )
    return [
        (
            Cell(
                f"{names.get(code, code)} ({code})",
                f"/resultats/territoires/{code}/{edition.query}",
            ),
            *figure_cells(departements[code], version, definition),
        )
        for _, code in told
    ]


def rows(results: NetworkResults) -> Iterable[list[str]]:
    """The nation's figure of each indicator (all that were declared of the chosen one), then the
    places and départements of the chosen one."""
    network, release = results.network.code, results.release
    declared, chosen = results.declared, results.chosen
    for one in results.indicators:
        if one.latest is not None and not (declared and one is chosen):
            yield csv_row(release, network, one.version, NATION, one.latest)
    if chosen is None:
        return
    version = chosen.version
    source = "; ".join(declared.sources[:1]) if declared else ""
    for value in declared.figures if declared else ():
        yield csv_row(release, network, version, NATION, value, source=source)
    for entry in results.entries:
        level = "pool" if entry.members else "structure"
        place = Place(level, entry.code, entry.name)
        yield csv_row(release, network, version, place, entry.figure)
    names = dict(Departement.objects.values_list("code", "name")) if results.departements else {}
    for code, shown in sorted(results.departements.items()):
        place = Place("departement", code, names.get(code, code))
        yield csv_row(release, network, version, place, shown, source=source)
