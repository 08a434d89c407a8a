"""The fictional observations in the platform: sent, published, corrected, commented, displayed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guichet.directory.models import Network, Role, Structure
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import StructureFactory, lille, someone
from guichet.indicators.models import Batch, FigureComment, Grain, Outcome
from guichet.publication.models import CorrectedFigure, DisplayConfirmation, PlaceFigures, Release
from guichet.territories.tests.factories import CommuneFactory
from guichet.web.demo import observations
from guichet.web.demo.measures import PLANS, Site, truth
from guichet.web.demo.people import ANSWERED

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_calendar_of_whole_months_up_to_the_last() -> None:
    calendar = observations.calendar_of(date(2026, 11, 22))
    assert calendar.first_day == date(2023, 11, 1)
    assert calendar.edition == date(2026, 7, 31)
    assert calendar.last_day == date(2026, 10, 31)
    monthly = next(plan for plan in PLANS if plan.period == "month")
    quarterly = next(plan for plan in PLANS if plan.period == "quarter")
    assert len(calendar.periods(monthly)) == 36
    assert calendar.periods(quarterly)[0] == "2024-Q1"
    assert calendar.periods(quarterly)[-1] == "2026-Q3"


@pytest.fixture
def country(settings: Any, tmp_path: Path) -> None:
    """Three agencies, three prefectures under their directions, one France services house."""
    settings.LAKE = tmp_path / "lake"
    settings.DEMONSTRATION = True
    load_reference()
    home = lille()
    towns = [home, *(CommuneFactory(population=90_000, departement=home.departement) for _ in "ab")]
    for kind, network in (("france_travail", "france-travail"), ("prefecture", "prefectures")):
        for number, town in enumerate(towns):
            direction = StructureFactory(
                code=f"{kind}-direction-{number}",
                level="departement",
                network=Network.objects.get(code=network),
                commune=town,
            )
            site = StructureFactory(
                code=f"{kind}-{number}",
                network=direction.network,
                commune=town,
                parent=direction,
                path=f"{direction.path}.{number + 1}",
            )
            Structure.objects.filter(pk=site.pk).update(path=f"{direction.path}.{site.pk}")
    house = StructureFactory(
        code=ANSWERED, network=Network.objects.get(code="france-services"), commune=home
    )
    someone(Role.ADMINISTRATOR, email=observations.LEAD)
    someone(Role.PUBLISHER, email=observations.PUBLISHER)
    someone(Role.MANAGER, house, email=observations.MANAGER)


@pytest.mark.usefixtures("country")
def test_two_editions_with_a_correction_a_comment_and_a_poster(monkeypatch: Any) -> None:
    monkeypatch.setattr(observations, "MONTHS", 15)
    observations.make_observations()
    assert set(Batch.objects.values_list("outcome", flat=True)) == {Outcome.ACCEPTED}
    first, second = Release.objects.order_by("through")
    assert (first.is_current, second.is_current) == (False, True)
    assert first.is_demonstration
    assert second.previous == first
    corrected = CorrectedFigure.objects.filter(release=second, indicator="taux-decroche")
    assert corrected.filter(level="structure", place="france_travail-0", what="changed").exists()
    assert DisplayConfirmation.objects.get().structure.code == ANSWERED
    assert FigureComment.objects.get().structure.code == ANSWERED
    before = Batch.objects.count()
    assert observations.make_observations() == "déjà faites"
    assert Batch.objects.count() == before

    late = Grain.objects.get(network__code=observations.LATE, period_kind="month")
    assert late.publication_level == "departement"
    last_month = f"{second.through:%Y-%m}"
    sent = {
        content[2]
        for batch in Batch.objects.filter(network__code=observations.LATE)
        for content in batch.contents
    }
    assert last_month not in sent

    published = figures_of("france_travail-1", "taux-decroche")
    plan = next(plan for plan in PLANS if plan.key == observations.WRONG)
    site = Site("france_travail-1", 90_000)
    for period, value, whole in published:
        expected = 100 * truth(plan, site, period, first_year_of(second))
        assert abs(value - expected) <= 4 * 50 / whole**0.5 + 0.1


def first_year_of(release: Release) -> int:
    months = release.through.year * 12 + release.through.month - 15
    return months // 12


def figures_of(place: str, indicator: str) -> list[tuple[str, float, int]]:
    """(month, published value, whole) of a place in the current release."""
    rows = PlaceFigures.objects.filter(
        part__releases__is_current=True,
        part__indicator=indicator,
        level="structure",
        place=place,
    )
    return [
        (item["period"], float(item["value"]), int(item["counters"].split("|")[1]))
        for row in rows
        for item in row.figures
        if len(item["period"]) == 7 and "Q" not in item["period"] and "value" in item
    ]
