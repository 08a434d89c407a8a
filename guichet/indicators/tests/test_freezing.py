"""What is frozen, what is computed again, and the cases that the example lacks."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guichet.core.errors import RuleViolation
from guichet.core.periods import PeriodKind
from guichet.indicators.rollup.engines import engine_named
from guichet.indicators.rollup.freezing import freeze
from guichet.indicators.tests.rollup_cases import (
    NETWORK,
    Case,
    definition,
    drawn_case,
    freeze_case,
    frozen_lines,
    grain,
    structure,
)

HEAD = structure("REL", "national")
NORD = structure("REL-59", "departement", HEAD, departement="59", region="32")
S01 = structure("S01", "site", NORD, departement="59", region="32")
S02 = structure("S02", "site", NORD, departement="59", region="32")


def case_of(*structures, rows, through=date(2026, 2, 28), shape=None, batches=None) -> Case:
    """`rows`: (structure, period, part, whole) or (structure, period, cut, part, whole)."""
    shape = shape or replace(grain(), first_period="2026-01")
    measured = shape.definition
    sent = [
        (
            measured.code,
            measured.version,
            row[0],
            row[1],
            row[2] if len(row) == 5 else "",
            tuple(row[-2:]),
        )
        for row in rows
    ]
    found = {one.code: one for one in (HEAD, NORD, *structures)}
    return Case(found, shape, batches or [(1, NETWORK, "network", sent)], through)


def rows_of(case: Case, folder: Path, year: int = 2026) -> dict[tuple[str, ...], str]:
    """(level, place, period, cut) → "counters,expected,received"."""
    freeze_case(case, folder)
    _, rows, _ = frozen_lines(folder / "out", year, case.grain)
    return {tuple(row.split(",")[3:7]): ",".join(row.split(",")[7:]) for row in rows}


def known_of(case: Case, folder: Path) -> dict[str, str]:
    return {part.name: part.inputs_digest for part in freeze_case(case, folder)}


def computed_again(case: Case, folder: Path, known: dict[str, str]) -> list[str]:
    """The parts that are computed though `known` has some."""
    inputs = case.inputs(folder / "batches")
    parts = freeze(inputs, engine="duckdb", out=folder / "out", previous_pools={}, known=known)
    assert all((folder / "out" / "rows" / p.name).exists() is not p.reused for p in parts)
    return [part.name for part in parts if not part.reused]


TWO_YEARS = [("S01", code, 10, 20) for code in ("2025-11", "2025-12", "2026-01", "2026-02")]
SINCE_2025 = replace(grain(), first_period="2025-11")


def test_nothing_is_computed_twice(tmp_path):
    case = case_of(S01, rows=TWO_YEARS, shape=SINCE_2025)
    known = known_of(case, tmp_path / "first")
    assert len(known) == 2
    assert computed_again(case, tmp_path / "second", known) == []


def test_a_new_month_computes_its_year_only(tmp_path):
    case = case_of(S01, rows=TWO_YEARS, shape=SINCE_2025)
    known = known_of(case, tmp_path / "first")
    april = ("satisfaction", 1, "S01", "2026-03", "", (10, 20))
    later = replace(
        case,
        batches=[*case.batches, (2, NETWORK, "network", [april])],
        through=date(2026, 3, 31),
    )
    assert computed_again(later, tmp_path / "second", known) == ["REL/satisfaction.1/2026.csv"]


def test_a_site_opened_this_year_leaves_earlier_years_alone(tmp_path):
    case = case_of(S01, rows=TWO_YEARS, shape=SINCE_2025)
    known = known_of(case, tmp_path / "first")
    opened = replace(S02, opened_on=date(2026, 1, 1))
    later = replace(case, structures={**case.structures, "S02": opened})
    assert computed_again(later, tmp_path / "second", known) == ["REL/satisfaction.1/2026.csv"]


@pytest.mark.parametrize(
    "change",
    [
        {"departement": "62"},
        {"region": "84"},
        {"closed_on": date(2025, 11, 15)},
        {"level": "departement"},
        {"parent": "REL", "ancestors": ("REL",)},
    ],
)
def test_a_site_that_changes_has_all_its_years_computed(tmp_path, change):
    case = case_of(S01, rows=TWO_YEARS, shape=SINCE_2025)
    known = known_of(case, tmp_path / "first")
    later = replace(case, structures={**case.structures, "S01": replace(S01, **change)})
    assert len(computed_again(later, tmp_path / "second", known)) == 2


@pytest.mark.parametrize(
    "shape",
    [
        replace(SINCE_2025, publication_level="departement"),
        replace(SINCE_2025, definition=definition(minimum=5)),
        replace(SINCE_2025, definition=definition(is_summed=False)),
    ],
)
def test_another_definition_or_grain_computes_all(tmp_path, shape):
    case = case_of(S01, rows=TWO_YEARS, shape=SINCE_2025)
    known = known_of(case, tmp_path / "first")
    assert len(computed_again(replace(case, grain=shape), tmp_path / "second", known)) == 2


def test_a_sum_over_a_quarter_waits_for_its_end_and_the_year_does_not(tmp_path):
    rows = [("S01", "2026-01", 10, 20), ("S01", "2026-02", 11, 20), ("S01", "2026-03", 12, 20)]
    before = rows_of(case_of(S01, rows=rows, through=date(2026, 3, 30)), tmp_path / "a")
    assert before["structure", "S01", "2026", ""] == "21|40,2,2"
    assert ("structure", "S01", "2026-Q1", "") not in before
    assert ("structure", "S01", "2026-03", "") not in before
    after = rows_of(case_of(S01, rows=rows, through=date(2026, 3, 31)), tmp_path / "b")
    assert after["structure", "S01", "2026-Q1", ""] == "33|60,3,3"


def test_weeks_sum_to_their_iso_year_only(tmp_path):
    """The week of 29 December 2025 holds 1 January: its Thursday is in 2026."""
    shape = replace(grain(PeriodKind.WEEK), first_period="2025-W52")
    rows = [("S01", "2025-W52", 10, 20), ("S01", "2026-W01", 11, 20), ("S01", "2026-W02", 12, 20)]
    case = case_of(S01, rows=rows, shape=shape, through=date(2026, 1, 11))
    found = rows_of(case, tmp_path)
    assert found["nation", "FR", "2026-W", ""] == "23|40,2,2"
    assert {period for _, _, period, _ in found} == {"2026-W", "2026-W01", "2026-W02"}


def test_a_structure_is_expected_while_it_is_open_for_the_whole_period(tmp_path):
    opened = replace(S01, opened_on=date(2026, 1, 2), closed_on=date(2026, 3, 31))
    rows = [("S02", code, 10, 20) for code in ("2026-01", "2026-02", "2026-03", "2026-04")]
    found = rows_of(case_of(opened, S02, rows=rows, through=date(2026, 4, 30)), tmp_path)
    assert ("structure", "S01", "2026-01", "") not in found
    assert found["structure", "S01", "2026-02", ""] == ",1,0"
    assert found["structure", "S01", "2026-03", ""] == ",1,0"
    assert ("structure", "S01", "2026-04", "") not in found
    assert found["nation", "FR", "2026", ""] == "40|80,6,4"


def test_a_partly_open_period_counts_once_received(tmp_path):
    opened = replace(S01, opened_on=date(2026, 1, 2))
    case = case_of(opened, rows=[("S01", "2026-01", 10, 20)], through=date(2026, 1, 31))
    assert rows_of(case, tmp_path)["nation", "FR", "2026-01", ""] == "10|20,1,1"


def test_a_structure_that_left_the_network_counts_for_territories_without_ancestors(tmp_path):
    left = replace(S01, network="AUTRE", parent="", ancestors=())
    rows = [("S01", "2026-01", 10, 20), ("S02", "2026-01", 30, 40)]
    found = rows_of(case_of(left, S02, rows=rows, through=date(2026, 1, 31)), tmp_path)
    assert found["structure", "S01", "2026-01", ""] == "10|20,1,1"
    assert found["departement", "59", "2026-01", ""] == "40|60,2,2"
    assert found["nation", "FR", "2026-01", ""] == "40|60,2,2"
    assert found["structure", "REL", "2026-01", ""] == "30|40,1,1"


def test_cells_are_summed_to_the_publication_level_before_they_are_pooled(tmp_path):
    """Two sites of 6 make a département of 12, which is not small."""
    shape = replace(grain(publication_level="departement"), first_period="2026-01")
    rows = [("S01", "2026-01", 5, 6), ("S02", "2026-01", 6, 6)]
    case = case_of(S01, S02, rows=rows, shape=shape, through=date(2026, 1, 31))
    found = rows_of(case, tmp_path)
    assert found["structure", "REL-59", "2026-01", ""] == "11|12,2,2"
    assert {place for level, place, *_ in found if level == "structure"} == {"REL", "REL-59"}


def test_nothing_is_published_below_the_publication_level(tmp_path):
    """A platform under the head office has no ancestor of that level: it is withheld."""
    platform = structure("S13", "site", HEAD)
    shape = replace(grain(publication_level="departement"), first_period="2026-01")
    rows = [("S01", "2026-01", 15, 16), ("S13", "2026-01", 500, 900)]
    case = case_of(S01, platform, rows=rows, shape=shape, through=date(2026, 1, 31))
    assert rows_of(case, tmp_path)["nation", "FR", "2026-01", ""] == "15|16,1,1"
    assert frozen_lines(tmp_path / "out", 2026, shape)[2] == [
        "REL,satisfaction,1,2026,withheld,S13"
    ]


def test_an_indicator_that_is_not_summed_keeps_its_own_rows_only(tmp_path):
    shape = replace(grain(measured=definition(is_summed=False)), first_period="2026-01")
    rows = [("S01", "2026-01", 15, 16), ("S02", "2026-01", 3, 4)]
    case = case_of(S01, S02, rows=rows, shape=shape, through=date(2026, 3, 31))
    found = rows_of(case, tmp_path)
    assert set(found) == {("structure", "S01", f"2026-0{n}", "") for n in (1, 2, 3)}
    base, _, pools = frozen_lines(tmp_path / "out", 2026, shape)
    assert len(base) == 3
    assert pools == ["REL,satisfaction,1,2026,withheld,S02"]


def test_each_cut_and_all_together(tmp_path):
    shape = replace(grain(cuts=("courrier", "en-ligne")), first_period="2026-01")
    rows = [("S01", "2026-01", "courrier", 10, 20), ("S01", "2026-01", "en-ligne", 30, 40)]
    case = case_of(S01, rows=rows, shape=shape, through=date(2026, 1, 31))
    found = rows_of(case, tmp_path)
    assert found["nation", "FR", "2026", ""] == "40|60,2,2"
    assert found["structure", "S01", "2026-01", "courrier"] == "10|20,1,1"
    assert found["structure", "S01", "2026-01", ""] == "40|60,2,2"


@pytest.mark.parametrize(("month", "cut"), [("2026-01", "1001"), ("2026-02", "0001")])
def test_no_small_cell_hides_behind_another_whatever_the_number_of_cuts(tmp_path, month, cut):
    """The 1,001st cut of a month and the first of the next one are two cells."""
    cuts = tuple(f"{rank:04}" for rank in range(1, 1002))
    shape = replace(grain(cuts=cuts), first_period="2026-01")
    rows = [
        (code, when, each, *((1, 5) if (code, when, each) == ("S01", month, cut) else (9, 50)))
        for code in ("S01", "S02")
        for when in ("2026-01", "2026-02")
        for each in ("0001", "1001")
        if code == "S01" or (when, each) != (month, cut)
    ]
    rows_of(case_of(S01, S02, rows=rows, shape=shape, through=date(2026, 2, 28)), tmp_path)
    _, _, pools = frozen_lines(tmp_path / "out", 2026, shape)
    assert pools == ["REL,satisfaction,1,2026,withheld,S01"]


def test_rows_of_another_source_do_not_count(tmp_path):
    case = case_of(S01, rows=[("S01", "2026-01", 10, 20)], through=date(2026, 1, 31))
    number, network, _, rows = case.batches[0]
    other = [(*rows[0][:5], (19, 20))]
    case = replace(case, batches=[*case.batches, (number + 1, network, "experiences", other)])
    assert rows_of(case, tmp_path)["nation", "FR", "2026-01", ""] == "10|20,1,1"


def test_a_grain_ends_on_the_eve_of_the_one_that_replaces_it(tmp_path):
    """Months in 2025, quarters from 2026: no month of 2026 is expected."""
    rows = [("S01", "2025-12", 10, 20), ("S01", "2026-01", 9, 20), ("S01", "2026-Q1", 30, 60)]
    months = replace(grain(), first_period="2025-12")
    case = case_of(S01, rows=rows, shape=months, through=date(2026, 3, 31))
    quarters = replace(months, period_kind=PeriodKind.QUARTER, first_period="2026-Q1")
    inputs = replace(case.inputs(tmp_path / "batches"), grains=(months, quarters))
    freeze(inputs, engine="duckdb", out=tmp_path / "out", previous_pools={}, known={})
    assert [line.split(",")[8] for line in frozen_lines(tmp_path / "out", 2026, months)[0]] == [
        "2026-Q1"
    ]
    assert [line.split(",")[8] for line in frozen_lines(tmp_path / "out", 2025, months)[0]] == [
        "2025-12"
    ]


def test_a_network_that_sent_nothing_is_all_missing(tmp_path):
    case = case_of(S01, rows=[], through=date(2026, 1, 31))
    case = replace(case, batches=[])
    assert rows_of(case, tmp_path)["nation", "FR", "2026", ""] == ",1,0"


def test_a_part_without_a_cell_does_not_exist(tmp_path):
    case = replace(case_of(rows=[], through=date(2026, 1, 31)), batches=[])
    assert freeze_case(case, tmp_path) == []
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []


def test_a_structure_that_the_directory_lost_stops_the_release(tmp_path):
    case = case_of(rows=[("S99", "2026-01", 10, 20)])
    with pytest.raises(RuleViolation, match=r"nomment « S99 »"):
        freeze_case(case, tmp_path)
    assert not (tmp_path / "out" / ".scratch").exists()


def test_the_largest_counters_are_summed_exactly(tmp_path):
    rows = [(code, "2026-01", 10**12 - 1, 10**12) for code in ("S01", "S02")]
    case = case_of(S01, S02, rows=rows, through=date(2026, 1, 31))
    assert rows_of(case, tmp_path)["nation", "FR", "2026-01", ""] == (
        "1999999999998|2000000000000,2,2"
    )


def test_progress_is_told(tmp_path):
    case = case_of(S01, rows=TWO_YEARS, shape=SINCE_2025)
    told = []
    freeze(
        case.inputs(tmp_path / "batches"),
        engine="duckdb",
        out=tmp_path / "out",
        previous_pools={},
        known={},
        progress=lambda *step: told.append(step),
    )
    assert told == [(1, 2, "REL/satisfaction.1/2025.csv"), (2, 2, "REL/satisfaction.1/2026.csv")]


def test_an_unknown_engine_is_refused(tmp_path):
    with (
        pytest.raises(RuleViolation, match="duckdb ou spark"),
        engine_named("sqlite", scratch=tmp_path, reads=[]),
    ):
        pass


def test_little_memory_gives_the_same_files(settings, tmp_path):
    """What does not fit goes to the disk."""
    case = drawn_case(random.Random(5), grain(PeriodKind.DAY), sites=25)
    plenty = freeze_case(case, tmp_path / "plenty")
    settings.ENGINE_MEMORY = "40MB"
    settings.ENGINE_THREADS = 1
    assert freeze_case(case, tmp_path / "little") == plenty
