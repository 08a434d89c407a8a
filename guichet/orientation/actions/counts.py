"""The calls of the France Services number, sent as counts to the indicators.

Owns the place that answers in each département, and what of a call is counted; refuses calls
from nowhere known: they belong to no département. The number is run by département (answer of
the minister published on 3 February 2022).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from guichet.core.periods import PeriodKind, code_of
from guichet.core.text import folded
from guichet.directory.models import Level, Network, Structure, StructureKind
from guichet.indicators.collecting import CountRow, submit_counts
from guichet.indicators.models import Batch, Grain, IndicatorVersion
from guichet.orientation.collectors import CALLS, DailyCounters, daily_counters
from guichet.orientation.models import DeskCall
from guichet.territories.models import Commune, Departement

SOURCE = "orientation"
INDICATOR, VERSION = "orientation-telephone", 1
KIND = "france_services"
HELPED = (DeskCall.Outcome.ANSWERED, DeskCall.Outcome.TRANSFERRED)
COUNTED_BACK_DAYS = 62
"""Two months at least: a call undone or noted late changes what was sent."""


def submit_calls(today: date | None = None) -> Batch | None:
    """Send the months that are over and whose counts changed; None when there is nothing new."""
    today = today or timezone.localdate()
    since = (today - timedelta(days=COUNTED_BACK_DAYS)).replace(day=1)
    calls = [one for one in daily_counters(since, today) if one.event == CALLS and one.departement]
    kind = StructureKind.objects.select_related("network").filter(code=KIND).first()
    if not calls or kind is None or kind.network is None:
        return None
    rows = list(monthly_rows(calls, answering_places(kind, {one.departement for one in calls})))
    declare_grain(kind.network, min(row.period for row in rows))
    return submit_counts(source=SOURCE, network=kind.network, rows=rows)


def monthly_rows(calls: list[DailyCounters], places: dict[str, str]) -> Iterator[CountRow]:
    """One row for each département and month: calls that were helped, calls noted."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for one in calls:
        key = places[one.departement], code_of(PeriodKind.MONTH, one.day)
        found.setdefault(key, Counter()).update(one.counters)
    for (place, month), counted in sorted(found.items()):
        helped = sum(counted[outcome] for outcome in HELPED)
        yield CountRow(INDICATOR, VERSION, place, month, (helped, counted["calls"]))


@transaction.atomic
def answering_places(kind: StructureKind, departements: set[str]) -> dict[str, str]:
    """The code of the place that answers the number in each département, created when needed."""
    codes = {departement: f"numero-france-services-{departement}" for departement in departements}
    known = set(Structure.objects.filter(code__in=codes.values()).values_list("code", flat=True))
    for departement in Departement.objects.filter(code__in=departements):
        code = codes[departement.code]
        if code not in known:
            create_place(code, departement, kind)
    return codes


def create_place(code: str, departement: Departement, kind: StructureKind) -> None:
    """A départemental level receives nobody: no search of places gives it."""
    name = f"Numéro France Services – {departement.name}"
    town = Commune.objects.whole().filter(departement=departement).order_by("-population").first()
    place = Structure.objects.create(
        code=code,
        name=name,
        search_name=folded(name),
        kind=kind,
        network=kind.network,
        level=Level.DEPARTEMENT,
        commune=town,
        source=SOURCE,
        checked_on=timezone.localdate(),
        path="0",
    )
    Structure.objects.filter(pk=place.pk).update(path=str(place.pk))


def declare_grain(network: Network, first_month: str) -> None:
    """Each département, each month, from the first month counted on."""
    version = IndicatorVersion.objects.get(indicator__code=INDICATOR, number=VERSION)
    if not Grain.objects.filter(network=network, version=version).exists():
        Grain.objects.create(
            network=network,
            version=version,
            level=Level.DEPARTEMENT,
            period_kind=PeriodKind.MONTH.value,
            source=SOURCE,
            first_period=first_month,
            publication_level=Level.DEPARTEMENT,
        )
