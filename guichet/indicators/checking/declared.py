"""Declared values of a file: each row against what is known.

Owns the rules of `docs/methods/observation.md`, § 3 (declared value); refuses counters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from guichet.core.periods import Period
from guichet.core.text import without_controls
from guichet.directory.models import Network, Structure
from guichet.indicators.checking.columns import (
    DECLARED,
    INDICATOR,
    LEVEL,
    PERIOD,
    PLACE,
    SOURCE,
    VALUE,
    VERSION,
)
from guichet.indicators.checking.keys import period_of, version_of
from guichet.indicators.checking.known import Known, KnownVersion
from guichet.indicators.checking.numbers import declared_value
from guichet.indicators.checking.periods_typed import day_in_words
from guichet.indicators.models import PlaceLevel
from guichet.territories.models import Departement, Region

NATION = "FR"
MOST_ROWS = 200_000
LONGEST_SOURCE = 300
LEVELS = tuple(PlaceLevel.values)
Fault = tuple[str, str]


@dataclass(frozen=True)
class DeclaredRow:
    line: int
    version: int
    indicator: str
    number: int
    level: str
    place: str
    period: str
    value: Decimal
    source: str


@dataclass
class Places:
    """The codes that a sender may declare for. A scope under the network holds structures only."""

    network: str
    scope: str
    structures: dict[str, bool] = field(default_factory=dict)
    departements: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()

    def fault(self, level: str, place: str) -> str:
        """Why this place is refused, else empty."""
        if level == PlaceLevel.STRUCTURE:
            return self.structure_fault(place)
        if self.scope:
            return (
                f"Vous tenez {self.scope} : seule la personne qui tient tout le réseau déclare des "
                "valeurs de territoire. Retirez la ligne."
            )
        return self.territory_fault(level, place)

    def structure_fault(self, place: str) -> str:
        if place not in self.structures:
            return (
                f"La structure « {place[:60]} » n'existe pas dans le réseau {self.network} : "
                "copiez son code depuis le fichier modèle."
            )
        if not self.structures[place]:
            return f"{place} ne dépend pas de {self.scope} : retirez la ligne."
        return ""

    def territory_fault(self, level: str, place: str) -> str:
        if level == PlaceLevel.NATION:
            return (
                "" if place == NATION else "Pour le niveau nation, le lieu est « FR » : écrivez-le."
            )
        known = self.departements if level == PlaceLevel.DEPARTEMENT else self.regions
        if place in known:
            return ""
        what = "département" if level == PlaceLevel.DEPARTEMENT else "région"
        padded = place.zfill(2)
        mend = f"écrivez « {padded} »." if padded in known else "écrivez son code INSEE."
        return f"« {place[:40]} » n'est le code d'aucun {what} : {mend}".replace(
            "d'aucun région", "d'aucune région"
        )


def places_of(network: Network, scope: Structure | None) -> Places:
    root = str(scope.path) if scope else ""
    rows = Structure.objects.filter(network=network).values_list("code", "path")
    return Places(
        network.code,
        scope.code if scope else "",
        {code: not root or f"{path}.".startswith(f"{root}.") for code, path in rows},
        frozenset(Departement.objects.values_list("code", flat=True)),
        frozenset(Region.objects.values_list("code", flat=True)),
    )


def texts_of(staged: Path, positions: dict[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    names = ["line", *(f"k{positions[name]}" for name in DECLARED)]
    with pq.ParquetFile(staged) as source:
        for batch in source.iter_batches(batch_size=5_000, columns=names):
            columns = [batch.column(name).to_pylist() for name in names]
            for line, *cells in zip(*columns, strict=True):
                yield line, {name: plain(cell) for name, cell in zip(DECLARED, cells, strict=True)}


def plain(cell: str | None) -> str:
    """Without spaces around, nor the apostrophe that forces a text in a spreadsheet."""
    text = (cell or "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@'0123456789" else text


def read_declared(
    staged: Path, positions: dict[str, int], known: Known, places: Places
) -> Iterator[tuple[int, DeclaredRow | list[tuple[str, str, str]]]]:
    """Each line, with its row or its faults (column, value, sentence)."""
    seen: dict[tuple[object, ...], int] = {}
    for line, texts in texts_of(staged, positions):
        faults: list[Fault] = []
        row = declared_row(line, texts, known, places, faults)
        if row is not None:
            key = (row.version, row.level, row.place, row.period)
            first = seen.setdefault(key, line)
            if first != line:
                faults.append(
                    (
                        PLACE,
                        f"Même indicateur, lieu et période qu'à la ligne {first} : gardez une "
                        "seule des deux lignes.",
                    )
                )
        if faults or row is None:
            yield line, [(column, texts.get(column, ""), words) for column, words in faults]
        else:
            yield line, row


def declared_row(
    line: int, texts: dict[str, str], known: Known, places: Places, faults: list[Fault]
) -> DeclaredRow | None:
    version = version_of(texts[INDICATOR], texts[VERSION], known, faults)
    found = period_of(texts[PERIOD], version, known, faults)
    if version and found:
        faults += [(PERIOD, words) for words in period_faults(version, found, known)]
    level = texts[LEVEL].casefold()
    if level not in LEVELS:
        faults.append((LEVEL, f"Ce niveau n'existe pas : écrivez {', '.join(LEVELS)}."))
    elif wrong := places.fault(level, texts[PLACE]):
        faults.append((PLACE, wrong))
    value = declared_value(texts[VALUE])
    if value is None:
        faults.append((VALUE, value_sentence(texts[VALUE])))
    source = without_controls(texts[SOURCE]).strip()
    if not source or len(source) > LONGEST_SOURCE:
        faults.append((SOURCE, "Dites d'où vient la valeur, en 300 caractères au plus."))
    if faults or version is None or found is None or value is None:
        return None
    definition = version.definition
    return DeclaredRow(
        line,
        version.key,
        definition.code,
        definition.version,
        level,
        texts[PLACE],
        found.code,
        value,
        source,
    )


def period_faults(version: KnownVersion, found: Period, known: Known) -> Iterator[str]:
    grain = version.first_grain
    code = version.definition.code
    if grain is not None and found.last_day >= grain.first_day:
        yield (
            f"Le réseau {known.network} envoie des observations de {code} depuis "
            f"{grain.first_period} : une valeur déclarée y serait de trop. Retirez la ligne."
        )
    if found.last_day > known.today:
        yield (
            f"{found.code} n'est pas terminé : déclarez la valeur après le "
            f"{day_in_words(found.last_day)}, ou corrigez la période."
        )


def value_sentence(text: str) -> str:
    if not text:
        return "La valeur manque : écrivez-la, ou supprimez la ligne si elle n'est pas connue."
    if text.startswith("="):
        return "La case contient une formule, jamais calculée ici : remplacez-la par sa valeur."
    return "Écrivez un nombre décimal, sans unité, avec quatre décimales au plus : « 12,4 »."


def contents_of(rows: list[DeclaredRow]) -> list[list[object]]:
    """[indicator, version, period, rows], as for observations."""
    counts: dict[tuple[str, int, str], int] = {}
    for row in rows:
        key = (row.indicator, row.number, row.period)
        counts[key] = counts.get(key, 0) + 1
    return [[*key, count] for key, count in sorted(counts.items())]
