"""A figure of a handful of cases is told, and never put forward."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.models import IndicatorVersion
from guichet.publication.posters.content import chosen
from guichet.publication.published import territory_results
from guichet.publication.published.figures import Figure
from guichet.publication.published.structure_results import IndicatorResult, reading_order
from guichet.publication.published.territory_figures import ShownFigure
from guichet.publication.result_pages.result_blocks import method_of
from guichet.publication.result_pages.structure_charts import has_chart


def figure(part, whole, period="2026-Q3"):
    return Figure(
        period=period,
        cut="",
        state="published",
        is_to_date=False,
        value=Decimal(100 * part) / whole,
        low=None,
        high=None,
        expected=1,
        received=1,
        counters=(part, whole),
        target="",
        departement=None,
        nation=None,
        previous=None,
        year_before=None,
    )


def result(title, standing, part, whole, family="performance"):
    version = SimpleNamespace(
        title=title,
        public_title=title,
        family=family,
        kind=Kind.SHARE.value,
        target=None,
        definition=SimpleNamespace(kind=Kind.SHARE, minimum=1, is_sample=False),
    )
    return IndicatorResult(
        version=version,
        network=SimpleNamespace(code="caf"),
        standing=standing,
        place=SimpleNamespace(name="Nord", level="departement"),
        latest=figure(part, whole),
    )


@pytest.fixture
def results():
    return [
        result("Récits répondus", "own", 4, 4),
        result("Récits répondus vite", "own", 3, 3),
        result("Dossiers à temps", "above", 17_288, 26_284),
        result("Appels pris", "above", 800, 1_000),
        result("Usagers satisfaits", "above", 2_001, 3_001, family="satisfaction"),
    ]


def test_a_page_of_results_begins_with_figures_that_can_be_compared(results):
    titles = [one.version.title for one in sorted(results, key=reading_order)]
    assert titles[0] == "Usagers satisfaits"
    assert titles[-2:] == ["Récits répondus", "Récits répondus vite"]


def test_a_poster_prefers_figures_that_can_be_compared(results):
    titles = [one.version.title for one in chosen(results)]
    assert titles == ["Usagers satisfaits", "Appels pris", "Dossiers à temps"]


def test_an_opinion_of_few_persons_does_not_lead_a_poster(results):
    few = result("Usagers satisfaits", "own", 3, 4, family="satisfaction")
    kept = chosen([few, *results[2:4]])
    assert [one.version.title for one in kept] == [
        "Appels pris",
        "Dossiers à temps",
        "Usagers satisfaits",
    ]


def test_a_poster_without_others_shows_figures_of_few_cases(results):
    assert [one.version.title for one in chosen(results[:2])] == [
        "Récits répondus",
        "Récits répondus vite",
    ]


def test_a_series_of_few_cases_at_a_time_is_not_drawn(results):
    def with_points(whole):
        found = results[0]
        found.__dict__["points"] = tuple(
            figure(whole - 1, whole, f"2026-0{month}") for month in (1, 2, 3)
        )
        return found

    assert not has_chart(with_points(9))
    assert has_chart(with_points(10))


@pytest.mark.django_db
def test_a_mean_of_a_sample_has_few_cases_under_thirty(release):
    version = IndicatorVersion.objects.get(indicator__code="delai-moyen")
    version.nature = "sample"
    told = replace(figure(1, 1), counters=(290, 5_000, 29))
    assert told.has_few_cases(version.definition)
    assert not replace(told, counters=(300, 5_000, 30)).has_few_cases(version.definition)
    assert "Il faut au moins 10 cas pour publier, 30 cas pour comparer." in spaced(version)


def spaced(version):
    return [one.replace("\u00a0", " ") for one in method_of(version)]


def test_a_network_of_a_territory_begins_with_figures_that_can_be_compared(results):
    def shown(one):
        return ShownFigure("caf", (one.version.title, 1), one.latest, None, None)

    ordered = sorted(
        results, key=lambda one: territory_results.reading_order(shown(one), one.version)
    )
    titles = [one.version.title for one in ordered]
    assert titles[0] == "Usagers satisfaits"
    assert titles[-2:] == ["Récits répondus", "Récits répondus vite"]
