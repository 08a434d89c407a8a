"""Published figures in plain French: numbers, periods, comparisons, states, freshness."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

import guichet.territories
from guichet.core.periods import PeriodKind, period
from guichet.core.words import NBSP
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind
from guichet.publication import wording
from guichet.publication.area_names import after_de, inside, with_article
from guichet.publication.published.figures import (
    Change,
    Comparison,
    QuantileBounds,
    Timeline,
    figure,
    stands_apart,
)
from guichet.publication.published.serving import Place
from guichet.publication.result_pages.structure_page import whose
from guichet.publication.result_pages.territory_page import link

REFERENCE = Path(guichet.territories.__file__).parent / "reference"


def definition(kind=Kind.SHARE, **fields):
    values = {
        "code": "essai",
        "version": 1,
        "kind": kind,
        "nature": "sample",
        "direction": "higher",
        "margin": Decimal(3),
        "minimum": 10,
    }
    return Definition(**(values | fields))


def spaced(words):
    return words.replace(NBSP, " ").replace("\u202f", " ")


SHARE = definition()
DAYS = definition(Kind.MEAN, unit="day", direction="lower")


@pytest.mark.parametrize(
    ("value", "meant", "said"),
    [
        ("80.4", SHARE, "80,4 %"),
        ("0.0", SHARE, "0,0 %"),
        ("12.3", definition(Kind.NET_SHARE, unit="point"), "+12,3 points"),
        ("-1.5", definition(Kind.NET_SHARE, unit="point"), "−1,5 point"),
        ("12.4", DAYS, "12,4 jours"),
        ("1.0", DAYS, "1,0 jour"),
        ("1234", definition(Kind.COUNT, unit="avis"), "1 234 avis"),
        ("3.2", definition(Kind.MEAN, unit="dossiers"), "3,2 dossiers"),
    ],
)
def test_a_value_is_written_with_its_unit(value, meant, said):
    assert spaced(wording.value_in_words(Decimal(value), meant)) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("2026-01", "janvier 2026"),
        ("2026-Q1", "1er trimestre 2026"),
        ("2026-Q4", "4e trimestre 2026"),
        ("2025", "2025"),
        ("2026-01-01", "1er janvier 2026"),
        ("2026-W02", "semaine du 5 au 11 janvier 2026"),
        ("2026-W01", "semaine du 29 décembre 2025 au 4 janvier 2026"),
        ("2026-W14", "semaine du 30 mars au 5 avril 2026"),
    ],
)
def test_a_period_is_told_as_people_say_it(code, said):
    assert spaced(wording.period_in_words(code)) == said


def test_a_year_that_is_not_over_says_its_months():
    through = date(2026, 4, 30)
    assert spaced(wording.period_in_words("2026", through=through)) == "de janvier à avril 2026"
    assert spaced(wording.period_in_words("2025", through=through)) == "2025"
    january = date(2026, 1, 31)
    assert spaced(wording.period_in_words("2026", through=january)) == "janvier 2026"


def test_a_quarter_says_its_months_elided():
    assert spaced(wording.period_in_full("2026-Q2")) == "2e trimestre 2026 (d'avril à juin)"
    assert spaced(wording.period_in_full("2026-Q4")) == "4e trimestre 2026 (d'octobre à décembre)"


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("better", "mieux que le reste du Nord (73,9 %)"),
        ("worse", "moins bien que le reste du Nord (73,9 %)"),
        ("no_clear_difference", "pas de différence nette avec le reste du Nord (73,9 %)"),
        ("insufficient", "données insuffisantes pour comparer avec le reste du Nord"),
        ("above", "plus que le reste du Nord (73,9 %)"),
    ],
)
def test_a_comparison_is_a_sentence(verdict, said):
    compared = Comparison(Decimal("73.9"), Decimal("6.4"), verdict)
    assert spaced(wording.comparison_in_words(compared, SHARE, "du Nord")) == said


def test_a_comparison_without_value_of_the_rest_says_no_number():
    compared = Comparison(None, None, "insufficient")
    said = wording.comparison_in_words(compared, SHARE, "du pays")
    assert said == "données insuffisantes pour comparer avec le reste du pays"
    assert wording.comparison_in_words(None, SHARE, "du pays") == ""


@pytest.mark.parametrize(
    ("since", "verdict", "gap", "said"),
    [
        ("2025-Q4", "improved", "6.0", "mieux qu'au 4e trimestre 2025 (+6,0 points)"),
        ("2026-01", "worsened", "-3.1", "moins bien qu'en janvier 2026 (−3,1 points)"),
        ("2025", "improved", "4.0", "mieux qu'en 2025 (+4,0 points)"),
        (
            "2026-01",
            "no_clear_change",
            "0.8",
            "pas de changement net par rapport à janvier 2026 (+0,8 point)",
        ),
        (
            "2025-Q1",
            "insufficient",
            None,
            "données insuffisantes pour comparer au 1er trimestre 2025",
        ),
        ("2025-Q1", "fell", "-4.0", "en baisse par rapport au 1er trimestre 2025 (−4,0 points)"),
        (
            "2026-W02",
            "improved",
            "4.0",
            "mieux que la semaine du 5 au 11 janvier 2026 (+4,0 points)",
        ),
    ],
)
def test_a_change_is_a_sentence(since, verdict, gap, said):
    change = Change(since, Decimal(gap) if gap else None, verdict)
    assert spaced(wording.change_in_words(change, SHARE)) == said


def test_a_gap_that_rounds_to_the_margin_says_that_it_is_over_it():
    since = Change("2025-Q4", Decimal("3.0"), "improved")
    assert spaced(wording.change_in_words(since, SHARE)) == (
        "mieux qu'au 4e trimestre 2025 (+3,0 points, un peu plus que l'écart retenu avant "
        "l'arrondi)"
    )
    unclear = Change("2025-Q4", Decimal("3.0"), "no_clear_change")
    assert "arrondi" not in wording.change_in_words(unclear, SHARE)


def item(**fields):
    values = {"period": "2026-Q1", "state": "published", "value": "80.4", "counters": "262|326"}
    return values | fields


def test_counts_are_told_without_repeating_who_they_are_about():
    words = {"part": "usagers satisfaits", "whole": "usagers interrogés"}
    said = wording.counted_in_words(figure(item()), SHARE, words)
    assert spaced(said) == "262 usagers satisfaits sur 326 interrogés"
    other = {"part": "accusés envoyés", "whole": "demandes reçues"}
    said = wording.counted_in_words(figure(item()), SHARE, other)
    assert spaced(said) == "262 accusés envoyés sur 326 demandes reçues"


def test_a_word_that_links_keeps_the_noun_before_it():
    words = {"part": "heures ouvertes", "whole": "heures d'ouverture annoncées"}
    said = wording.counted_in_words(figure(item()), SHARE, words)
    assert spaced(said) == "262 heures ouvertes sur 326 heures d'ouverture annoncées"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("expériences publiées", "expérience publiée"),
        ("appels décrochés par des agents", "appel décroché par des agents"),
        ("avis", "avis"),
        ("usagers qui ont répondu", "usagers qui ont répondu"),
    ],
)
def test_what_is_none_or_one_is_singular(words, said):
    assert wording.singular(words) == said


def test_one_expected_report_is_singular():
    told = wording.coverage_in_words(figure(item(expected=1, received=0)))
    assert spaced(told) == "0 relevé reçu sur 1 attendu"


def test_a_distribution_counts_what_is_within_its_reference():
    meant = definition(
        Kind.DISTRIBUTION,
        unit="day",
        bounds=(Decimal(7), Decimal(15)),
        reference_bound=Decimal(15),
    )
    said = wording.counted_in_words(figure(item(counters="10|20|5")), meant, {"whole": "dossiers"})
    assert spaced(said) == "30 sur 35 dossiers, en 15 jours ou moins"


def test_a_quantile_is_told_by_its_bound():
    meant = definition(Kind.DISTRIBUTION, unit="day", bounds=(Decimal(7), Decimal(15)))
    half = QuantileBounds(Decimal("0.5"), Decimal(7), Decimal(15), None, None)
    most = QuantileBounds(Decimal("0.9"), Decimal(15), None, None, None)
    assert spaced(wording.quantile_in_words(half, meant)) == "la moitié des cas : au plus 15 jours"
    assert "il faut plus de 15 jours" in spaced(wording.quantile_in_words(most, meant))


def test_the_interval_of_a_sample_keeps_the_decimals_of_the_figure():
    said = wording.interval_in_words(figure(item(low="78.9", high="79.4")), SHARE)
    assert spaced(said) == "Marge due au nombre de réponses : de 78,9 à 79,4 %."
    balance = definition(Kind.NET_SHARE, unit="point")
    said = wording.interval_in_words(figure(item(low="-3.2", high="4.0")), balance)
    assert spaced(said) == "Marge due au nombre de réponses : de −3,2 à +4,0 points."
    assert wording.interval_in_words(figure(item()), SHARE) == ""


def test_where_words_are_few_the_margin_of_a_sample_is_told_all_the_same():
    said = wording.margin_in_words(figure(item(low="62.3", high="98.4")), SHARE)
    assert spaced(said) == "marge : de 62,3 à 98,4 %"
    assert wording.margin_in_words(figure(item()), SHARE) == ""


def test_an_interval_never_repeats_one_bound():
    said = wording.interval_in_words(figure(item(low="79.1", high="79.1")), SHARE)
    assert spaced(said) == "Marge due au nombre de réponses : moins de 0,1 point."


def test_missing_is_told_and_is_never_zero():
    assert wording.state_in_words(figure(item(state="missing", value=""))) == (
        "aucune donnée reçue pour la période"
    )
    assert wording.state_in_words(figure(item(state="no_whole", value=""))) == (
        "aucun cas sur la période"
    )
    assert wording.value_in_words(None, SHARE) == ""


def test_a_target_says_whether_it_is_met():
    meant = definition(target=Decimal(85))
    met, missed = figure(item(target="met")), figure(item(target="not_met"))
    assert spaced(wording.target_in_words(met, meant)) == "objectif : 85 %, atteint"
    assert spaced(wording.target_in_words(missed, meant)) == "objectif : 85 %, pas atteint"
    lower = definition(Kind.MEAN, unit="day", direction="lower", target=Decimal(10))
    assert spaced(wording.target_in_words(met, lower)) == "objectif : au plus 10 jours, atteint"


@pytest.mark.parametrize(
    ("aimed_for", "said"),
    [
        ("2026", "objectif pour 2026 : 95 %, atteint"),
        ("2026-Q4", "objectif pour le 4e trimestre 2026 : 95 %, atteint"),
        ("2026-12", "objectif pour décembre 2026 : 95 %, atteint"),
        (
            "2026-W53",
            "objectif pour la semaine du 28 décembre 2026 au 3 janvier 2027 : 95 %, atteint",
        ),
        ("2026-12-31", "objectif pour le 31 décembre 2026 : 95 %, atteint"),
    ],
)
def test_an_aim_says_for_when_it_is(aimed_for, said):
    declared = figure(item(state="declared", aimed_at="95", aimed_for=aimed_for))
    assert spaced(wording.aim_in_words(declared, SHARE, "met")) == said


def test_an_aim_of_a_count_is_told_whole():
    counted = figure(item(state="declared", aimed_at="22177.4", aimed_for="2026"))
    words = wording.aim_in_words(counted, definition(Kind.COUNT, unit="actes"), "not_yet")
    assert spaced(words) == "objectif pour 2026 : 22 177 actes, pas encore atteint"


def test_what_is_missing_of_a_figure_is_counted():
    many = figure(item(expected="3310", received="3305"))
    assert spaced(wording.coverage_in_words(many)) == "3 305 relevés reçus sur 3 310 attendus"
    incomplete = figure(item(expected="38", received="37"))
    assert spaced(wording.coverage_in_words(incomplete)) == "37 relevés reçus sur 38 attendus"
    assert wording.coverage_in_words(figure(item(expected="3", received="3"))) == ""


def test_freshness_is_old_once_a_whole_newer_period_is_late():
    """October is in: November, over on the 30th, is late 45 days after its end."""
    shown, received = period("2026-Q3"), period("2026-10")
    fresh = wording.freshness(shown, date(2027, 1, 14), received, 45)
    assert (spaced(fresh.words), fresh.is_old) == (
        "Chiffres arrêtés au 30 septembre 2026, il y a 3 mois",
        False,
    )
    assert spaced(fresh.expected) == "45 jours au plus après la fin du mois"
    assert wording.freshness(shown, date(2027, 1, 15), received, 45).is_old
    assert not wording.freshness(shown, date(2030, 1, 1), received, None).is_old
    assert not wording.freshness(shown, date(2030, 1, 1), None, 45).is_old


def test_a_yearly_figure_is_not_old_while_its_year_is_the_last_one_over():
    shown = period("2025")
    assert not wording.freshness(shown, date(2027, 4, 30), shown, 120).is_old
    assert wording.freshness(shown, date(2027, 5, 1), shown, 120).is_old


def last_received(*items, grain=PeriodKind.MONTH):
    found = Timeline(items).last_received(grain, date(2026, 10, 31))
    return found.code if found else None


def test_the_latest_received_month_is_known_even_where_months_are_not_read():
    quarter = item(period="2026-Q3", received="3")
    assert last_received(quarter, item(period="2026", received="3")) == "2026-09"
    assert last_received(quarter, item(period="2026", received="4")) == "2026-10"
    assert last_received(quarter, item(period="2026-10")) == "2026-10"
    assert last_received(quarter, item(period="2026-10", state="missing")) == "2026-09"
    assert last_received(item(period="2026-W43"), item(period="2026-W"), grain=PeriodKind.WEEK) == (
        "2026-W43"
    )
    assert last_received(item(period="2025"), grain=PeriodKind.YEAR) == "2025"
    assert last_received(item(state="missing")) is None


def test_a_place_stands_apart_only_when_nothing_can_be_compared():
    assert stands_apart(item(value=""))
    assert stands_apart(item(versus_departement="insufficient", versus_nation="insufficient"))
    assert not stands_apart(item(versus_departement="insufficient", versus_nation="worse"))
    assert not stands_apart(item())


def test_the_newest_quarter_received_is_shown_before_the_months():
    months = [item(period=f"2026-0{month}") for month in range(1, 6)]
    quarters = [item(), item(period="2026-Q2", state="missing")]
    timeline = Timeline([*months, *quarters, item(period="2026")])
    assert timeline.headline()["period"] == "2026-Q1"
    assert Timeline([item(period="2026"), *months]).headline()["period"] == "2026"
    assert Timeline([quarters[1]]).headline()["state"] == "missing"
    assert Timeline([]).headline() is None


def test_a_long_series_is_told_by_quarters_and_a_short_one_by_months():
    months = [item(period=f"2026-{month:02}") for month in range(1, 13)]
    quarters = [item(period=f"{year}-Q{n}") for year in (2025, 2026) for n in range(1, 5)]
    assert len(Timeline([*months, *quarters]).series("2026-Q4")) == 8
    assert len(Timeline([*months, *quarters[4:]]).series("2026-Q4")) == 12


def test_the_end_of_a_scale_has_no_useless_decimal():
    days = definition(Kind.MEAN, unit="day")
    assert wording.plain_value_in_words(Decimal("15.0"), days).replace("\u00a0", " ") == "15 jours"
    assert wording.plain_value_in_words(Decimal("7.50"), days).replace("\u00a0", " ") == "7,5 jours"


@pytest.mark.parametrize(
    ("name", "of", "within"),
    [
        ("Nord", "du Nord", "dans le Nord"),
        ("Ain", "de l'Ain", "dans l'Ain"),
        ("Hérault", "de l'Hérault", "dans l'Hérault"),
        ("Marne", "de la Marne", "dans la Marne"),
        ("Haute-Savoie", "de la Haute-Savoie", "en Haute-Savoie"),
        ("Hauts-de-Seine", "des Hauts-de-Seine", "dans les Hauts-de-Seine"),
        ("Paris", "de Paris", "à Paris"),
        ("Lozère", "de la Lozère", "en Lozère"),
        ("Corse-du-Sud", "de la Corse-du-Sud", "en Corse-du-Sud"),
        ("Île de Clipperton", "de l'Île de Clipperton", "à Clipperton"),
        ("La Réunion", "de La Réunion", "à La Réunion"),
        ("Mayotte", "de Mayotte", "à Mayotte"),
        ("Territoire de Belfort", "du Territoire de Belfort", "dans le Territoire de Belfort"),
        ("Bretagne", "de la Bretagne", "en Bretagne"),
        ("Île-de-France", "de l'Île-de-France", "en Île-de-France"),
        ("Grand Est", "du Grand Est", "dans le Grand Est"),
    ],
)
def test_territories_have_their_articles(name, of, within):
    assert (after_de(name), inside(name)) == (of, within)


def test_every_territory_of_today_has_its_article():
    names = [name for table in ("departements", "regions") for name in names_of(table)]
    said = [with_article(name) for name in names]
    assert len(names) > 110
    for name in ("Corrèze", "Drôme", "Haute-Corse", "Réunion", "Seine-Saint-Denis", "Vienne"):
        assert with_article(name) == f"la {name}"
    plural = {name for name in names if name.split("-")[0].endswith(("s", "x"))}
    told = {name: with_article(name) for name in plural}
    assert [words for words in told.values() if words.startswith("la ")] == []
    assert len(set(said)) == len(set(names))


def names_of(table):
    with (REFERENCE / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return [row["name"] for row in csv.DictReader(lines)]


def test_a_link_to_a_territory_of_the_same_name_says_which_it_is():
    edition = SimpleNamespace(query="")
    region, nord = Place("region", "06", "Mayotte"), Place("departement", "59", "Nord")
    assert link(region, edition, "Mayotte").name == "Mayotte (région)"
    assert link(region, edition, "France").name == "Mayotte"
    assert link(nord, edition, "Hauts-de-France").name == "Nord"


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("own", ""),
        ("above", f" (chiffre de «{NBSP}Direction du Nord{NBSP}»)"),
        ("declared", f" (chiffre de «{NBSP}Direction du Nord{NBSP}»)"),
        ("pool", " (2 lieux réunis)"),
    ],
)
def test_what_is_quoted_of_a_site_says_whose_figure_it_is(standing, said):
    result = SimpleNamespace(
        standing=standing, place_label="Direction du Nord", pool_members=("S04", "S05")
    )
    assert whose(result) == said
