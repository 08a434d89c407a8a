"""What is shown of a structure, and under whose name: the worked example of the method."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.core.periods import PeriodKind
from guichet.directory.models import Structure
from guichet.indicators.models import FigureComment, Grain, IndicatorVersion
from guichet.indicators.tests.factories import GrainFactory, VersionFactory
from guichet.publication.models import CorrectedFigure, Part, PlaceFigures, PoolMember
from guichet.publication.published.queries import (
    current_release,
    key_figures,
    published_release,
    results_of_structure,
    results_of_territory,
    territory_named,
)
from guichet.publication.tests.factories import PartFactory, ReleaseFactory, example_release
from guichet.publication.tests.reading_pages import forget_kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return example_release()


def structure(code):
    return Structure.objects.select_related("network", "commune__departement__region").get(
        code=code
    )


def result_of(code, indicator, release):
    found = results_of_structure(structure(code), release).indicators
    return next(one for one in found if one.version.indicator.code == indicator)


def test_a_site_shows_its_own_figure_of_the_newest_whole_quarter(release):
    result = result_of("S01", "satisfaction", release)
    latest = result.latest
    assert (result.standing, result.place_label) == ("own", "Guichet fictif de Lille")
    assert (latest.period, latest.value, latest.counters) == (
        "2026-Q1",
        Decimal("80.4"),
        (262, 326),
    )
    assert (latest.low, latest.high) == (Decimal("75.7"), Decimal("84.3"))
    assert latest.departement.rest == Decimal("73.9")
    assert latest.departement.verdict == "no_clear_difference"


def test_plain_averages_of_the_same_period_stand_beside(release):
    result = result_of("S01", "satisfaction", release)
    assert result.departement.counters == (469, 606)
    assert result.region.counters == (586, 753)
    assert result.nation.counters == (1005, 1234)


def test_the_series_falls_back_to_months_while_quarters_are_few(release):
    series = result_of("S01", "satisfaction", release).series
    assert [one.period for one in series] == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_a_pooled_site_shows_its_pool_under_the_name_of_its_members(release):
    result = result_of("S04", "satisfaction", release)
    assert result.standing == "pool"
    assert [member.code for member in result.pool_members] == ["S02", "S04"]
    assert result.latest.counters == (93, 119)
    assert "Roubaix" in result.place_label


@pytest.mark.parametrize(
    ("members", "period"), [(("S02", "S04"), "2025-Q4"), (("S03", "S04"), "2026")]
)
def test_the_pool_of_another_year_is_told_only_with_the_same_members(release, members, period):
    keep_no_quarter_of_the_pool()
    pooled_in_2025(release, members)
    result = result_of("S04", "satisfaction", release)
    assert result.latest.period == period
    assert {one["period"][:4] for one in result.rows.items} == {"2026", period[:4]}
    site = structure("S04")
    first = key_figures([site], release)[site.pk][0]
    assert (first.version.indicator.code, first.figure.period) == ("satisfaction", period)


def keep_no_quarter_of_the_pool():
    pools = PlaceFigures.objects.filter(level="pool", part__indicator="satisfaction")
    for here in pools.filter(place="pool~REL-59~59"):
        here.figures = [one for one in here.figures if "Q" not in one["period"]]
        here.save()


def pooled_in_2025(release, members):
    """The group of the Nord as another year made it, under the same code."""
    part = PartFactory(year=2025)
    release.parts.add(part)
    figures = [{"period": "2025-Q4", "value": "50.0", "counters": "20|40"}]
    code = "pool~REL-59~59"
    PlaceFigures.objects.create(part=part, level="pool", place=code, figures=figures)
    PoolMember.objects.bulk_create(PoolMember(part=part, pool=code, member=one) for one in members)
    forget_kept()


def test_a_withheld_site_has_no_figure(release):
    result = result_of("S13", "satisfaction", release)
    assert (result.standing, result.latest) == ("withheld", None)


def test_what_is_published_by_departement_is_shown_under_that_name(release):
    result = result_of("S09", "accuse-delai", release)
    assert (result.standing, result.place.code) == ("above", "REL-63")
    assert result.place_label == "Direction du Puy-de-Dôme"
    assert result.latest.counters == (230, 250)
    assert [one.cut for one in result.cuts] == ["courrier", "en-ligne"]


def test_where_the_departement_is_pooled_the_region_stands_for_it(release):
    result = result_of("S01", "accuse-delai", release)
    assert (result.standing, result.place.key) == ("above", ("region", "32"))


def test_a_declared_value_of_the_territory_is_declared(release):
    result = result_of("S01", "delai-moyen", release)
    assert (result.standing, result.place.key) == ("declared", ("departement", "59"))
    assert (result.latest.value, result.part) == (Decimal("12.4"), None)


def test_a_site_that_sent_nothing_never_shows_its_territory_instead(release):
    PlaceFigures.objects.filter(level="structure", place="S05").delete()
    result = result_of("S05", "decroche", release)
    assert (result.standing, result.latest) == ("absent", None)


def test_a_newer_period_without_data_is_told(release):
    here = PlaceFigures.objects.get(
        level="structure", place="S05", part__indicator="decroche", part__is_declared=False
    )
    here.figures.append({"period": "2026-Q2", "state": "missing", "expected": "3", "received": "0"})
    here.save()
    result = result_of("S05", "decroche", release)
    assert (result.latest.period, result.newer_missing) == ("2026-Q1", "2026-Q2")


def test_comments_and_corrections_come_with_the_indicator(release):
    version = IndicatorVersion.objects.get(indicator__code="decroche")
    FigureComment.objects.create(
        structure=structure("S10"),
        version=version,
        period="2026-02",
        text="Ligne coupée deux jours.",
        signed_as="Directrice",
    )
    result = result_of("S10", "decroche", release)
    assert [one.text for one in result.comments] == ["Ligne coupée deux jours."]
    assert ("2026-02", "24.0", "82.0") in [
        (one.period, one.value_before, one.value_after) for one in result.corrections
    ]
    assert not result_of("S10", "satisfaction", release).comments


@pytest.mark.parametrize("period", ["2026-11", "2019-01"])
def test_a_comment_waits_until_its_figure_is_published(release, period):
    FigureComment.objects.create(
        structure=structure("S10"),
        version=IndicatorVersion.objects.get(indicator__code="decroche"),
        period=period,
        text="Nous n'avons pris que 12 appels.",
        signed_as="Directrice",
    )
    assert result_of("S10", "decroche", release).comments == ()


def test_a_comment_of_a_figure_not_received_is_not_shown(release):
    here = PlaceFigures.objects.get(
        level="structure", place="S05", part__indicator="decroche", part__is_declared=False
    )
    here.figures.append({"period": "2026-Q2", "state": "missing", "expected": "3", "received": "0"})
    here.save()
    FigureComment.objects.create(
        structure=structure("S05"),
        version=IndicatorVersion.objects.get(indicator__code="decroche"),
        period="2026-Q2",
        text="Le logiciel était en panne.",
        signed_as="Directrice",
    )
    assert result_of("S05", "decroche", release).comments == ()


def test_what_the_programme_measures_and_the_network_does_not_publish_is_listed(release):
    VersionFactory(indicator__code="ouverture-essai", title="Essai d'ouverture")
    results = results_of_structure(structure("S01"), release)
    titles = [one.title for one in results.unpublished]
    assert "Essai d'ouverture" in titles
    assert "Usagers satisfaits" not in titles


def test_a_structure_takes_as_many_queries_with_one_pool_or_none(
    release, django_assert_max_num_queries
):
    for code in ("S01", "S04", "S13", "REL-59"):
        found = structure(code)
        with django_assert_max_num_queries(12):
            results_of_structure(found, release)


def test_what_all_the_structures_of_a_territory_share_is_read_once(release):
    CorrectedFigure.objects.all().delete()
    first, _ = asked(release, "S01")
    second, result = asked(release, "S03")
    assert len(second) == len(first) - 3
    assert not any("correctedfigure" in sql for sql in second)
    assert result.departement.counters == (469, 606)


def asked(release, code):
    """The queries for one structure, and its satisfaction."""
    found = structure(code)
    with CaptureQueriesContext(connection) as captured:
        results = results_of_structure(found, release).indicators
    result = next(one for one in results if one.version.indicator.code == "satisfaction")
    return [query["sql"] for query in captured], result


def test_another_edition_never_shows_the_territories_of_the_one_before(release):
    other, shown = ReleaseFactory(name="2026-05"), result_of("S01", "satisfaction", release)
    part = Part.objects.get(pk=shown.part.pk)
    held = list(PlaceFigures.objects.filter(part=part))
    part.pk, part.digest = None, "f" * 64
    part.save()
    other.parts.add(part)
    for one in held:
        if one.place == "59":
            one.figures = [item | {"counters": "11|12"} for item in one.figures]
        one.pk, one.part = None, part
        one.save()
    assert result_of("S01", "satisfaction", other).departement.counters == (11, 12)
    assert result_of("S01", "satisfaction", release).departement.counters == (469, 606)


def test_corrections_of_later_editions_are_not_told(release):
    other = ReleaseFactory(name="2026-05", published_at=release.published_at + timedelta(days=30))
    other.parts.set(release.parts.all())
    told = {"network": "REL", "indicator": "decroche", "version": 1, "level": "structure"}
    CorrectedFigure.objects.all().delete()
    CorrectedFigure.objects.create(release=other, place="S10", period="2026-03", **told)
    assert result_of("S10", "decroche", release).corrections == ()
    assert len(result_of("S10", "decroche", other).corrections) == 1


def test_key_figures_of_a_list_take_the_same_queries_for_one_or_many(
    release, django_assert_num_queries
):
    placed = ("network", "commune__departement__region")
    many = list(Structure.objects.filter(level="site").select_related(*placed))
    with django_assert_num_queries(6):
        found = key_figures(many, release)
    forget_kept()
    with django_assert_num_queries(6):
        key_figures(many[:1], release)
    by_code = {one.code: found[one.pk] for one in many}
    assert [one.version.indicator.code for one in by_code["S01"]] == ["satisfaction", "decroche"]
    assert [one.is_pooled for one in by_code["S04"]] == [True, False]
    assert next(one.version.indicator.code for one in by_code["S13"]) == "decroche"


def test_key_figures_of_a_coarser_level_come_last_and_are_those_of_the_place_above(release):
    placed = ("network", "commune__departement__region")
    site = Structure.objects.select_related(*placed).get(code="S09")
    figures = key_figures([site], release, most=9)[site.pk]
    assert [one.above is None for one in figures] == [True, True, False]
    above = figures[-1]
    assert (above.version.indicator.code, above.above.key) == (
        "accuse-delai",
        ("structure", "REL-63"),
    )
    Grain.objects.filter(version__indicator__code="satisfaction").update(
        publication_level="departement"
    )
    figures = key_figures([site], release, most=9)[site.pk]
    told = next(one for one in figures if one.version.indicator.code == "satisfaction")
    assert told.above.name == "Direction du Puy-de-Dôme"


def test_only_published_editions_are_read(release):
    ReleaseFactory(name="ratee", state="failed")
    assert current_release() == release
    assert published_release("2026-04") == release
    assert published_release("ratee") is None


def test_the_grain_of_next_year_changes_nothing_of_this_edition(release):
    before = result_of("S01", "satisfaction", release)
    grain = next_year_at_the_level_above("satisfaction")
    after = result_of("S01", "satisfaction", release)
    assert (after.grain, after.standing) == (before.grain, "own")
    assert after.grain.pk != grain.pk


def test_a_site_that_sent_nothing_stays_alone_before_the_coarser_grain_begins(release):
    PlaceFigures.objects.filter(level="structure", place="S05").delete()
    next_year_at_the_level_above("decroche")
    assert result_of("S05", "decroche", release).standing == "absent"


def test_a_territory_reads_the_grain_of_its_edition(release):
    next_year_at_the_level_above("satisfaction")
    lines = results_of_territory(territory_named("59"), release).networks[0].lines
    line = next(one for one in lines if one.version.indicator.code == "satisfaction")
    assert line.received is not None
    assert line.received.kind is PeriodKind.MONTH


def next_year_at_the_level_above(indicator):
    """Declared in November: the grain of today ends on 31 December."""
    held = Grain.objects.get(version__indicator__code=indicator)
    Grain.objects.filter(pk=held.pk).update(ended_on=date(2026, 12, 31))
    return GrainFactory(
        network=held.network,
        version=held.version,
        first_period="2027-Q1",
        period_kind="quarter",
        publication_level="departement",
    )
