"""Stories answered and how long answers took, sent as counts to the indicators.

Owns which story counts for which site and month; refuses structures that are no sites (the grain is
the site's: a story told to a head office is on its page, not in its indicator) and networks whose
grain has another source.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import Min, Q
from django.utils import timezone

from guichet.core.periods import Period, PeriodKind, code_of, period, periods_between, previous
from guichet.directory.models import Level, Network, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.experiences.models import Addressee, Passage, State
from guichet.indicators.collecting import CountRow, submit_counts
from guichet.indicators.models import Batch, Grain, IndicatorVersion

SOURCE = "experiences"
ANSWERED, DELAY = "experiences-repondues", "delai-premiere-reponse"
VERSION = 1
COUNTED_BACK = 12
"""Months counted again: a late answer, or a story taken back, changes what was sent."""


class Cell(NamedTuple):
    structure: int
    month: str


def submit_experiences(today: date | None = None) -> list[Batch]:
    """Send, network by network, the months that are over and whose counts changed."""
    today = today or timezone.localdate()
    sent = []
    for network, first_day in networks_with_stories():
        months = months_to_count(first_day, today)
        if not months or not counts_here(network, months[0]):
            continue
        rows = [*rows_of(network, months)]
        batch = submit_counts(source=SOURCE, network=network, rows=rows)
        if batch is not None:
            sent.append(batch)
    return sent


def networks_with_stories() -> Iterator[tuple[Network, date]]:
    """Networks to which a story was ever addressed, with the day of the first one."""
    networks = Network.objects.annotate(first=Min("addressed__experience__published_at"))
    for network in networks.filter(first__isnull=False).order_by("code"):
        yield network, timezone.localdate(network.first)


def months_to_count(first_day: date, today: date) -> list[str]:
    """The latest that are over, from that of `first_day` on."""
    last = period(previous(code_of(PeriodKind.MONTH, today)))
    start = period(code_of(PeriodKind.MONTH, first_day)).first_day
    return periods_between(PeriodKind.MONTH, start, last.last_day)[-COUNTED_BACK:]


def counts_here(network: Network, first_month: str) -> bool:
    """Declare the grains that nobody declared: each site, each month. False when another source
    sends one of these indicators for the network."""
    for version in versions():
        grain, _ = Grain.objects.get_or_create(
            network=network,
            version=version,
            defaults={
                "level": Level.SITE,
                "period_kind": PeriodKind.MONTH.value,
                "source": SOURCE,
                "first_period": first_month,
                "publication_level": Level.SITE,
            },
        )
        if grain.source != SOURCE:
            return False
    return True


def versions() -> list[IndicatorVersion]:
    found = IndicatorVersion.objects.filter(indicator__code__in=(ANSWERED, DELAY), number=VERSION)
    return list(found.select_related("indicator"))


def rows_of(network: Network, months: list[str]) -> Iterator[CountRow]:
    """Both indicators, month by month: of every site open then, those without a story too, since
    none told is not missing; of the others, where something counted or may have counted."""
    first = max(grain_start(network), months[0])
    months = [month for month in months if month >= first]
    if not months:
        return
    told = stories_by_cell(network, months)
    delays, bounds = delays_by_cell(network, months), delay_bounds()
    codes = dict(sites(network).values_list("pk", "code"))
    expected = {Cell(pk, month) for month in months for pk in sites_during(network, month)}
    for cell in sorted(expected | told.keys() | delays.keys() | moved_cells(network, months)):
        code = codes.get(cell.structure)
        if code is None:
            continue
        answered, addressed = told.get(cell, (0, 0))
        yield CountRow(ANSWERED, VERSION, code, cell.month, (answered, addressed))
        buckets = Counter(bisect_left(bounds, days) for days in delays.get(cell, ()))
        counters = tuple(buckets[rank] for rank in range(len(bounds) + 1))
        yield CountRow(DELAY, VERSION, code, cell.month, counters)


def grain_start(network: Network) -> str:
    grains = Grain.objects.filter(network=network, version__in=versions())
    return max(grains.values_list("first_period", flat=True))


def delay_bounds() -> list[int]:
    """Upper bounds of the buckets, in days; the last bucket is open."""
    found = IndicatorVersion.objects.get(indicator__code=DELAY, number=VERSION)
    return [int(bound) for bound in found.bounds]


def stories_by_cell(network: Network, months: list[str]) -> dict[Cell, tuple[int, int]]:
    """By month of publication: stories answered, stories addressed. What was taken back counts
    nothing, and is sent: it may have counted."""
    found: dict[Cell, tuple[int, int]] = {}
    start, end = span(months)
    rows = Addressee.objects.filter(
        network=network, structure__level=Level.SITE, experience__published_at__range=(start, end)
    ).values_list("structure_id", "experience__published_at", "experience__state", "first_reply_at")
    for structure, at, state, replied in rows.iterator():
        cell = Cell(structure, month_of(at))
        answered, addressed = found.get(cell, (0, 0))
        counts = state == State.PUBLISHED
        found[cell] = (answered + int(counts and replied is not None), addressed + int(counts))
    return found


def delays_by_cell(network: Network, months: list[str]) -> dict[Cell, list[int]]:
    """By month of the first answer: days of the calendar since the publication."""
    found: dict[Cell, list[int]] = {}
    start, end = span(months)
    rows = Addressee.objects.filter(
        network=network, structure__level=Level.SITE, first_reply_at__range=(start, end)
    ).values_list("structure_id", "experience__published_at", "experience__state", "first_reply_at")
    for structure, at, state, replied in rows.iterator():
        delays = found.setdefault(Cell(structure, month_of(replied)), [])
        if state == State.PUBLISHED and at is not None:
            days = (timezone.localdate(replied) - timezone.localdate(at)).days
            delays.append(max(0, days))
    return found


def moved_cells(network: Network, months: list[str]) -> set[Cell]:
    """Sites that passed a story on: it may have counted for them."""
    start, end = span(months)
    passed = Passage.objects.filter(
        outcome=Passage.Outcome.ACCEPTED,
        origin__network=network,
        addressee__experience__published_at__range=(start, end),
    ).values_list("origin_id", "addressee__experience__published_at")
    return {Cell(origin, month_of(at)) for origin, at in passed}


def month_of(at: datetime | None) -> str:
    """In local time; the queries give no story without its instant."""
    assert at is not None
    return code_of(PeriodKind.MONTH, timezone.localdate(at))


def span(months: list[str]) -> tuple[datetime, datetime]:
    """From the first instant of the first month to the last of the last, in local time."""
    first, last = period(months[0]).first_day, period(months[-1]).last_day
    return (
        timezone.make_aware(datetime.combine(first, time.min)),
        timezone.make_aware(datetime.combine(last, time.max)),
    )


def sites(network: Network) -> StructureQuerySet:
    return Structure.objects.filter(network=network, level=Level.SITE)


def sites_during(network: Network, month: str) -> Iterator[int]:
    """Sites open during the whole month: those that the grain expects."""
    whole: Period = period(month)
    found = sites(network).filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=whole.first_day),
        Q(closed_on__isnull=True) | Q(closed_on__gte=whole.last_day),
    )
    yield from found.values_list("pk", flat=True)
