"""The fictional observations: their truth is known, and they keep to it."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean

import pytest

from guichet.core.periods import PeriodKind, periods_between
from guichet.core.periods import period as read_period
from guichet.indicators.calculations.kinds import COUNTERS, Kind, whole_of
from guichet.indicators.reference_tables import advised_cuts, shipped_definitions
from guichet.web.demo.measures import (
    MISSING_SHARE,
    PLANS,
    Observation,
    Plan,
    Site,
    observations,
    share_within,
    site_effect,
    true_cases,
    truth,
)

FIRST_YEAR = 2024
SITES = tuple(Site(f"demonstration-{number}", 4000 + 700 * number) for number in range(80))
BY_KEY = {plan.key: plan for plan in PLANS}
TOLERANCE = 4
"""Standard errors: one false alarm in sixteen thousand."""


def months(count: int = 12) -> Sequence[str]:
    start = read_period(f"{FIRST_YEAR}-01").first_day
    return periods_between(PeriodKind.MONTH, start, start.replace(year=FIRST_YEAR + 1))[:count]


def quarters() -> Sequence[str]:
    return [f"{FIRST_YEAR}-Q{number}" for number in (1, 2, 3, 4)]


def drawn(plan: Plan) -> list[Observation]:
    periods = months() if plan.period == "month" else quarters()
    return list(observations(plan, SITES, periods, FIRST_YEAR))


def expected_share(plan: Plan, site: Site, period: str) -> float:
    """What the published value of the cell would be without chance, in 0..1."""
    value = truth(plan, site, period, FIRST_YEAR)
    if plan.kind == "distribution":
        return share_within(value, 30)
    if plan.kind == "net_share":
        return value - (1 - value) * 0.5
    return value


def measured(plan: Plan, counters: Sequence[int]) -> tuple[int, int]:
    """Part and whole of the published value."""
    if plan.kind == "distribution":
        return sum(counters[:3]), sum(counters)
    if plan.kind == "net_share":
        return counters[0] - counters[1], counters[2]
    return counters[0], counters[-1]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_the_average_over_sites_is_the_truth_within_sampling_error(plan: Plan) -> None:
    by_code = {site.code: site for site in SITES}
    part = whole = 0
    expected = variance = 0.0
    for one in drawn(plan):
        got, cases = measured(plan, one.counters)
        value = expected_share(plan, by_code[one.site], one.period)
        spread = value if plan.kind == "mean" else 1.0 if plan.kind == "net_share" else 0.25
        part, whole = part + got, whole + cases
        expected, variance = expected + cases * value, variance + cases * spread
    assert abs(part - expected) <= TOLERANCE * sqrt(variance)
    assert whole > 3000


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_cases_follow_the_size_of_the_commune(plan: Plan) -> None:
    rows = drawn(plan)
    whole = sum(whole_of(Kind(plan.kind), one.counters) for one in rows)
    periods = {one.period for one in rows}
    expected = sum(true_cases(plan, site, period) for site in SITES for period in periods)
    sent = 1 - MISSING_SHARE
    assert whole == pytest.approx(expected * sent, rel=0.03)


def test_sites_differ_by_an_effect_of_their_own_that_lasts() -> None:
    plan = BY_KEY["france-travail/taux-decroche"]
    effects = [site_effect(plan, site) for site in SITES]
    assert abs(fmean(effects)) <= TOLERANCE * plan.spread / sqrt(len(SITES))
    assert max(map(abs, effects)) <= 2.5 * plan.spread
    best = max(SITES, key=lambda site: site_effect(plan, site))
    for period in months():
        assert truth(plan, best, period, FIRST_YEAR) >= plan.base + plan.season


def test_seasons_and_trends_are_in_the_truth() -> None:
    plan = BY_KEY["france-travail/taux-decroche"]
    site = SITES[0]
    january, july = (truth(plan, site, f"{FIRST_YEAR}-{m:02}", FIRST_YEAR) for m in (1, 7))
    assert july - january == pytest.approx(-2 * plan.season + plan.trend / 2)
    later = truth(plan, site, f"{FIRST_YEAR + 2}-01", FIRST_YEAR)
    assert later - january == pytest.approx(2 * plan.trend)


def test_a_few_cells_are_missing_never_zero() -> None:
    rows = [one for plan in PLANS for one in drawn(plan)]
    cells = sum(len(SITES) * (12 if p.period == "month" else 4) * len(p.cuts) for p in PLANS)
    assert 1 - len(rows) / cells == pytest.approx(MISSING_SHARE, abs=0.005)


def test_the_smallest_sites_are_small_enough_to_be_pooled() -> None:
    plan = BY_KEY["france-services/usagers-satisfaits"]
    rows = observations(plan, [Site("demonstration-village", 3500)], quarters(), FIRST_YEAR)
    assert any(0 < one.counters[1] < 10 for one in rows)


def test_the_same_seed_gives_the_same_counters_whoever_stands_beside() -> None:
    plan = BY_KEY["caf/usagers-satisfaits"]
    alone = list(observations(plan, SITES[5:6], months(), FIRST_YEAR))
    among = [one for one in drawn(plan) if one.site == SITES[5].code]
    assert alone == among


def test_plans_keep_to_the_definitions_of_the_programme() -> None:
    shipped = {row["code"]: row for row in shipped_definitions()}
    for plan in PLANS:
        row = shipped[plan.indicator]
        assert row["kind"] == plan.kind
        assert [int(bound) for bound in row["bounds"]] == list(plan.bounds)
        assert set(plan.cuts) <= set(advised_cuts(plan.indicator)) or plan.cuts == ("",)
        if plan.kind != "distribution":
            counters = drawn(plan)[0].counters
            assert len(counters) == len(COUNTERS[Kind(plan.kind)])


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.key)
def test_counters_are_such_as_a_batch_takes(plan: Plan) -> None:
    for one in drawn(plan):
        assert min(one.counters) >= 0
        if plan.kind == "share":
            assert one.counters[0] <= one.counters[1]
        if plan.kind == "mean":
            total, squares, count = one.counters
            assert total**2 <= count * squares
