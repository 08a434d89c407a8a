"""Pages of results at real sizes: sixty months, eight indicators, a network of 3,000 sites, fifteen
networks in a département."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from bench.figures import Figure, milliseconds

YEARS = range(2021, 2026)
INDICATORS = 8
NETWORKS = 15
SITES = 3_000
TARGET_MS = 40


def figures(*, full: bool) -> list[Figure]:
    from django.core.management import call_command
    from django.db import connection

    from guichet.publication.published import territory_figures

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)
    fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        page_figure("a site, eight indicators, sixty months", "/resultats/site-0-0/"),
        page_figure("a pooled site", "/resultats/site-0-1/"),
        page_figure(
            f"a network of {SITES:,} sites, by comparison",
            "/resultats/reseaux/banc-0/?tri=comparaison",
        ),
        page_figure(
            "a département, fifteen networks, that the process has not shown yet",
            "/resultats/territoires/59/",
            before=territory_figures.KEPT.clear,
        ),
        page_figure("the same, shown before", "/resultats/territoires/59/"),
        page_figure("services around, with their figures", "/resultats/?ou=Lille"),
        page_figure("a card", "/resultats/site-0-0/carte/"),
        page_figure(
            "a chart, once drawn", f"/resultats/site-0-0/graphiques/{code_of(0)}.svg", target=False
        ),
    ]


def page_figure(
    name: str, path: str, *, target: bool = True, before: Callable[[], None] = lambda: None
) -> Figure:
    """`before` each visit, it makes the process forget what it keeps."""
    import gzip

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})

    def visit() -> bytes:
        before()
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return bytes(response.content)

    weight_kb = len(gzip.compress(visit())) / 1024
    spent_ms = milliseconds(visit)
    processor_ms = milliseconds(visit, clock=time.process_time)
    with CaptureQueriesContext(connection) as queries:
        visit()
    return Figure(
        f"page of results, {name}, server time",
        f"{spent_ms:.0f} ms, {len(queries)} queries",
        f"{TARGET_MS} ms" if target else "",
        spent_ms < TARGET_MS if target else None,
        f"{processor_ms:.0f} ms of processor, PostgreSQL's apart; {weight_kb:.0f} kB compressed",
    )


def code_of(rank: int) -> str:
    return f"banc-indicateur-{rank}"


def fill() -> None:
    """A release whose serving tables are as full as those of the country."""
    from guichet.publication.models import Release

    release = Release.objects.create(
        name="banc",
        state=Release.State.PUBLISHED,
        is_current=True,
        frozen_on=date(2026, 1, 15),
        through=date(2025, 12, 31),
        published_at=datetime(2026, 1, 20, tzinfo=UTC),
    )
    make_definitions()
    for network in range(NETWORKS):
        make_network(release, network, sites=SITES if network == 0 else 20)


def make_definitions() -> None:
    from guichet.indicators.models import Indicator, IndicatorVersion

    for rank in range(INDICATORS):
        IndicatorVersion.objects.create(
            indicator=Indicator.objects.create(code=code_of(rank)),
            title=f"Indicateur de banc {rank}",
            public_title=f"Ce que vivent les usagers, {rank}",
            kind="share",
            family="satisfaction" if rank == 0 else "performance",
            nature="sample" if rank < 2 else "census",
            counter_words={"part": "usagers satisfaits", "whole": "usagers interrogés"},
            target=85 if rank % 2 else None,
        )


def make_network(release: Any, rank: int, *, sites: int) -> None:
    from guichet.directory.models import Network
    from guichet.indicators.models import Grain, IndicatorVersion

    network = Network.objects.create(code=f"banc-{rank}", name=f"Réseau de banc {rank}")
    make_structures(network, rank, sites)
    for version in IndicatorVersion.objects.filter(indicator__code__startswith="banc-"):
        Grain.objects.create(
            network=network,
            version=version,
            period_kind="month",
            first_period="2021-01",
            publication_level="site",
        )
        for year in YEARS:
            make_part(release, network.code, version, year, rank, sites)


def make_structures(network: Any, rank: int, sites: int) -> None:
    from guichet.directory.models import Structure, StructureKind
    from guichet.territories.models import Commune

    kind, _ = StructureKind.objects.get_or_create(
        code="banc", defaults={"label": "Guichet de banc"}
    )
    communes = list(
        Commune.objects.filter(departement__in=["59", "62"]).order_by("-population")[:900]
    )
    rows = [
        Structure(
            code=f"site-{rank}-{n}",
            name=f"Guichet de banc {rank} {n}",
            search_name=f"guichet de banc {rank} {n}",
            kind=kind,
            network=network,
            commune=communes[n % len(communes)],
            latitude=communes[n % len(communes)].latitude,
            longitude=communes[n % len(communes)].longitude,
            position_source="source",
            source="demonstration",
            path=f"{rank + 1}{n:06}",
        )
        for n in range(sites)
    ]
    Structure.objects.bulk_create(rows, batch_size=1000)


def make_part(release: Any, network: str, version: Any, year: int, rank: int, sites: int) -> None:
    """All sites of the latest year of the first indicators; of the others, what one page reads."""
    from guichet.publication.models import Part, PlaceFigures, PoolMember, ReleasePart

    name = f"{network}/{version.indicator.code}.1/{year}"
    part = Part.objects.create(
        digest=hashlib.sha256(name.encode()).hexdigest(),
        network=network,
        indicator=version.indicator.code,
        version=1,
        year=year,
        files={"rows": "0" * 64},
    )
    ReleasePart.objects.create(release=release, part=part)
    is_listed = year == max(YEARS) and version.indicator.code == code_of(0)
    shown = sites if is_listed else min(sites, 20)
    items = list(items_of(year))
    places = [("structure", f"site-{rank}-{n}") for n in range(shown) if n != 1]
    places += [("pool", "pool~banc"), ("departement", "59"), ("region", "32"), ("nation", "FR")]
    places += [("departement", f"{code:02}") for code in range(60, 96)]
    PlaceFigures.objects.bulk_create(
        (
            PlaceFigures(part=part, level=level, place=place, figures=items)
            for level, place in places
        ),
        batch_size=500,
    )
    PoolMember.objects.bulk_create(
        PoolMember(part=part, pool="pool~banc", member=member)
        for member in (f"site-{rank}-1", f"site-{rank}-2")
    )


def items_of(year: int) -> Iterator[dict[str, str]]:
    for period in periods_of(year):
        yield {
            "period": period,
            "state": "published",
            "value": "80.4",
            "low": "75.7",
            "high": "84.3",
            "expected": "3",
            "received": "3",
            "target": "not_met",
            "rest_departement": "73.9",
            "gap_departement": "6.4",
            "versus_departement": "no_clear_difference",
            "rest_nation": "81.8",
            "gap_nation": "-1.5",
            "versus_nation": "no_clear_difference",
            "change_previous": "1.2",
            "previous": "no_clear_change",
            "change_year": "3.9",
            "year_before": "improved",
            "counters": "262|326",
        }


def periods_of(year: int) -> Iterable[str]:
    months = [f"{year}-{month:02}" for month in range(1, 13)]
    return [str(year), *months, *(f"{year}-Q{quarter}" for quarter in range(1, 5))]
