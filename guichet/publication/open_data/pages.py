"""What `/donnees/` shows of the tables and of one release.

Owns sizes, dates and the order of parts; refuses HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.template.defaultfilters import filesizeformat

from guichet.core.extensions import LICENCE_OUVERTE, OpenColumn, OpenTable
from guichet.core.words import NBSP, counted
from guichet.directory.models import Network
from guichet.indicators.models import IndicatorVersion
from guichet.publication.corrected_lines import CorrectedLine, corrected_lines
from guichet.publication.models import Release
from guichet.publication.open_data.kept_files import kept_file
from guichet.publication.open_data.release_files import ReleaseFiles
from guichet.publication.open_data.writers import OFFERED
from guichet.publication.releasing.manifest import NAME
from guichet.publication.releasing.parts import PartFiles

LICENCE = {"name": f"Licence Ouverte{NBSP}2.0", "address": LICENCE_OUVERTE}
FORMAT_NAMES = {
    "csv.gz": "CSV compressé",
    "parquet": "Parquet",
    "json.gz": "JSON compressé",
    "csv": "CSV",
    "json": "JSON",
}
CORRECTIONS_SHOWN = 50
TYPES = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "oui ou non",
    "date": "date",
    "datetime": "date et heure",
}
PART_KINDS = {
    "rows": "lignes",
    "figures": "chiffres",
    "base": "base",
    "quantiles": "quantiles",
    "pools": "regroupements",
}
FILES_IN_WORDS = {
    "manifest.json": "liste des fichiers et de leurs empreintes",
    "corrections.csv": "tout ce qui diffère de l'édition précédente",
    "declared.csv": "valeurs déclarées par les réseaux",
    "declared_figures.csv": "les mêmes, comme des chiffres",
    "grains.csv": "ce que chaque réseau compte",
    "indicators.csv": "définitions",
    "verify.py": "pour tout recalculer",
}


@dataclass(frozen=True)
class ShownFile:
    extension: str
    label: str


@dataclass(frozen=True)
class ShownColumn:
    name: str
    type: str
    description: str
    is_official: bool


@dataclass(frozen=True)
class ShownTable:
    """`made_at` is None before the files are made."""

    name: str
    title: str
    description: str
    frequency: str
    files: list[ShownFile]
    columns: list[ShownColumn]
    made_at: datetime | None


@dataclass(frozen=True)
class ShownPart:
    """The files of one year: (path, what it holds)."""

    year: int
    files: list[tuple[str, str]]


@dataclass
class ShownSeries:
    """The years of one indicator version, the newest first."""

    title: str
    version: int
    parts: list[ShownPart] = field(default_factory=list)


@dataclass(frozen=True)
class ShownCorrections:
    """The first corrected figures; how many figures differ only because places moved under another
    territory, and how many rows because small places were put together otherwise."""

    lines: list[CorrectedLine]
    corrected: str
    moved: str
    regrouped: str
    is_cut: bool


@dataclass(frozen=True)
class ShownRelease:
    """`network` is the code and name of the one whose files are listed, if any."""

    networks: list[tuple[str, str]]
    network: tuple[str, str] | None
    series: list[ShownSeries]
    other_files: list[tuple[str, str]]
    part_count: int
    corrections: ShownCorrections


def byte_size_of(files: ReleaseFiles) -> int:
    """Of all its files, as they are once the archive is opened."""
    paths = (files.folder / name for name in files.hashes)
    return sum(path.stat().st_size for path in paths if path.is_file())


def shown_table(table: OpenTable) -> ShownTable:
    kept = {extension: kept_file(table, extension) for extension in OFFERED}
    files = [
        ShownFile(
            extension,
            f"{FORMAT_NAMES[extension]} ({filesizeformat(file.byte_size)})"
            if file
            else FORMAT_NAMES[extension],
        )
        for extension, file in kept.items()
    ]
    return ShownTable(
        name=table.name,
        title=table.title,
        description=table.description,
        frequency=table.frequency_label,
        files=files,
        columns=[
            ShownColumn(one.csv_name, TYPES[one.kind], words_of(one), bool(one.source))
            for one in table.columns
        ],
        made_at=max((file.made_at for file in kept.values() if file), default=None),
    )


def words_of(column: OpenColumn) -> str:
    """Its label and description; the label alone is not said twice."""
    label = "" if column.label == column.csv_name else f"{column.label}. "
    return f"{label}{column.description}."


def shown_release(release: Release, files: ReleaseFiles, asked: str) -> ShownRelease:
    """The files of the network `asked`, or of the only one."""
    parts = files.manifest.parts
    codes = sorted({part.key.network for part in parts})
    names = dict(Network.objects.filter(code__in=codes).values_list("code", "name"))
    networks = sorted(((code, names.get(code, code)) for code in codes), key=lambda one: one[1])
    chosen = [one for one in networks if one[0] == asked or len(networks) == 1]
    network = chosen[0] if chosen else None
    own = [part for part in parts if network and part.key.network == network[0]]
    return ShownRelease(
        networks=networks,
        network=network,
        series=series_of(own),
        other_files=[
            (name, FILES_IN_WORDS.get(name, "")) for name in [NAME, *sorted(files.manifest.files)]
        ],
        part_count=len(parts),
        corrections=shown_corrections(release),
    )


def shown_corrections(release: Release) -> ShownCorrections:
    """What changed of figures that stand under one name, apart from what was only regrouped."""
    rows = release.corrections.all()
    changed = rows.exclude(level="pool").filter(what="changed")
    corrected = rows.of_places()
    count, moved = corrected.count(), changed.filter(is_move=True).count()
    regrouped = rows.count() - count - moved
    return ShownCorrections(
        lines=corrected_lines(corrected[:CORRECTIONS_SHOWN]),
        corrected=counted(count, "chiffre corrigé", "chiffres corrigés"),
        moved=counted(moved, "chiffre de territoire a changé", "chiffres de territoires ont changé")
        if moved
        else "",
        regrouped=counted(regrouped, "autre ligne diffère", "autres lignes diffèrent")
        if regrouped
        else "",
        is_cut=count > CORRECTIONS_SHOWN,
    )


def series_of(parts: list[PartFiles]) -> list[ShownSeries]:
    versions = {
        (one.indicator.code, one.number): one.title
        for one in IndicatorVersion.objects.select_related("indicator")
    }
    found: dict[tuple[str, int], ShownSeries] = {}
    for part in sorted(parts, key=lambda part: -part.key.year):
        key = (part.key.indicator, part.key.version)
        title = versions.get(key, part.key.indicator)
        series = found.setdefault(key, ShownSeries(title, part.key.version))
        paths = [
            (part.path_of(kind), words) for kind, words in PART_KINDS.items() if kind in part.files
        ]
        series.parts.append(ShownPart(part.key.year, paths))
    return sorted(found.values(), key=lambda series: (series.title, series.version))
