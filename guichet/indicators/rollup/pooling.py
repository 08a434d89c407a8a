"""Pools of small cells (`docs/methods/observation.md`, § 9): who is shown together with whom.

Owns the membership of pools for one network, indicator version and year; refuses counters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

WITHHELD = "withheld"
"""What `pools.csv` says, in place of a pool, of a structure that no pool can hold."""


@dataclass(frozen=True)
class Spot:
    """Where a unit counts: ancestors from the root, département and région ("" for none)."""

    ancestors: tuple[str, ...] = ()
    departement: str = ""
    region: str = ""


@dataclass(frozen=True)
class Unit:
    """A structure with its received cells: cell (period × cut) → whole. `parent` is "" at the
    top of a tree."""

    code: str
    parent: str
    spot: Spot
    cells: Mapping[int, int] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, str]:
        return sum(self.cells.values()), self.code


@dataclass(frozen=True)
class Pool:
    """Members are sorted by code; a pool has two at least."""

    code: str
    members: tuple[str, ...]
    spot: Spot


@dataclass(frozen=True)
class Pooling:
    pools: tuple[Pool, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """What goes up the rungs together: one small unit, or the members of a carried pool."""

    units: tuple[Unit, ...]
    spot: Spot


def is_small(unit: Unit, minimum: int) -> bool:
    return any(0 < whole < minimum for whole in unit.cells.values())


def pooled(units: Iterable[Unit], minimum: int, carried: Sequence[Pool] = ()) -> Pooling:
    """Pools and withheld structures of one network, indicator version and year.

    `units` holds each structure that has a small cell with all those of its group (same parent
    and département), and each member of a `carried` pool that has received cells. `carried` are
    the pools of the latest earlier release that holds the year: none loses a member, unless it
    cannot stand at any rung.
    """
    known = {unit.code: unit for unit in units}
    kept = {pool.code: block_of(pool, known) for pool in carried}
    taken = {code for pool in carried for code in pool.members}
    groups: dict[str, list[Unit]] = defaultdict(list)
    for unit in known.values():
        if unit.code not in taken:
            groups[group_code(unit.parent, unit.spot.departement)].append(unit)

    pools: list[Pool] = []
    leaving: list[Block] = []
    for code in sorted({*groups, *(code for code in kept if code.count("~") == 2)}):
        found, left = pool_of_group(code, groups.get(code, []), kept.get(code), minimum)
        pools += found
        leaving += left

    regions = {block.spot.region for block in leaving if block.spot.region}
    held = {code.removeprefix("pool~R") for code in kept if code.startswith("pool~R")}
    upward = [block for block in leaving if not block.spot.region]
    for region in sorted({*regions, *(code for code in held if "~" not in code)}):
        rung = [block for block in leaving if block.spot.region == region]
        code = f"pool~R{region}"
        found, left = pool_of_rung(code, region, rung, kept.get(code), minimum)
        pools += found
        upward += left

    found, left = pool_of_rung("pool~FR", "", upward, kept.get("pool~FR"), minimum)
    withheld = sorted(unit.code for block in left for unit in block.units)
    return Pooling(tuple(sorted([*pools, *found], key=lambda pool: pool.code)), tuple(withheld))


def group_code(parent: str, departement: str) -> str:
    return f"pool~{parent}~{departement}"


def block_of(pool: Pool, known: Mapping[str, Unit]) -> Block:
    """A carried pool; a member without received cells this time stays in it all the same."""
    units = tuple(known.get(code) or Unit(code, "", pool.spot) for code in pool.members)
    return Block(units, pool.spot)


def pool_of_group(
    code: str, siblings: Sequence[Unit], carried: Block | None, minimum: int
) -> tuple[list[Pool], list[Block]]:
    """The group's pool, if any, and those that leave the group."""
    small = sorted((unit for unit in siblings if is_small(unit, minimum)), key=lambda u: u.order)
    large = sorted((u for u in siblings if not is_small(u, minimum)), key=lambda u: u.order)
    fixed = list(carried.units) if carried else []
    if not small and not fixed:
        return [], []
    spot = carried.spot if carried else siblings[0].spot
    members = shortest_beginning([*fixed, *small], large, minimum)
    if members:
        return [pool_with(code, members, spot)], []
    alone = [Block((unit,), unit.spot) for unit in small]
    if carried is None:
        return [], alone
    # Newcomers that no large sibling can cover do not break up a pool that stands without them.
    members = shortest_beginning(fixed, large, minimum)
    if members:
        return [pool_with(code, members, spot)], alone
    return [], [carried, *alone]


def shortest_beginning(
    first: Sequence[Unit], others: Sequence[Unit], minimum: int
) -> list[Unit] | None:
    """`first`, then as few of `others` as the condition needs, in their order; None if all of
    them together do not satisfy it."""
    sums: Counter[int] = Counter()
    for unit in first:
        sums.update(unit.cells)
    for count in range(len(others) + 1):
        if count:
            sums.update(others[count - 1].cells)
        if len(first) + count >= 2 and stands(sums, minimum):
            return [*first, *others[:count]]
    return None


def stands(sums: Mapping[int, int], minimum: int) -> bool:
    return all(whole == 0 or whole >= minimum for whole in sums.values())


def pool_of_rung(
    code: str, region: str, blocks: Sequence[Block], carried: Block | None, minimum: int
) -> tuple[list[Pool], list[Block]]:
    """All blocks together with the carried pool; else the carried pool as it stood; else none.
    Then those that go up."""
    together = [carried, *blocks] if carried else list(blocks)
    for candidate, left in ((together, []), ([carried] if carried else [], list(blocks))):
        units = [unit for block in candidate for unit in block.units]
        if units and shortest_beginning(units, [], minimum):
            spot = Spot(common_ancestors(candidate), "", region)
            return [pool_with(code, units, spot)], left
    return [], together


def common_ancestors(blocks: Sequence[Block]) -> tuple[str, ...]:
    shared = set.intersection(*(set(block.spot.ancestors) for block in blocks))
    return tuple(code for code in blocks[0].spot.ancestors if code in shared)


def pool_with(code: str, units: Iterable[Unit], spot: Spot) -> Pool:
    return Pool(code, tuple(sorted(unit.code for unit in units)), spot)
