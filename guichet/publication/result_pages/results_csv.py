"""The CSV of what a page of results shows: one line for each figure, all periods and cuts.

Owns the columns and their French codes; refuses cells that a spreadsheet would run.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from guichet.directory.csv_sheets import BOM, safe_cell
from guichet.indicators.models import IndicatorVersion
from guichet.publication.models import Release
from guichet.publication.published.figures import Change, Comparison, Figure
from guichet.publication.published.serving import Place
from guichet.publication.targets import target_state

NUMBER = re.compile(r"-?\d+(,\d+)?")
COLUMNS = (
    "edition",
    "reseau",
    "indicateur",
    "version",
    "intitule",
    "niveau",
    "lieu",
    "nom_du_lieu",
    "periode",
    "coupe",
    "etat",
    "annee_en_cours",
    "valeur",
    "borne_basse",
    "borne_haute",
    "compteurs",
    "releves_attendus",
    "releves_recus",
    "objectif",
    "objectif_pour",
    "objectif_atteint",
    "reste_du_departement",
    "verdict_departement",
    "reste_du_pays",
    "verdict_pays",
    "ecart_periode_precedente",
    "verdict_periode_precedente",
    "ecart_un_an",
    "verdict_un_an",
    "source",
    "demonstration",
)
STATES = {
    "published": "publie",
    "missing": "rien_recu",
    "no_whole": "aucun_cas",
    "withheld": "trop_peu_de_cas",
    "declared": "declare",
}
VERDICTS = {
    "better": "mieux",
    "worse": "moins_bien",
    "above": "plus",
    "below": "moins",
    "no_clear_difference": "pas_de_difference_nette",
    "improved": "mieux",
    "worsened": "moins_bien",
    "rose": "en_hausse",
    "fell": "en_baisse",
    "no_clear_change": "pas_de_changement_net",
    "insufficient": "donnees_insuffisantes",
}
TARGETS = {
    "met": "oui",
    "not_met": "non",
    "not_yet": "pas_encore",
    "not_applicable": "sans_objet",
}
LEVELS = {
    "structure": "structure",
    "pool": "regroupement",
    "departement": "departement",
    "region": "region",
    "nation": "pays",
}


def csv_row(
    release: Release,
    network: str,
    version: IndicatorVersion,
    place: Place,
    figure: Figure,
    *,
    source: str = "",
) -> list[str]:
    """One line; numbers as the release rounds them, with the decimal comma that
    spreadsheets in French read. A declared value has its
    `source`, and is never that of a demonstration."""
    is_declared = figure.state == "declared"
    wanted = version.target.normalize() if version.target is not None else None
    return [
        release.name,
        network,
        version.indicator.code,
        str(version.number),
        version.title,
        LEVELS[place.level],
        place.code,
        place.name,
        figure.period,
        figure.cut,
        STATES[figure.state],
        "oui" if figure.is_to_date else "",
        number(figure.value),
        number(figure.low),
        number(figure.high),
        "|".join(str(one) for one in figure.counters),
        str(figure.expected) if figure.expected else "",
        str(figure.received) if figure.expected else "",
        number(figure.aimed_at if is_declared else wanted),
        figure.aimed_for,
        TARGETS.get(target_state(figure, version.definition), ""),
        *compared(figure.departement),
        *compared(figure.nation),
        *changed(figure.previous),
        *changed(figure.year_before),
        (figure.source or source) if is_declared else "",
        "oui" if release.is_demonstration and not is_declared else "",
    ]


def compared(comparison: Comparison | None) -> tuple[str, str]:
    if comparison is None:
        return "", ""
    return number(comparison.rest), VERDICTS[comparison.verdict]


def changed(change: Change | None) -> tuple[str, str]:
    return (number(change.gap), VERDICTS[change.verdict]) if change else ("", "")


def number(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}".replace(".", ",")


def cell(text: str) -> str:
    """Numbers stay numbers, the negative ones too; nothing else begins a formula."""
    return text if NUMBER.fullmatch(text) else safe_cell(text)


def written_csv(rows: Iterable[Sequence[str]], header: Sequence[str] = COLUMNS) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(text) for text in row] for row in rows)
    return BOM + buffer.getvalue()
