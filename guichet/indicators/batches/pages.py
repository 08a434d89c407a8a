"""Batches as their pages show them: lists, outcomes in words, faults that say the same together.

Owns reads and their words; refuses HTTP and any write.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from guichet.core.words import counted, grouped, insecable
from guichet.directory.models import Network, Structure
from guichet.indicators.batches.senders import networks_read
from guichet.indicators.grains_in_force import grains_on
from guichet.indicators.models import Batch, Grain, IndicatorVersion, Outcome
from guichet.indicators.models.batches import BatchQuerySet
from guichet.indicators.own_figures import value_in_words

WITHDRAWN = "withdrawn"
STATES = {
    "": "Tous",
    Outcome.TO_CONFIRM.value: "À confirmer",
    Outcome.ACCEPTED.value: "Acceptés",
    Outcome.REFUSED.value: "Refusés",
    Outcome.ABANDONED.value: "Abandonnés",
    WITHDRAWN: "Retirés",
}
BADGES = {
    Outcome.CHECKING.value: ("En cours de contrôle", "info"),
    Outcome.TO_CONFIRM.value: ("À confirmer", "warning"),
    Outcome.ACCEPTED.value: ("Accepté", "success"),
    Outcome.REFUSED.value: ("Refusé", "error"),
    Outcome.ABANDONED.value: ("Abandonné", "neutral"),
    WITHDRAWN: ("Retiré", "neutral"),
}
SHOWN_FAULTS = 100
SHOWN_NOTICES = 100
LISTED_LINES = 12
FAULT_HEADER = ("ligne", "colonne", "cellule", "valeur", "comment corriger")


@dataclass(frozen=True)
class FaultGroup:
    """One thing to mend, on each of its lines."""

    column: str
    message: str
    value: str
    lines: str
    count: int


@dataclass(frozen=True)
class BatchShown:
    """A batch in words."""

    batch: Batch

    @property
    def state(self) -> str:
        return WITHDRAWN if self.batch.withdrawn_at else str(self.batch.outcome)

    @property
    def badge(self) -> tuple[str, str]:
        return BADGES[self.state]

    @property
    def name(self) -> str:
        """« Lot 12 », as in its address, the API and editions; « Envoi 13 » before a number."""
        return f"Lot {self.batch.number}" if self.batch.number else f"Envoi {self.batch.pk}"

    @property
    def file_name(self) -> str:
        """« lot-12 », in the names of files made of it."""
        return self.name.lower().replace(" ", "-")

    @property
    def sender(self) -> str:
        if self.batch.token:
            return f"jeton « {self.batch.token.label} »"
        return str(self.batch.sender) if self.batch.sender else "la plateforme"

    @property
    def rows(self) -> str:
        return counted(self.batch.row_count, "ligne", "lignes")

    @property
    def has_corrected_file(self) -> bool:
        """Of a file that is kept, and of which rows could be read: not of a photo."""
        return bool(self.batch.received_file) and self.batch.row_count > 0

    @property
    def jumps(self) -> list[dict[str, Any]]:
        return [one for one in self.told if one["kind"] == "jump"]

    @property
    def others(self) -> list[dict[str, Any]]:
        """What is told and not to be confirmed."""
        return [one for one in self.told if one["kind"] != "jump"]

    @property
    def told(self) -> list[dict[str, Any]]:
        return [one | {"message": insecable(one["message"])} for one in self.batch.warnings]

    @property
    def warnings_beyond(self) -> int:
        return self.batch.warning_count - len(self.batch.warnings)


def batches_found(batches: BatchQuerySet, text: str, state: str) -> QuerySet[Batch]:
    """By the words of the file's name, or its number; `state` is one of `STATES`."""
    found: QuerySet[Batch] = batches.select_related("sender", "token", "scope", "network")
    if state == WITHDRAWN:
        found = found.filter(withdrawn_at__isnull=False)
    elif state:
        found = found.filter(outcome=state, withdrawn_at__isnull=True)
    if text.isascii() and text.isdigit() and len(text) < 18:
        sent = Q(number=None, pk=int(text))
        return found.filter(Q(number=int(text)) | sent | Q(file_name__icontains=text))
    for word in text.split():
        found = found.filter(file_name__icontains=word)
    return found.defer("faults", "warnings", "contents")


def fault_groups(faults: Iterable[dict[str, Any]]) -> list[FaultGroup]:
    """Faults of one column that say the same, in the order of the file; the first hundred."""
    held: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for fault in faults:
        held.setdefault((fault["column"], fault["message"]), []).append(fault)
    return [
        FaultGroup(
            column=column,
            message=insecable(message),
            value=value_not_told(same),
            lines=places_in_words(same),
            count=len(same),
        )
        for (column, message), same in list(held.items())[:SHOWN_FAULTS]
    ]


def value_not_told(faults: list[dict[str, Any]]) -> str:
    """The value as read, when it is the same everywhere and the message does not hold it."""
    values = {str(one["value"]) for one in faults}
    value = values.pop()
    return "" if values or value in faults[0]["message"] else value


def places_in_words(faults: list[dict[str, Any]]) -> str:
    """« 22 (D22) », « 3, 4, 5 et 27 autres », « fichier » when it is about the whole of it."""
    lines = list(dict.fromkeys(one["line"] for one in faults))
    if lines == [0]:
        return "fichier"
    if len(lines) == 1:
        cell = faults[0]["cell"]
        return f"{lines[0]} ({cell})" if cell else str(lines[0])
    listed = ", ".join(str(line) for line in lines[:LISTED_LINES])
    beyond = len(lines) - LISTED_LINES
    return f"{listed} et {beyond} autre{'s' if beyond > 1 else ''}" if beyond > 0 else listed


def fault_rows(batch: Batch) -> Iterator[list[str]]:
    """The kept faults as lines of a CSV file."""
    yield list(FAULT_HEADER)
    for one in batch.faults:
        line = str(one["line"]) if one["line"] else ""
        yield [line, one["column"], one["cell"], one["value"], one["message"]]
    beyond = batch.fault_count - len(batch.faults)
    if beyond > 0:
        yield ["", "", "", "", f"… et {counted(beyond, 'autre défaut', 'autres défauts')}"]


@dataclass(frozen=True)
class ContentLine:
    """What a batch holds of one indicator: its periods and rows, added."""

    title: str
    code: str
    version: int
    periods: str
    rows: int


def content_lines(batch: Batch) -> list[ContentLine]:
    """By indicator, in one query for their titles."""
    held: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for code, version, period, rows in batch.contents:
        held.setdefault((code, version), []).append((period, rows))
    titles = {key: version.title for key, version in versions_of(set(held)).items()}
    return [
        ContentLine(
            title=titles.get((code, version), code),
            code=code,
            version=version,
            periods=periods_in_words([period for period, _ in lines]),
            rows=sum(rows for _, rows in lines),
        )
        for (code, version), lines in held.items()
    ]


def periods_in_words(periods: list[str]) -> str:
    """« 2026-01 », « de 2025-01 à 2026-03 (15 périodes) »."""
    codes = sorted(set(periods))
    if len(codes) <= 2:
        return ", ".join(codes)
    return f"de {codes[0]} à {codes[-1]} ({len(codes)} périodes)"


@dataclass(frozen=True)
class ChangeLine:
    """A key that another batch had filled: its value before and after, in words."""

    line: int
    structure: str
    name: str
    title: str
    period: str
    cut: str
    before: str
    after: str
    batch: int


@dataclass(frozen=True)
class PublishedLine:
    """What a place that the network publishes, above those that it sends, would become."""

    name: str
    title: str
    period: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What accepting a batch would change in what counts, and in what is published above."""

    new: int
    replaced: int
    same: int
    lines: list[ChangeLine]
    published: list[PublishedLine]

    @property
    def beyond(self) -> int:
        return self.replaced - len(self.lines)

    @property
    def sentence(self) -> str:
        """« 2 nouveaux chiffres, 1 remplacé, 3 déjà envoyés à l'identique »."""
        new = counted(self.new, "nouveau chiffre", "nouveaux chiffres")
        parts = [new if self.new else "Aucun nouveau chiffre"]
        parts += [counted(self.replaced, "remplacé", "remplacés")] if self.replaced else []
        parts += [counted(self.same, "déjà envoyé", "déjà envoyés")] if self.same else []
        return ", ".join(parts) + (" à l'identique" if self.same else "")


def preview_of(batch: Batch) -> Preview:
    """From what the check kept, in one query for the definitions."""
    changes = batch.changes or {}
    rows, published = changes.get("rows", [])[:SHOWN_NOTICES], changes.get("published", [])
    versions = versions_of({(row["indicator"], row["version"]) for row in [*rows, *published]})
    names = names_of({row["structure"] for row in rows} | {row["place"] for row in published})
    return Preview(
        new=changes.get("new", 0),
        replaced=changes.get("replaced", 0),
        same=changes.get("same", 0),
        lines=[change_line(row, versions[row["indicator"], row["version"]], names) for row in rows],
        published=[
            published_line(row, versions[row["indicator"], row["version"]], names)
            for row in published
        ],
    )


def names_of(codes: set[str]) -> dict[str, str]:
    """Names of structures by code, in one query."""
    found = Structure.objects.filter(code__in=codes) if codes else Structure.objects.none()
    return dict(found.values_list("code", "name"))


def change_line(
    row: dict[str, Any], version: IndicatorVersion, names: Mapping[str, str]
) -> ChangeLine:
    return ChangeLine(
        line=row["line"],
        structure=row["structure"],
        name=names.get(row["structure"], row["structure"]),
        title=version.title,
        period=row["period"],
        cut=row["cut"],
        before=written_value(version, row["before"]),
        after=written_value(version, row["after"]),
        batch=row["batch"],
    )


def published_line(
    row: dict[str, Any], version: IndicatorVersion, names: Mapping[str, str]
) -> PublishedLine:
    return PublishedLine(
        name=names.get(row["place"], row["place"]),
        title=version.title,
        period=row["period"],
        before=written_value(version, row["before"]) if row["before"] else "pas de chiffre",
        after=written_value(version, row["after"]),
    )


def written_value(version: IndicatorVersion, counters: Sequence[int]) -> str:
    """« 82,4 % (412 / 500) »."""
    counted = tuple(counters)
    return f"{value_in_words(version.definition, counted)} ({written_counters(counted)})"


def written_counters(counters: tuple[int, ...]) -> str:
    """« 412 / 500 »."""
    return " / ".join(grouped(counter) for counter in counters)


def versions_of(keys: set[tuple[str, int]]) -> dict[tuple[str, int], IndicatorVersion]:
    found = IndicatorVersion.objects.filter(indicator__code__in={code for code, _ in keys})
    return {(one.indicator.code, one.number): one for one in found.select_related("indicator")}


@dataclass(frozen=True)
class NetworkLine:
    """What one network sent: how much waits, and when something was last accepted."""

    network: Network
    grains: int
    waiting: int
    accepted: int
    last_accepted: Any


def network_lines(user: object) -> list[NetworkLine]:
    """Networks that send or may send, in two queries; those without a grain or a batch last."""
    batches = Q(batches__outcome=Outcome.ACCEPTED, batches__withdrawn_at__isnull=True)
    found = networks_read(user).annotate(
        accepted=Count("batches", filter=batches, distinct=True),
        waiting=Count("batches", filter=Q(batches__outcome=Outcome.TO_CONFIRM), distinct=True),
        last_accepted=Max("batches__settled_at", filter=batches),
    )
    held = grains_on(
        Grain.objects.all(), timezone.localdate(), lambda one: (one.network_id, one.version_id)
    )
    sent = Counter(network for network, _ in held)
    lines = [
        NetworkLine(one, sent[one.pk], one.waiting, one.accepted, one.last_accepted)
        for one in found.order_by("name")
    ]
    return sorted(lines, key=lambda line: not (line.grains or line.accepted or line.waiting))
