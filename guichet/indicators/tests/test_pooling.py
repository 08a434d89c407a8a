"""Pools (§ 9 of the method): who is shown with whom."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guichet.indicators.rollup.pooling import Pool, Pooling, Spot, Unit, pooled

NORD = Spot(("REL", "REL-59"), "59", "32")
CALAIS = Spot(("REL", "REL-62"), "62", "32")
PUY = Spot(("REL", "REL-63"), "63", "84")
HEAD = Spot(("REL",), "", "")


def unit(code: str, spot: Spot, *wholes: int) -> Unit:
    """The n-th whole is that of the n-th cell."""
    return Unit(code, spot.ancestors[-1], spot, dict(enumerate(wholes)))


def members(found: Pooling) -> dict[str, tuple[str, ...]]:
    return {pool.code: pool.members for pool in found.pools}


def test_a_group_without_a_small_cell_has_no_pool():
    assert pooled([unit("A", NORD, 10, 0), unit("B", NORD, 99, 12)], 10) == Pooling()


def test_a_cell_of_zero_is_not_small():
    assert pooled([unit("A", NORD, 0, 0)], 10) == Pooling()


def test_the_smallest_sibling_joins_when_needed():
    found = pooled([unit("A", NORD, 6), unit("B", NORD, 90), unit("C", NORD, 40)], 10)
    assert members(found) == {"pool~REL-59~59": ("A", "C")}
    assert found.pools[0].spot == NORD


def test_siblings_as_small_are_ordered_by_code():
    found = pooled([unit("A", NORD, 6), unit("C", NORD, 40), unit("B", NORD, 40)], 10)
    assert members(found) == {"pool~REL-59~59": ("A", "B")}


def test_nobody_joins_two_small_ones_that_suffice():
    found = pooled([unit("A", NORD, 6, 5), unit("B", NORD, 5, 7), unit("C", NORD, 40, 40)], 10)
    assert members(found) == {"pool~REL-59~59": ("A", "B")}


def test_each_cell_of_the_pool_must_reach_the_minimum():
    found = pooled([unit("A", NORD, 6, 5), unit("B", NORD, 0, 7), unit("C", NORD, 40, 0)], 10)
    assert members(found) == {"pool~REL-59~59": ("A", "B", "C")}


def test_siblings_of_another_departement_do_not_join():
    elsewhere = Spot(NORD.ancestors, "62", "32")
    found = pooled([unit("A", NORD, 6), Unit("B", "REL-59", elsewhere, {0: 40})], 10)
    assert found == Pooling((), ("A",))


def test_small_ones_alone_in_their_groups_meet_in_their_region():
    found = pooled([unit("A", NORD, 6), unit("B", CALAIS, 7)], 10)
    assert found.pools == (Pool("pool~R32", ("A", "B"), Spot(("REL",), "", "32")),)


def test_a_large_one_gives_nothing_outside_its_group():
    found = pooled([unit("A", NORD, 6), unit("B", CALAIS, 70)], 10)
    assert found == Pooling((), ("A",))


def test_regions_that_fail_meet_in_the_nation():
    found = pooled([unit("A", NORD, 6), unit("B", PUY, 7), unit("C", HEAD, 2)], 10)
    assert found.pools == (Pool("pool~FR", ("A", "B", "C"), Spot(("REL",), "", "")),)


def test_who_is_still_alone_is_withheld():
    assert pooled([unit("C", HEAD, 12, 4)], 10) == Pooling((), ("C",))


def test_a_group_that_cannot_reach_the_minimum_goes_up_whole_without_its_large_ones():
    """Cell 1 has only A's 5: no large sibling helps there."""
    found = pooled([unit("A", NORD, 6, 5), unit("B", NORD, 90), unit("C", CALAIS, 4, 8)], 10)
    assert members(found) == {"pool~R32": ("A", "C")}


CARRIED = Pool("pool~REL-59~59", ("A", "B"), NORD)


def test_a_carried_pool_keeps_a_member_that_grew():
    found = pooled([unit("A", NORD, 60), unit("B", NORD, 70), unit("C", NORD, 90)], 10, [CARRIED])
    assert found.pools == (CARRIED,)


def test_a_carried_pool_keeps_a_member_that_moved_and_its_own_place():
    found = pooled([unit("A", CALAIS, 6), unit("B", NORD, 70)], 10, [CARRIED])
    assert found.pools == (CARRIED,)


def test_a_carried_pool_keeps_a_member_without_cells():
    assert pooled([unit("A", NORD, 16)], 10, [CARRIED]).pools == (CARRIED,)


def test_a_new_small_sibling_joins_the_carried_pool():
    found = pooled([unit("A", NORD, 6), unit("B", NORD, 70), unit("C", NORD, 9)], 10, [CARRIED])
    assert members(found) == {"pool~REL-59~59": ("A", "B", "C")}


def test_a_carried_pool_that_fails_takes_a_further_sibling():
    found = pooled(
        [unit("A", NORD, 6, 4), unit("B", NORD, 70, 0), unit("C", NORD, 90, 90)], 10, [CARRIED]
    )
    assert members(found) == {"pool~REL-59~59": ("A", "B", "C")}


def test_a_carried_pool_that_fails_alone_goes_up_whole():
    found = pooled(
        [unit("A", NORD, 6, 4), unit("B", NORD, 70, 0), unit("D", CALAIS, 0, 9)], 10, [CARRIED]
    )
    assert members(found) == {"pool~R32": ("A", "B", "D")}


def test_a_newcomer_that_cannot_be_covered_does_not_break_a_carried_pool():
    """Cell 1 has only C's 5."""
    found = pooled([unit("A", NORD, 6), unit("B", NORD, 70), unit("C", NORD, 6, 5)], 10, [CARRIED])
    assert found.pools == (CARRIED,)
    assert found.withheld == ("C",)


def test_a_pool_of_a_region_takes_newcomers_and_keeps_what_ancestors_share():
    carried = Pool("pool~R32", ("A", "B"), Spot(("REL", "REL-NORD"), "", "32"))
    far = Spot(("REL", "REL-62"), "62", "32")
    found = pooled([unit("A", NORD, 6), unit("B", NORD, 7), unit("C", far, 3)], 10, [carried])
    assert found.pools == (Pool("pool~R32", ("A", "B", "C"), Spot(("REL",), "", "32")),)


SPOTS = [NORD, CALAIS, PUY, HEAD, Spot((), "59", "32")]


@st.composite
def networks(draw):
    """Units of a year: each at a spot, with some cells received."""
    count = draw(st.integers(1, 8))
    whole = st.sampled_from([0, 1, 4, 9, 10, 25, 60])
    return [
        Unit(
            f"S{rank}",
            (spot.ancestors or ("",))[-1],
            spot,
            draw(st.dictionaries(st.integers(0, 3), whole, min_size=1)),
        )
        for rank in range(count)
        for spot in [draw(st.sampled_from(SPOTS))]
    ]


def sums_of(found: Pooling, units: list[Unit]) -> list[int]:
    """Wholes of all cells that are shown, by unit."""
    cells = {each.code: each.cells for each in units}
    pooled_codes = {code for pool in found.pools for code in pool.members}
    hidden = pooled_codes | set(found.withheld)
    alone = [n for code, held in cells.items() if code not in hidden for n in held.values()]
    together = [
        sum(cells.get(code, {}).get(cell, 0) for code in pool.members)
        for pool in found.pools
        for cell in range(4)
    ]
    return alone + together


@given(networks())
def test_nothing_small_is_shown(units):
    found = pooled(units, 10)
    assert all(n == 0 or n >= 10 for n in sums_of(found, units))
    assert all(len(pool.members) >= 2 for pool in found.pools)
    codes = [code for pool in found.pools for code in pool.members] + [*found.withheld]
    assert len(codes) == len(set(codes))


@given(networks())
def test_who_is_withheld_has_a_small_cell(units):
    cells = {each.code: each.cells.values() for each in units}
    found = pooled(units, 10)
    assert all(any(0 < n < 10 for n in cells[code]) for code in found.withheld)


@given(networks())
def test_the_same_year_with_its_own_pools_gives_them_again(units):
    """Why a part whose inputs did not change need not be computed again."""
    first = pooled(units, 10)
    assert pooled(units, 10, first.pools) == first


@given(networks(), networks())
def test_later_pools_keep_members(units, later):
    """Unless no rung can hold the pool, which is then withheld whole."""
    carried = pooled(units, 10).pools
    found = pooled(later, 10, carried)
    assert all(n == 0 or n >= 10 for n in sums_of(found, later))
    for pool in carried:
        kept = [set(pool.members) <= set(later_pool.members) for later_pool in found.pools]
        assert sum(kept) == 1 or set(pool.members) <= set(found.withheld)
