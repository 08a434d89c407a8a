"""Fictional observations whose truth is known: what each site would show if nothing were random.

Owns the plans, their truth and the draw of counters around it; refuses the database. The same seed
gives the same counters.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, exp, pi

import numpy as np

from guichet.core.periods import period as read_period

SEED = 2026
MISSING_SHARE = 0.01
"""Cells that nobody sent, on average."""

LEAST, MOST = 0.02, 0.99
"""Between which every true share stays."""

WIDEST_EFFECT = 2.5
"""Site effects are cut at so many standard deviations."""

SEASON_OF_CASES = 0.1
NET_CONTRAST = 0.5
"""Of those who are not favourable, how many are unfavourable."""

Counters = tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """How one indicator of one network behaves.

    `base` is the true share of an average site in an average month of the first year (days for
    delays), `spread` the standard deviation of sites around it, `season` the amplitude of the
    year (highest in January when positive), `trend` what a year adds. Cases of a period:
    `cases` for each thousand inhabitants, at least `least`. `kind` is that of the indicator;
    `bounds` those of a distribution.
    """

    network: str
    site_kind: str
    indicator: str
    kind: str
    base: float
    spread: float
    season: float
    trend: float
    cases: float
    least: int
    period: str = "month"
    cuts: tuple[str, ...] = ("",)
    publication_level: str = "site"
    bounds: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.network}/{self.indicator}"


@dataclass(frozen=True)
class Site:
    """A fictional site and how many people live in its commune."""

    code: str
    population: int


@dataclass(frozen=True)
class Observation:
    """One cell, as a network would send it."""

    site: str
    period: str
    cut: str
    counters: Counters


PLANS = (
    Plan(
        "france-travail",
        "france_travail",
        "taux-decroche",
        "share",
        0.82,
        0.06,
        -0.04,
        0.01,
        6.0,
        60,
    ),
    Plan(
        "france-travail",
        "france_travail",
        "usagers-satisfaits",
        "share",
        0.76,
        0.05,
        0.0,
        0.01,
        0.8,
        6,
    ),
    Plan(
        "france-services",
        "france_services",
        "usagers-satisfaits",
        "share",
        0.92,
        0.03,
        0.0,
        0.0,
        1.5,
        4,
        period="quarter",
    ),
    Plan(
        "france-services",
        "france_services",
        "taux-ouverture",
        "share",
        0.97,
        0.02,
        0.0,
        0.0,
        0.0,
        380,
        period="quarter",
    ),
    Plan(
        "caf",
        "caf",
        "delai-annonce-respecte",
        "share",
        0.72,
        0.07,
        0.03,
        -0.01,
        9.0,
        120,
        publication_level="departement",
    ),
    Plan(
        "caf",
        "caf",
        "usagers-satisfaits",
        "share",
        0.68,
        0.05,
        0.02,
        0.0,
        1.0,
        12,
        publication_level="departement",
    ),
    Plan(
        "assurance-maladie",
        "cpam",
        "accuses-reception",
        "share",
        0.9,
        0.04,
        0.0,
        0.01,
        6.0,
        40,
        period="quarter",
        cuts=("en-ligne", "courrier"),
        publication_level="departement",
    ),
    Plan(
        "assurance-maladie",
        "cpam",
        "delai-moyen-traitement",
        "mean",
        16.0,
        3.0,
        2.0,
        -0.5,
        2.0,
        40,
        publication_level="departement",
    ),
    Plan("finances-publiques", "sip", "taux-decroche", "share", 0.79, 0.07, -0.06, 0.0, 4.0, 50),
    Plan(
        "finances-publiques",
        "sip",
        "delais-repartition",
        "distribution",
        24.0,
        4.0,
        3.0,
        -0.5,
        2.0,
        30,
        bounds=(7, 15, 30, 60, 90, 180),
    ),
    Plan(
        "prefectures",
        "prefecture",
        "delai-annonce-respecte",
        "share",
        0.64,
        0.1,
        0.02,
        0.02,
        8.0,
        300,
        publication_level="departement",
    ),
    Plan(
        "prefectures",
        "prefecture",
        "evolution-percue",
        "net_share",
        0.3,
        0.05,
        0.0,
        0.01,
        0.6,
        40,
        period="quarter",
        publication_level="departement",
    ),
)


def truth(plan: Plan, site: Site, period: str, first_year: int) -> float:
    """What the site would show in `period` without chance: a share in 0..1, or a mean in days (of
    a distribution too: `share_within` gives the share that follows).

    base + the site's own effect + the season + the trend since `first_year`.
    """
    found = read_period(period)
    middle = found.first_day + (found.last_day - found.first_day) / 2
    season = plan.season * cos(2 * pi * (middle.month - 1) / 12)
    years = middle.year - first_year + (middle.month - 1) / 12
    value = plan.base + site_effect(plan, site) + season + plan.trend * years
    if plan.kind in ("mean", "distribution"):
        return max(1.0, value)
    return min(MOST, max(LEAST, value))


@lru_cache(maxsize=10_000)
def site_effect(plan: Plan, site: Site) -> float:
    """The same for all periods: normal, of mean 0 and deviation `spread`, without its tails."""
    drawn = generator(plan, site.code, "effect").normal()
    return plan.spread * float(np.clip(drawn, -WIDEST_EFFECT, WIDEST_EFFECT))


def true_cases(plan: Plan, site: Site, period: str) -> float:
    """How many cases the site has in `period` on average."""
    month = read_period(period).first_day.month
    size = max(plan.least, plan.cases * site.population / 1000)
    return size * (1 + SEASON_OF_CASES * cos(2 * pi * (month - 1) / 12))


def share_within(mean_days: float, bound: float) -> float:
    """Of delays whose mean is `mean_days` (exponential law), the share at or under `bound`."""
    return 1 - exp(-bound / mean_days)


def observations(
    plan: Plan, sites: Iterable[Site], periods: Sequence[str], first_year: int
) -> Iterator[Observation]:
    """The cells of a plan, site by site; one in a hundred was never sent, all its cuts with it."""
    for site in sites:
        draw = generator(plan, site.code, "cells")
        for period in periods:
            is_missing = draw.random() < MISSING_SHARE
            mean = truth(plan, site, period, first_year)
            cases = true_cases(plan, site, period) / len(plan.cuts)
            for cut in plan.cuts:
                counters = DRAWS[plan.kind](draw, int(draw.poisson(cases)), mean, plan)
                if not is_missing:
                    yield Observation(site.code, period, cut, counters)


def draw_share(draw: np.random.Generator, whole: int, mean: float, plan: Plan) -> Counters:
    return int(draw.binomial(whole, mean)), whole


def draw_net_share(draw: np.random.Generator, whole: int, mean: float, plan: Plan) -> Counters:
    against = (1 - mean) * NET_CONTRAST
    favourable, unfavourable, _ = draw.multinomial(whole, (mean, against, 1 - mean - against))
    return int(favourable), int(unfavourable), whole


def draw_mean(draw: np.random.Generator, whole: int, mean: float, plan: Plan) -> Counters:
    """Whole days around `mean`, by Poisson's law."""
    days = draw.poisson(mean, whole)
    return int(days.sum()), int((days**2).sum()), whole


def draw_distribution(draw: np.random.Generator, whole: int, mean: float, plan: Plan) -> Counters:
    under = [share_within(mean, bound) for bound in plan.bounds]
    shares = np.diff([0.0, *under, 1.0])
    return tuple(int(count) for count in draw.multinomial(whole, shares))


DRAWS = {
    "share": draw_share,
    "net_share": draw_net_share,
    "mean": draw_mean,
    "distribution": draw_distribution,
}


def generator(plan: Plan, code: str, what: str) -> np.random.Generator:
    """Of its own for each plan, site and use: adding a site changes no other."""
    return np.random.default_rng([SEED, zlib.crc32(f"{plan.key}/{code}/{what}".encode())])
