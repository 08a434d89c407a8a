"""The file that a network fills: its structures, indicators and the period that is due.

Owns its rows, in CSV and XLSX; refuses counters: nobody's figures are in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from guichet.core.periods import Period
from guichet.directory.csv_sheets import written_lines
from guichet.directory.models import Network, Structure
from guichet.indicators.batches.dues import dues
from guichet.indicators.calculations.kinds import headers_of
from guichet.indicators.checking.columns import CUT, INDICATOR, NAME, PERIOD, STRUCTURE, VERSION
from guichet.indicators.checking.knowing import known_of
from guichet.indicators.checking.known import KnownGrain, KnownVersion
from guichet.indicators.grains_in_force import grain_on
from guichet.indicators.models import IndicatorVersion
from guichet.indicators.models.definitions import NETWORK_SOURCE

CSV, XLSX = "csv", "xlsx"
ADVICE = (
    "Remplissez les compteurs, en nombres entiers. 0 veut dire « aucun cas ».",
    "Si un nombre n'est pas connu, supprimez la ligne : ne la laissez pas vide.",
    "Ne changez pas les codes. La colonne « nom » est là pour vous, elle n'est pas lue.",
    "Une erreur fait refuser tout le fichier ; chaque erreur vous est dite avec sa case.",
)


@dataclass(frozen=True)
class Asked:
    """One indicator as the network sends it, for the latest whole period."""

    version: KnownVersion
    grain: KnownGrain
    period: Period

    @property
    def headers(self) -> tuple[str, ...]:
        definition = self.version.definition
        return headers_of(definition.kind, definition.bounds)


def model_file(
    network: Network,
    *,
    scope: Structure | None = None,
    file_format: str = CSV,
    today: date | None = None,
) -> bytes:
    """The file to fill, as bytes: every expected structure × indicator × cut of the latest whole
    period. `scope` limits it to what a sender holds."""
    asked = asked_of(network, today or timezone.localdate())
    headers = list(dict.fromkeys(header for one in asked for header in one.headers))
    titles = [INDICATOR, VERSION, STRUCTURE, NAME, PERIOD, CUT, *headers]
    rows = model_rows(network, scope, asked, width=len(headers))
    if file_format == XLSX:
        from guichet.indicators.batches.model_workbooks import workbook_bytes

        return workbook_bytes(titles, rows, notes_of(asked))
    return "".join(written_lines([titles, *rows])).encode()


def asked_of(network: Network, today: date) -> list[Asked]:
    """What the network sends itself, each with the latest period that ended before `today`."""
    known = known_of(network, source=NETWORK_SOURCE, scope=None, today=today)
    found = []
    for version in known.versions.values():
        for grain in version.grains:
            if grain.source == NETWORK_SOURCE and (due := latest_whole(version, grain, today)):
                found.append(Asked(version, grain, due))
    return sorted(found, key=lambda one: one.version.definition.code)


def latest_whole(version: KnownVersion, grain: KnownGrain, today: date) -> Period | None:
    """None when the grain does not hold in that period: it ended, or begins later."""
    latest = dues(grain.period_kind, grain.first_period, None, 0, today=today, most=1)
    held = [due.period for due in latest if grain_on(version.grains, due.period.first_day) == grain]
    return held[0] if held else None


def model_rows(
    network: Network, scope: Structure | None, asked: list[Asked], *, width: int
) -> Iterator[list[str]]:
    structures = Structure.objects.filter(network=network).order_by("code")
    if scope is not None:
        structures = structures.under(scope)
    places = list(structures.values_list("code", "name", "level", "opened_on", "closed_on"))
    for one in asked:
        definition = one.version.definition
        for code, name, level, opened_on, closed_on in places:
            if level != one.grain.level or not is_open(opened_on, closed_on, one.period):
                continue
            for cut in one.grain.cuts or ("",):
                key = [definition.code, str(definition.version), code, name, one.period.code, cut]
                yield [*key, *([""] * width)]


def is_open(opened_on: date | None, closed_on: date | None, when: Period) -> bool:
    """Whether a place is open during the whole period (`docs/methods/observation.md`, § 7)."""
    return (opened_on is None or opened_on <= when.first_day) and (
        closed_on is None or closed_on >= when.last_day
    )


def notes_of(asked: list[Asked]) -> list[list[str]]:
    """What each indicator asks for, in words."""
    keys = [one.version.key for one in asked]
    versions = IndicatorVersion.objects.in_bulk(keys)
    notes = [[words] for words in ADVICE]
    for one in asked:
        version = versions[one.version.key]
        words = [version.counter_words.get(name, name) for name in one.version.definition.counters]
        told = " ; ".join(
            f"{header} : {word}" for header, word in zip(one.headers, words, strict=True)
        )
        notes.append([one.version.definition.code, version.title, told])
    return notes
