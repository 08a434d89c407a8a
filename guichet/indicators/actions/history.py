"""Take over what the government's barometer published, as declared values.

Owns the writes, whole or not at all; refuses to overwrite: what differs is a batch that comes
later, and what is there already makes none.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.bulk import copy_rows
from guichet.core.errors import RuleViolation
from guichet.directory.models import Level, Network
from guichet.indicators import lake
from guichet.indicators.actions.numbering import next_number
from guichet.indicators.history.reading import (
    NATION,
    Aim,
    Fault,
    HistoricalIndicator,
    HistoricalValue,
    History,
    read_edition,
    read_series,
    table,
)
from guichet.indicators.models import (
    Batch,
    DeclaredValue,
    Indicator,
    IndicatorVersion,
    Outcome,
)
from guichet.indicators.reference_tables import digest_of_words
from guichet.territories.models import Departement, Region

SOURCE = "barometer"
ZERO = " (valeur 0 dans la source)"
Key = tuple[str, str, str, str]


@dataclass
class HistoryReport:
    """What an import did: `read` values, of which `written` were new or differed; by indicator,
    the zeros passed over because they stand for what the source did not know."""

    read: int = 0
    empty_zeros: Counter[str] = field(default_factory=Counter)
    written: int = 0
    indicators: int = 0
    batches: list[Batch] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def import_barometer(folder: Path, *, by: User | None = None) -> HistoryReport:
    """Read the barometer's files of `folder`; write nothing when one of them has a fault.

    Raises `RuleViolation` when another network holds the code of one of its indicators.
    """
    places = codes_of_places()
    histories = [read_edition(folder, places), read_series(folder, places)]
    report = HistoryReport(
        read=sum(len(history.values) for history in histories),
        empty_zeros=sum((history.empty_zeros for history in histories), Counter()),
        indicators=sum(len(history.indicators) for history in histories),
        faults=[fault for history in histories for fault in history.faults],
    )
    if not report.faults:
        with transaction.atomic():
            network = barometer_network()
            for history in histories:
                batch = declare(history, network, by)
                if batch is not None:
                    report.batches.append(batch)
                    report.written += batch.row_count
    return report


def codes_of_places() -> dict[str, frozenset[str]]:
    return {
        "departement": frozenset(Departement.objects.values_list("code", flat=True)),
        "region": frozenset(Region.objects.values_list("code", flat=True)),
        "nation": frozenset({NATION}),
    }


def barometer_network() -> Network:
    told = table()["network"]
    network, _ = Network.objects.get_or_create(
        code=told["code"],
        defaults={"name": told["name"], "publication_level": Level.DEPARTEMENT},
    )
    return network


def declare(history: History, network: Network, by: User | None) -> Batch | None:
    """One accepted batch of what differs from the values that count; None when nothing does."""
    versions = {
        code: version_of(told, history, network) for code, told in history.indicators.items()
    }
    counting = counting_values(network, versions)
    fresh = [
        value
        for value in history.values
        if counting.get((*value.series, value.period)) != (value.value, value.aim)
    ]
    if not fresh:
        return None
    batch = accepted_batch(history, network, fresh, by)
    copy_rows(
        DeclaredValue,
        (
            DeclaredValue(
                network=network,
                version=versions[value.code],
                level=value.level,
                place=value.place,
                period=value.period,
                value=value.value,
                aimed_at=value.aim.value if value.aim else None,
                aimed_for=value.aim.period if value.aim else "",
                source=source_of(value, history),
                source_date=history.source_date,
                batch=batch,
            )
            for value in fresh
        ),
    )
    record(
        by=by,
        action="batch.accepted",
        subject=batch,
        scope=network.scope_label,
        after={"number": batch.number, "rows": batch.row_count, "file_name": batch.file_name},
    )
    return batch


def source_of(value: HistoricalValue, history: History) -> str:
    """A zero that is kept says that the source wrote it: it may mean that nothing was known."""
    return f"{history.source}{ZERO}" if value.value == 0 else history.source


def version_of(told: HistoricalIndicator, history: History, network: Network) -> IndicatorVersion:
    """Its first version, created when it is not there; words edited on the site stay."""
    indicator, _ = Indicator.objects.get_or_create(code=told.code, defaults={"owner": network})
    if indicator.owner_id != network.pk:
        raise RuleViolation(
            f"Le code « {told.code} » est celui d'un indicateur qui n'est pas du baromètre : "
            "renommez cet indicateur avant d'importer."
        )
    words = {
        "title": told.title,
        "public_title": told.public_title,
        "source": history.source,
        "method": told.method,
        "frequency": "historique",
    }
    version, is_new = IndicatorVersion.objects.get_or_create(
        indicator=indicator,
        number=1,
        defaults={
            **words,
            "family": told.family,
            "kind": told.kind,
            "nature": told.nature,
            "unit": told.unit,
            "direction": told.direction,
        },
    )
    if is_new or version.shipped_words == digest_of_words(version):
        reword(version, words, is_new=is_new)
    return version


def reword(version: IndicatorVersion, words: dict[str, str], *, is_new: bool) -> None:
    """The words of the table, where nobody has edited them."""
    changed = [name for name, text in words.items() if getattr(version, name) != text]
    if changed or is_new:
        for name in changed:
            setattr(version, name, words[name])
        version.shipped_words = digest_of_words(version)
        version.save(update_fields=[*changed, "shipped_words"])


def counting_values(
    network: Network, versions: dict[str, IndicatorVersion]
) -> dict[Key, tuple[Decimal, Aim | None]]:
    """The value that counts for each key, that of the highest batch, and what was aimed at."""
    rows = (
        DeclaredValue.objects.filter(
            network=network,
            version__in=versions.values(),
            batch__in=Batch.objects.counting(),
        )
        .order_by("batch__number")
        .values_list(
            *("version__indicator__code", "level", "place", "period"),
            *("value", "aimed_for", "aimed_at"),
        )
    )
    return {
        (code, level, place, in_period): (value, Aim(*aim) if aim[0] else None)
        for code, level, place, in_period, value, *aim in rows
    }


def accepted_batch(
    history: History, network: Network, values: list[HistoricalValue], by: User | None
) -> Batch:
    """The batch, its file kept in the lake as it came."""
    now = timezone.now()
    with lake.workshop() as folder:
        prepared = folder / "received"
        with history.path.open("rb") as source:
            sha256, byte_count = lake.copy_hashed(source, prepared)
        name = lake.received_name(sha256, "".join(history.path.suffixes))
        if not (lake.root() / name).exists():
            lake.settle(prepared, name)
    counts = Counter((value.code, value.period) for value in values)
    return Batch.objects.create(
        number=next_number(),
        network=network,
        source=SOURCE,
        content=Batch.Content.DECLARED,
        sender=by,
        file_name=history.path.name,
        sha256=sha256,
        byte_count=byte_count,
        received_file=name,
        received_at=now,
        settled_at=now,
        outcome=Outcome.ACCEPTED,
        row_count=len(values),
        rows_sha256=digest_of(values),
        contents=[[code, 1, period, rows] for (code, period), rows in sorted(counts.items())],
    )


def digest_of(values: list[HistoricalValue]) -> str:
    """SHA-256 of the sorted lines `code,level,place,period,value`, then `,aimed_for,aimed_at` where
    the source aims at something."""
    lines = sorted(
        ",".join(
            str(cell) for cell in (*value.series, value.period, value.value, *(value.aim or ()))
        )
        + "\n"
        for value in values
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()
