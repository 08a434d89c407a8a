"""Every kind of indicator, over two years, weeks too, goes out and recomputes both ways."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from guichet.core.periods import PeriodKind, periods_between
from guichet.indicators.models import DeclaredValue, IndicatorVersion
from guichet.indicators.tests.batch_files import accepted_batch
from guichet.indicators.tests.factories import (
    BatchFactory,
    GrainFactory,
    IndicatorFactory,
    VersionFactory,
)
from guichet.indicators.tests.observation_example import load_definitions
from guichet.publication.models import Part, PlaceFigures
from guichet.publication.tests.small_releases import publish

pytestmark = pytest.mark.django_db
SITES = [f"S{number:02}" for number in range(1, 14)]
FIRST_DAY, THROUGH = date(2025, 1, 1), date(2026, 3, 31)
FROZEN_ON = date(2026, 4, 15)
BOUNDS = [Decimal(7), Decimal("15.5"), Decimal(30)]
SOURCE = '=2+3, rapport « accueil », "tome 2"'
KINDS = {
    "solde": {"kind": "net_share", "nature": "sample", "unit": "point"},
    "delai": {"kind": "mean", "nature": "sample", "unit": "day", "direction": "lower"},
    "delais": {
        "kind": "distribution",
        "nature": "sample",
        "bounds": BOUNDS,
        "reference_bound": BOUNDS[1],
        "direction": "none",
    },
    "visites": {"kind": "count", "direction": "none"},
    "en-ligne": {"kind": "share", "is_summed": False, "minimum": 1},
    "semaines": {"kind": "share", "minimum": 5},
    "coupes": {"kind": "share", "minimum": 5},
}


def counters(kind: str, draw: random.Random) -> tuple[int, ...]:
    whole = draw.choice([0, 3, 12, 40, 300])
    if kind == "count":
        return (whole,)
    if kind == "mean":
        cases = [draw.randint(0, 20) for _ in range(whole)]
        return sum(cases), sum(case * case for case in cases), whole
    if kind == "distribution":
        first, second = sorted([draw.randint(0, whole), draw.randint(0, whole)])
        return first, second - first, whole - second, draw.choice([0, 2])
    part = draw.randint(0, whole)
    return (part, draw.randint(0, whole - part), whole) if kind == "net_share" else (part, whole)


def rows_of(code: str, kind: str, draw: random.Random):
    period_kind = PeriodKind.WEEK if code == "semaines" else PeriodKind.MONTH
    for period in periods_between(period_kind, FIRST_DAY, THROUGH):
        for site in SITES:
            if draw.random() < 0.9:
                for cut in ["a", "b"] if code == "coupes" else [""]:
                    yield code, 1, site, period, cut, counters(kind, draw)


@pytest.fixture
def lake(settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    draw = random.Random(4)
    network = load_definitions("structures.csv")
    rows = []
    for code, fields in KINDS.items():
        version = VersionFactory(
            indicator=IndicatorFactory(code=code),
            counter_words={},
            target=None,
            margin=Decimal("0.5"),
            **fields,
        )
        GrainFactory(
            network=network,
            version=version,
            period_kind="week" if code == "semaines" else "month",
            first_period="2025-W02" if code == "semaines" else "2025-01",
            cuts=["a", "b"] if code == "coupes" else [],
            publication_level="departement" if code == "visites" else "site",
        )
        rows += list(rows_of(code, fields["kind"], draw))
    accepted_batch(network, 1, rows)
    DeclaredValue.objects.create(
        network=network,
        version=IndicatorVersion.objects.get(indicator__code="delai-moyen"),
        level="departement",
        place="59",
        period="2026-Q1",
        value=Decimal("12.4"),
        source=SOURCE,
        batch=BatchFactory(number=2, network=network, content="declared"),
    )
    return settings.LAKE


def test_each_kind_is_published_and_recomputed_both_ways(lake):
    publish("tout", through=THROUGH, frozen_on=FROZEN_ON)
    folder = lake / "releases" / "tout"
    checked = subprocess.run(
        [sys.executable, "verify.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    call_command("verify_release", "tout")
    years = {(part.indicator, part.year) for part in Part.objects.filter(is_declared=False)}
    assert years >= {(code, year) for code in KINDS for year in (2025, 2026)}
    distribution = PlaceFigures.objects.get(
        part__indicator="delais", part__year=2025, level="nation"
    )
    year = next(each for each in distribution.figures if each["period"] == "2025")
    assert [each["q"] for each in year["quantiles"]] == ["0.5", "0.9"]
    with (folder / "declared.csv").open(newline="") as lines:
        assert [line["source"] for line in csv.DictReader(lines)] == [f"'{SOURCE}"]
    declared = PlaceFigures.objects.get(part__is_declared=True)
    assert declared.figures == [
        {
            "period": "2026-Q1",
            "state": "declared",
            "value": "12.4",
            "source": SOURCE,
        }
    ]


def test_the_year_before_a_correction_is_computed_again_where_figures_depend_on_it(lake):
    first = publish("tout", through=THROUGH, frozen_on=FROZEN_ON)
    before = {(p.indicator, p.year): p.files for p in first.parts.filter(is_declared=False)}
    network = load_definitions("structures.csv")
    accepted_batch(network, 3, [("solde", 1, "S01", "2025-03", "", (100, 100, 200))])
    second = publish("corrigee", through=THROUGH, frozen_on=FROZEN_ON)
    after = {(p.indicator, p.year): p.files for p in second.parts.filter(is_declared=False)}
    assert {key for key in after if after[key]["rows"] != before[key]["rows"]} == {("solde", 2025)}
    assert {key for key in after if after[key]["figures"] != before[key]["figures"]} == {
        ("solde", 2025),
        ("solde", 2026),
    }
