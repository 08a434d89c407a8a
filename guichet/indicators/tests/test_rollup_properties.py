"""What holds of any roll-up: nothing hidden can be deduced, and how rows came does not matter."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guichet.core.periods import PeriodKind, periods_above
from guichet.indicators.calculations.kinds import whole_of
from guichet.indicators.rollup.freezing import FrozenPart, part_rows
from guichet.indicators.tests.plain_rollup import winning_rows
from guichet.indicators.tests.rollup_cases import (
    NETWORK,
    Case,
    drawn_case,
    freeze_case,
    frozen_lines,
    grain,
)

SEEDS = st.integers(0, 10**9)


def frozen(case: Case) -> list[FrozenPart]:
    with tempfile.TemporaryDirectory() as folder:
        return [replace(part, inputs_digest="") for part in freeze_case(case, Path(folder))]


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_the_roll_up_of_any_partition_is_that_of_the_whole(seed):
    """The rows of one batch, dealt into several, give the same files."""
    dice = random.Random(seed)
    case = drawn_case(dice, grain(PeriodKind.QUARTER, cuts=("a", "b")))
    whole = replace(case, batches=case.batches[:1])
    (_, network, source, rows) = whole.batches[0]
    dealt = defaultdict(list)
    for row in rows:
        dealt[row[2], row[3]].append(row)
    shares = [[], [], []]
    for key in dealt:
        dice.choice(shares).extend(dealt[key])
    parts = [(n, network, source, share) for n, share in enumerate(shares, start=1) if share]
    assert frozen(replace(case, batches=parts)) == frozen(whole)


@settings(max_examples=8, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_batches_does_not_matter_beyond_supersession(seed):
    """Only the winning rows, sent in another order, give the same files."""
    dice = random.Random(seed)
    case = drawn_case(dice, grain())
    definition = case.grain.definition
    rows = [
        (definition.code, definition.version, *key, counters)
        for key, counters in winning_rows(case.batches, case.grain).items()
    ]
    dice.shuffle(rows)
    middle = len(rows) // 2
    others = [(7, NETWORK, "network", rows[:middle]), (4, NETWORK, "network", rows[middle:])]
    assert frozen(replace(case, batches=[b for b in others if b[3]])) == frozen(case)


def rank(rows: list[dict[int, int]]) -> int:
    """Of a matrix of integers, exactly: each row is column → number."""
    pivots: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        left = {column: Fraction(n) for column, n in row.items() if n}
        while left:
            column = min(left)
            if column not in pivots:
                lead = left[column]
                pivots[column] = {key: n / lead for key, n in left.items()}
                break
            times = left[column]
            for key, n in pivots[column].items():
                left[key] = left.get(key, Fraction(0)) - times * n
                if not left[key]:
                    del left[key]
    return len(pivots)


def cells_of_rows(lines: tuple[list[str], ...]):
    """Each published row as the cells (structure, period, cut) that it is the sum of, from the
    files alone: base rows, their places and the members of pools."""
    base, rows, pools = lines
    members = defaultdict(list)
    for line in pools:
        *_, pool, member = line.split(",")
        members[pool].append(member)
    held = defaultdict(set)
    for line in base:
        _, _, _, level, place, above, departement, region, code, cut, *_ = line.split(",")
        places = {(level, place), ("nation", "FR"), ("departement", departement)}
        places |= {("region", region)} | {("structure", one) for one in above.split(">")}
        structures = members[place] if level == "pool" else [place]
        for one in places:
            for moment in [code, *periods_above(code)]:
                for shown in (cut, ""):
                    held[(*one, moment, shown)] |= {(who, code, cut) for who in structures}
    return [held[tuple(line.split(",")[3:7])] for line in rows]


@pytest.mark.parametrize("cuts", [(), ("a", "b")])
@settings(max_examples=12, deadline=None)
@given(seed=SEEDS)
def test_no_small_cell_follows_from_what_is_published(cuts, seed):
    """No small cell is a linear combination of published rows, even for who knows which cells
    are zero or missing."""
    case = drawn_case(random.Random(seed), grain(PeriodKind.QUARTER, cuts=cuts))
    kind = case.grain.definition.kind
    wholes = {k: whole_of(kind, c) for k, c in winning_rows(case.batches, case.grain).items()}
    numbers = {key: n for n, key in enumerate(key for key, whole in wholes.items() if whole)}
    small = [numbers[key] for key, whole in wholes.items() if 0 < whole < 10]
    assume(small)
    with tempfile.TemporaryDirectory() as folder:
        parts = freeze_case(case, Path(folder))
        lines = [frozen_lines(Path(folder) / "out", part.year, case.grain) for part in parts]
    published = [
        {numbers[cell]: 1 for cell in cells if cell in numbers}
        for year in lines
        for cells in cells_of_rows(year)
    ]
    known = rank(published)
    assert known
    for number in small:
        assert rank([*published, {number: 1}]) == known + 1


def test_the_rank_sees_what_can_be_deduced():
    """Three totals of two give each of the three."""
    pairs = [{0: 1, 1: 1}, {1: 1, 2: 1}, {0: 1, 2: 1}]
    assert rank(pairs) == 3
    assert rank([*pairs, {1: 1}]) == 3
    assert rank([*pairs[:2], {1: 1}]) == 3
    assert rank([pairs[0], {0: 2, 1: 2}]) == 1


def test_rows_for_tools_say_the_same_as_the_text(tmp_path):
    case = drawn_case(random.Random(3), grain())
    parts = freeze_case(case, tmp_path)
    assert len(parts) > 1
    for part in parts:
        path = tmp_path / "out" / "parquet" / "rows" / part.name.replace(".csv", ".parquet")
        table = part_rows(path)
        assert table.column_names[4:] == ["cut", "c1", "c2", "expected", "received"]
        _, rows, _ = frozen_lines(tmp_path / "out", part.year, case.grain)
        said = [
            ",".join(
                [
                    *(row[name] for name in ("level", "place", "period", "cut")),
                    "" if row["c1"] is None else f"{row['c1']}|{row['c2']}",
                    str(row["expected"]),
                    str(row["received"]),
                ]
            )
            for row in table.to_pylist()
        ]
        assert said == [line.removeprefix("REL,satisfaction,1,") for line in rows]
        assert part.row_count == len(rows)
        departements = {
            (row["level"], row["place"]): row["departement"] for row in table.to_pylist()
        }
        assert departements["nation", "FR"] == departements["structure", "REL"] == ""
        assert {d for (level, _), d in departements.items() if level == "structure"} > {"", "62"}
