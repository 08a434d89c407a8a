"""What the next release would change, before it is computed: read from batches alone.

Owns what a publisher sees first; refuses sums. What moves in the directory changes shows only in
the corrections of the release itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from guichet.core.periods import period
from guichet.core.words import counted, insecable
from guichet.directory.models import Network
from guichet.indicators.batches.following import Followed, followed
from guichet.indicators.batches.pages import (
    ChangeLine,
    change_line,
    names_of,
    periods_in_words,
    versions_of,
)
from guichet.indicators.models import Batch, Grain
from guichet.publication.models import Release

SHOWN = 20
"""Flags and corrections told of one network; the others are counted."""
MISSING = ("donnée attendue manque", "données attendues manquent")
CONFIRMED = (
    "écart inhabituel a été confirmé par qui envoyait",
    "écarts inhabituels ont été confirmés par qui envoyait",
)
CORRECTING = (
    "ligne corrige ou complète des périodes déjà publiées",
    "lignes corrigent ou complètent des périodes déjà publiées",
)

WITHDRAWN = (
    "lot publié a été retiré : ses chiffres ne comptent plus",
    "lots publiés ont été retirés : leurs chiffres ne comptent plus",
)


@dataclass
class SeriesPreview:
    """Rows of one indicator version received since the release before."""

    code: str
    version: int
    title: str = ""
    rows: int = 0
    rows_of_past: int = 0
    rows_to_come: int = 0
    codes: set[str] = field(default_factory=set)

    @property
    def periods(self) -> str:
        return periods_in_words(sorted(self.codes))

    def add(self, code: str, rows: int, through: date, already: date | None) -> None:
        """Rows of a period beyond `through` wait; those of one published already correct it."""
        last_day = period(code).last_day
        if last_day > through:
            self.rows_to_come += rows
            return
        self.rows += rows
        self.codes.add(code)
        if already and last_day <= already:
            self.rows_of_past += rows


@dataclass(frozen=True)
class Flag:
    """What the check of a batch asked its sender to confirm."""

    batch: Batch
    message: str


@dataclass(frozen=True)
class NetworkPreview:
    """`corrections` are the first keys whose published counters another batch replaces."""

    network: Network
    series: Sequence[SeriesPreview]
    batches: Sequence[Batch]
    withdrawn: Sequence[Batch]
    missing: Sequence[Followed]
    flags: Sequence[Flag]
    flag_count: int
    corrections: Sequence[ChangeLine]

    @property
    def past_rows(self) -> int:
        """Rows that correct, or complete, periods published already."""
        return sum(series.rows_of_past for series in self.series)

    @property
    def changes_nothing(self) -> bool:
        return not (self.series or self.withdrawn)

    @property
    def missing_count(self) -> int:
        return sum(len(line.missing) for line in self.missing)

    @property
    def missing_words(self) -> str:
        """As `summary` adds them."""
        return counted(self.missing_count, *MISSING)


@dataclass(frozen=True)
class ReleasePreview:
    """`previous` is the current release, None before the first."""

    through: date
    previous: Release | None
    networks: Sequence[NetworkPreview]

    @property
    def has_nothing_new(self) -> bool:
        return all(each.changes_nothing for each in self.networks)

    @property
    def summary(self) -> list[str]:
        """What to look at before publishing, a sentence each."""
        missing = sum(each.missing_count for each in self.networks)
        flags = sum(each.flag_count for each in self.networks)
        past = sum(each.past_rows for each in self.networks)
        told = [
            counted(missing, *MISSING) if missing else "Rien de ce qui est attendu ne manque",
            counted(flags, *CONFIRMED) if flags else "Aucun écart inhabituel n'a été confirmé",
        ]
        withdrawn = sum(len(each.withdrawn) for each in self.networks)
        if past:
            told.append(counted(past, *CORRECTING))
        if withdrawn:
            told.append(counted(withdrawn, *WITHDRAWN))
        if self.previous and not (past or withdrawn):
            told.append("Aucune période déjà publiée n'est corrigée ni complétée")
        return [f"{sentence}." for sentence in told]


def preview_release(through: date) -> ReleasePreview:
    """Network by network, those that send anything."""
    previous = Release.objects.current()
    networks = Network.objects.filter(
        Q(pk__in=Grain.objects.values("network")) | Q(pk__in=Batch.objects.values("network"))
    ).order_by("name")
    found = [preview_network(network, through, previous) for network in networks]
    return ReleasePreview(through, previous, found)


def preview_network(network: Network, through: date, previous: Release | None) -> NetworkPreview:
    last = previous.last_batch if previous else 0
    batches = list(
        Batch.objects.counting().filter(network=network, number__gt=last).order_by("number")
    )
    withdrawn = Batch.objects.filter(network=network, number__lte=last, withdrawn_at__isnull=False)
    if previous:
        withdrawn = withdrawn.filter(withdrawn_at__gt=previous.started_at)
    already = previous.through if previous else None
    flags = [
        Flag(batch, insecable(str(notice["message"])))
        for batch in batches
        for notice in batch.warnings
        if notice["kind"] == "jump"
    ]
    corrections = corrections_of(batches, already)
    return NetworkPreview(
        network=network,
        series=series_of(batches, through, already),
        batches=batches,
        withdrawn=list(withdrawn.order_by("number")) if previous else [],
        missing=missing_of(network, through),
        flags=flags[:SHOWN],
        flag_count=len(flags),
        corrections=change_lines(corrections[:SHOWN]),
    )


def series_of(batches: Sequence[Batch], through: date, already: date | None) -> list[SeriesPreview]:
    found: dict[tuple[str, int], SeriesPreview] = {}
    for batch in batches:
        for code, version, of_period, rows in batch.contents:
            key = (str(code), int(version))
            series = found.setdefault(key, SeriesPreview(*key))
            series.add(str(of_period), int(rows), through, already)
    for key, version in versions_of(set(found)).items():
        if key in found:
            found[key].title = version.title
    return sorted(found.values(), key=lambda series: (series.title, series.version))


def missing_of(network: Network, through: date) -> list[Followed]:
    """The latest periods covered, of which places are missing."""
    return [line for line in followed(network, through + timedelta(days=1)) if line.missing]


def corrections_of(batches: Sequence[Batch], already: date | None) -> list[dict[str, object]]:
    """Replaced keys of periods published already, as each batch's check found them."""
    if already is None:
        return []
    return [
        row
        for batch in batches
        for row in (batch.changes or {}).get("rows", [])
        if period(row["period"]).last_day <= already
    ]


def change_lines(rows: Sequence[dict[str, object]]) -> list[ChangeLine]:
    versions = versions_of({(str(row["indicator"]), int(str(row["version"]))) for row in rows})
    names = names_of({str(row["structure"]) for row in rows})
    found = []
    for row in rows:
        version = versions.get((str(row["indicator"]), int(str(row["version"]))))
        if version:
            found.append(change_line(row, version, names))
    return found
