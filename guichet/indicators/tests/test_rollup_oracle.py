"""The statements against the plain roll-up, on networks drawn at random."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.core.periods import PeriodKind
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.rollup.pooling import Pool, Spot
from guichet.indicators.tests.plain_rollup import roll_up
from guichet.indicators.tests.rollup_cases import (
    Case,
    definition,
    drawn_case,
    freeze_case,
    frozen_lines,
    grain,
)

GRAINS = {
    "months": grain(),
    "weeks": grain(PeriodKind.WEEK),
    "days": grain(PeriodKind.DAY),
    "years with cuts": grain(PeriodKind.YEAR, cuts=("courrier", "en-ligne")),
    "quarters with cuts": grain(PeriodKind.QUARTER, cuts=("en-ligne", "courrier", "autre")),
    "published by departement": grain(publication_level="departement"),
    "published for the nation": grain(publication_level="national"),
    "sent by departement": grain(PeriodKind.QUARTER, level="departement"),
    "a mean": grain(measured=definition(Kind.MEAN)),
    "a distribution": grain(measured=definition(Kind.DISTRIBUTION)),
    "a net share": grain(measured=definition(Kind.NET_SHARE)),
    "a count": grain(measured=definition(Kind.COUNT)),
    "no minimum": grain(measured=definition(minimum=1)),
    "not summed": grain(cuts=("a", "b"), measured=definition(is_summed=False)),
}


def plain(case: Case, carried=None):
    return roll_up(case.structures, case.grain, case.batches, case.through, carried or {})


@pytest.mark.parametrize("name", GRAINS)
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_statements_give_what_the_method_says(name, seed):
    case = drawn_case(random.Random(seed), GRAINS[name])
    with tempfile.TemporaryDirectory() as folder:
        parts = freeze_case(case, Path(folder))
        expected = plain(case)
        assert {part.year for part in parts} == set(expected)
        for year, lines in expected.items():
            assert frozen_lines(Path(folder) / "out", year, case.grain) == lines
        assert [part.row_count for part in parts] == [len(expected[part.year][1]) for part in parts]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_pools_of_the_edition_before_are_carried_as_the_method_says(seed):
    """An edition, then another one with more batches on a tree where some sites moved."""
    dice = random.Random(seed)
    case = drawn_case(dice, grain())
    first = Case(case.structures, case.grain, case.batches[:1])
    moved = {
        code: found if found.level != "site" or dice.random() < 0.8 else drawn_move(dice, found)
        for code, found in case.structures.items()
    }
    second = Case(moved, case.grain, case.batches)
    with tempfile.TemporaryDirectory() as folder:
        freeze_case(first, Path(folder) / "first")
        carried = {
            year: pools_in(*frozen_lines(Path(folder) / "first" / "out", year, case.grain))
            for year in (2025, 2026)
        }
        pools = {
            f"REL/satisfaction.1/{year}.csv": [
                Pool(code, tuple(members), Spot(*spot[1:]))
                for code, (members, spot) in found.items()
            ]
            for year, found in carried.items()
        }
        freeze_case(second, Path(folder) / "second", pools=pools)
        for year, lines in plain(second, carried).items():
            assert frozen_lines(Path(folder) / "second" / "out", year, case.grain) == lines


def drawn_move(dice: random.Random, site):
    code = dice.choice(["59", "62", "63"])
    region = {"59": "32", "62": "32", "63": "84"}[code]
    parent = f"REL-{code}"
    return replace(site, parent=parent, ancestors=("REL", parent), departement=code, region=region)


def pools_in(base: list[str], _: list[str], pools: list[str]):
    """pool → (members, ("", ancestors, département, région))."""
    spots = {}
    for line in base:
        _, _, _, level, place, ancestors, departement, region, *_ = line.split(",")
        if level == "pool":
            above = tuple(ancestors.split(">")) if ancestors else ()
            spots[place] = ("", above, departement, region)
    members = {}
    for line in pools:
        *_, pool, member = line.split(",")
        members.setdefault(pool, []).append(member)
    return {pool: (found, spots[pool]) for pool, found in members.items() if pool in spots}
