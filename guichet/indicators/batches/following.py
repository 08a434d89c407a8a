"""Who has sent what: for each indicator and period due, how many places answered, who is missing.

Owns what is expected of a network (`docs/methods/observation.md`, § 7); refuses HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from guichet.core.periods import PeriodKind
from guichet.core.words import counted
from guichet.directory.models import Network, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.indicators.batches.dues import Due, dues
from guichet.indicators.counted_rows import Place, Wanted, places_having_sent
from guichet.indicators.models import Grain
from guichet.indicators.models.definitions import NETWORK_SOURCE

STATES = {
    "late": "en retard",
    "partial": "incomplet",
    "waiting": "attendu",
    "received": "reçu",
    "nothing": "rien à envoyer",
}


@dataclass(frozen=True)
class Followed:
    """One grain and one period: `expected` places, those of them that sent, and the others."""

    grain: Grain
    due: Due
    expected: int
    received: int
    missing: tuple[str, ...]
    today: date

    @property
    def state(self) -> str:
        if not self.expected:
            return "nothing"
        if not self.missing:
            return "received"
        if self.due.days_late(self.today) > 0:
            return "late"
        return "partial" if self.received else "waiting"

    @property
    def state_words(self) -> str:
        return STATES[self.state]

    @property
    def days_late(self) -> int:
        return max(0, self.due.days_late(self.today))

    @property
    def coverage(self) -> str:
        """« 12 sur 13 »."""
        return f"{counted(self.received, '', '').strip()} sur {self.expected}"


def grains_sent(network: Network) -> list[Grain]:
    """Those of which the network sends files, by title."""
    return list(
        Grain.objects.filter(network=network, source=NETWORK_SOURCE)
        .exclude(version__indicator__retired_on__isnull=False)
        .select_related("version__indicator", "network")
        .order_by("version__title", "first_period")
    )


def followed(
    network: Network, today: date, *, scopes: Iterable[Structure] | None = None
) -> list[Followed]:
    """The latest periods of each grain; within `scopes` only, when given."""
    asked = [
        (grain, due)
        for grain in grains_sent(network)
        for due in dues(
            PeriodKind(grain.period_kind),
            grain.first_period,
            grain.ended_on,
            grain.due_days,
            today=today,
        )
    ]
    return answered(network, asked, today, scopes)


def followed_period(
    grain: Grain, due: Due, today: date, *, scopes: Iterable[Structure] | None = None
) -> Followed:
    return answered(grain.network, [(grain, due)], today, scopes)[0]


def answered(
    network: Network,
    asked: Sequence[tuple[Grain, Due]],
    today: date,
    scopes: Iterable[Structure] | None,
) -> list[Followed]:
    """In four queries and one reading of the lake, whatever is asked."""
    if not asked:
        return []
    wanted = [wanted_of(grain, due) for grain, due in asked]
    sent = places_having_sent(network, wanted)
    places = places_of(network, {one.level for one in wanted}, scopes)
    lines = []
    for (grain, due), one in zip(asked, wanted, strict=True):
        expected = [place.code for place in places if place.is_expected(one)]
        missing = tuple(code for code in expected if code not in sent[one.key])
        received = len(expected) - len(missing)
        lines.append(Followed(grain, due, len(expected), received, missing, today))
    return lines


def wanted_of(grain: Grain, due: Due) -> Wanted:
    return Wanted(
        indicator=grain.version.indicator.code,
        version=grain.version.number,
        level=grain.level,
        period=due.period.code,
        first_day=due.period.first_day,
        last_day=due.period.last_day,
    )


def places_of(
    network: Network, levels: set[str], scopes: Iterable[Structure] | None
) -> list[Place]:
    found = within(Structure.objects.filter(network=network, level__in=levels), scopes)
    rows = found.order_by("name", "code").values_list("code", "level", "opened_on", "closed_on")
    return [Place(*row) for row in rows]


def within(found: StructureQuerySet, scopes: Iterable[Structure] | None) -> StructureQuerySet:
    """`found`, under one of `scopes`; all of it when there are none to hold to."""
    if scopes is None:
        return found
    condition = Q(pk__in=[])
    for scope in scopes:
        condition |= Q(path__descendants=scope.path)
    return found.filter(condition)


def rows_by_period(lines: Iterable[Followed]) -> Iterator[list[str]]:
    """A CSV file of who sent what: a line for each indicator and period."""
    yield [
        "indicateur",
        "version",
        "intitule",
        "periode",
        "attendu_le",
        "etat",
        "attendus",
        "recus",
        "manquants",
    ]
    for line in lines:
        version = line.grain.version
        yield [
            version.indicator.code,
            str(version.number),
            version.title,
            line.due.period.code,
            line.due.due_on.isoformat(),
            line.state_words,
            str(line.expected),
            str(line.received),
            str(len(line.missing)),
        ]


def missing_rows(line: Followed) -> Iterator[list[str]]:
    """A CSV file of the places that are missing for one indicator and period."""
    yield ["indicateur", "version", "periode", "structure", "nom", "ville"]
    version = line.grain.version
    places = Structure.objects.filter(network=line.grain.network, code__in=line.missing)
    for code, name, town in places.order_by("name", "code").values_list("code", "name", "town"):
        version_number = str(version.number)
        yield [version.indicator.code, version_number, line.due.period.code, code, name, town]
