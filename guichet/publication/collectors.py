"""The sites that display their results, sent as counts to the indicators.

Owns which site counts as displaying at the end of a quarter; refuses networks where nobody ever
confirmed anything: that nobody answered is no result of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from guichet.core.periods import Period, PeriodKind, code_of, period, periods_between, previous
from guichet.directory.models import Level, Network, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.indicators.collecting import CountRow, submit_counts
from guichet.indicators.models import Batch, Grain, IndicatorVersion
from guichet.publication.actions.displays import OLDEST
from guichet.publication.models import DisplayConfirmation

SOURCE = "displays"
INDICATOR, VERSION = "affichage-resultats", 1
COUNTED_BACK = 2
"""Quarters counted again: a withdrawal, or a day typed late, changes what was sent."""


def submit_displays(today: date | None = None) -> list[Batch]:
    """Send, network by network, the quarters that are over and whose counts changed."""
    today = today or timezone.localdate()
    sent = []
    for network, first_day in confirming_networks():
        quarters = quarters_to_count(first_day, today)
        if not quarters:
            continue
        declare_grain(network, code_of(PeriodKind.QUARTER, first_day))
        rows = [row for code in quarters for row in rows_of(network, period(code))]
        batch = submit_counts(source=SOURCE, network=network, rows=rows)
        if batch is not None:
            sent.append(batch)
    return sent


def confirming_networks() -> Iterator[tuple[Network, date]]:
    """Networks where a display was confirmed, with the first day of the first one."""
    networks = Network.objects.annotate(
        first_display=Min("structures__display_confirmations__displayed_on")
    )
    for network in networks.filter(first_display__isnull=False).order_by("code"):
        yield network, network.first_display


def quarters_to_count(first_day: date, today: date) -> list[str]:
    """The latest that are over, from that of `first_day` on."""
    start = period(code_of(PeriodKind.QUARTER, first_day)).first_day
    ended = periods_between(PeriodKind.QUARTER, start, period_before(today).last_day)
    return ended[-COUNTED_BACK:]


def period_before(today: date) -> Period:
    return period(previous(code_of(PeriodKind.QUARTER, today)))


def rows_of(network: Network, quarter: Period) -> Iterator[CountRow]:
    """1 out of 1 for each site that displays on the last day of the quarter, else 0 out of 1."""
    displaying = set(
        confirmed_on(quarter.last_day)
        .filter(structure__network=network)
        .values_list("structure_id", flat=True)
    )
    for pk, code in sites_on(network, quarter).values_list("pk", "code"):
        yield CountRow(INDICATOR, VERSION, code, quarter.code, (int(pk in displaying), 1))


def confirmed_on(day: date) -> QuerySet[DisplayConfirmation]:
    """Confirmations that hold on `day`: of the twelve months before, not withdrawn by then."""
    evening = timezone.make_aware(datetime.combine(day, time.max))
    return DisplayConfirmation.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=evening),
        displayed_on__range=(day - OLDEST, day),
    )


def sites_on(network: Network, quarter: Period) -> StructureQuerySet:
    """Sites open during the whole quarter: those that the grain expects."""
    return Structure.objects.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=quarter.first_day),
        Q(closed_on__isnull=True) | Q(closed_on__gte=quarter.last_day),
        network=network,
        level=Level.SITE,
    ).order_by("code")


def declare_grain(network: Network, first_quarter: str) -> None:
    """Each site, each quarter, from the first confirmation on."""
    version = IndicatorVersion.objects.get(indicator__code=INDICATOR, number=VERSION)
    Grain.objects.get_or_create(
        network=network,
        version=version,
        defaults={
            "level": Level.SITE,
            "period_kind": PeriodKind.QUARTER.value,
            "source": SOURCE,
            "first_period": first_quarter,
            "publication_level": Level.SITE,
        },
    )
