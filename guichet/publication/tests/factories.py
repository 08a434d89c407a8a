"""Releases for tests: the worked example of `docs/methods/observation.md`, as pages read it."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from guichet.indicators.models import Family, IndicatorVersion
from guichet.indicators.tests.observation_example import EXAMPLE, load_definitions, table
from guichet.publication.models import (
    CorrectedFigure,
    Part,
    PlaceFigures,
    PoolMember,
    Release,
    ReleasePart,
)
from guichet.publication.tests.reading_pages import forget_kept

WORDS = {
    "decroche": (
        "Un agent décroche quand vous appelez",
        {"part": "appels décrochés", "whole": "appels reçus"},
    ),
    "satisfaction": (
        "Les usagers sont satisfaits",
        {"part": "usagers satisfaits", "whole": "usagers interrogés"},
    ),
    "accuse-delai": (
        "Vous recevez à temps un accusé de réception",
        {"part": "accusés envoyés à temps", "whole": "demandes reçues"},
    ),
    "delai-moyen": (
        "Le temps moyen pour traiter un dossier",
        {"sum": "jours", "sum_squares": "carrés", "count": "dossiers"},
    ),
}
COUNTED = ("network", "indicator", "version", "level", "place", "period", "cut")


class ReleaseFactory(DjangoModelFactory):
    """A published edition; `current` is the one that readers see."""

    class Meta:
        model = Release

    class Params:
        current = factory.Trait(is_current=True)

    name = factory.Sequence(lambda n: f"edition-{n}")
    state = Release.State.PUBLISHED
    frozen_on = date(2026, 5, 25)
    through = date(2026, 4, 30)
    published_at = datetime(2026, 5, 26, 9, tzinfo=UTC)
    identity = "5" * 64
    engine = "duckdb"


class PartFactory(DjangoModelFactory):
    class Meta:
        model = Part

    digest = factory.Sequence(lambda n: f"{n:064x}")
    network = "REL"
    indicator = "satisfaction"
    version = 1
    year = 2026
    files = factory.LazyFunction(lambda: {"rows": "0" * 64})


def item_of(row: dict[str, str], counters: str) -> dict[str, str]:
    """A line of `figures.csv` as the serving tables hold it."""
    wanted = list(row)[list(row).index("period") :]
    item = {name: row[name] for name in wanted if row[name]}
    return {**item, "counters": counters} if counters else item


def add_part(release: Release, key: tuple[str, str, str, str, bool], files: dict) -> Part:
    network, indicator, version, year, is_declared = key
    part = PartFactory(
        network=network,
        indicator=indicator,
        version=int(version),
        year=int(year),
        is_declared=is_declared,
        files=files,
        digest=hashlib.sha256("|".join(map(str, key)).encode()).hexdigest(),
    )
    ReleasePart.objects.create(release=release, part=part)
    return part


def example_release(**fields) -> Release:
    """The release « 2026-04 » of the worked example, current, with its definitions in words."""
    forget_kept()
    load_definitions("structures.csv")
    for code, (title, words) in WORDS.items():
        IndicatorVersion.objects.filter(indicator__code=code).update(
            public_title=title, counter_words=words, expected_age_days=120
        )
    IndicatorVersion.objects.filter(indicator__code="satisfaction").update(
        family=Family.SATISFACTION
    )
    release = ReleaseFactory(**{"name": "2026-04", "current": True, **fields})
    serve_example(release)
    return release


def serve_example(release: Release) -> None:
    """Its expected files, in the serving tables."""
    counters = {tuple(row[name] for name in COUNTED): row for row in table("expected_rows.csv")}
    places: defaultdict = defaultdict(lambda: defaultdict(list))
    for row in table("expected_figures.csv"):
        counted = counters.get(tuple(row[name] for name in COUNTED), {})
        is_declared = row["state"] == "declared"
        key = (row["network"], row["indicator"], row["version"], row["period"][:4], is_declared)
        places[key][(row["level"], row["place"])].append(item_of(row, counted.get("counters", "")))
    hashes = hashes_of_example()
    pools = table("expected_pools.csv")
    for key, figures in places.items():
        network, indicator, version, year, is_declared = key
        name = f"{network}/{indicator}.{version}/{year}.csv"
        part = add_part(release, key, {} if is_declared else {"rows": hashes[name]})
        PlaceFigures.objects.bulk_create(
            PlaceFigures(part=part, level=level, place=place, figures=items)
            for (level, place), items in figures.items()
        )
        PoolMember.objects.bulk_create(
            PoolMember(part=part, pool=row["pool"], member=row["member"])
            for row in pools
            if (row["network"], row["indicator"], row["version"], row["year"]) == key[:4]
            and not is_declared
        )
    CorrectedFigure.objects.bulk_create(
        CorrectedFigure(release=release, **row) for row in table("expected_corrections.csv")
    )


def declare_aim(value: str) -> None:
    """The declared mean time of the example is `value`, and its source aims at 10 days."""
    item = {"state": "declared", "period": "2026-Q1", "value": value}
    aim = {"aimed_at": "10", "aimed_for": "2026-Q4"}
    PlaceFigures.objects.filter(part__is_declared=True).update(figures=[item | aim])
    forget_kept()


def hashes_of_example() -> dict[str, str]:
    with (EXAMPLE / "expected_hash.txt").open(encoding="utf-8") as lines:
        pairs = list(csv.reader(lines, delimiter=" ", skipinitialspace=True))
    return {name: sha256 for sha256, name in pairs}
