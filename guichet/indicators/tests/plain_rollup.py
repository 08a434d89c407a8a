"""The roll-up of `docs/methods/observation.md` written from its text alone, slow and obvious.

Shares no line with `guichet.indicators.rollup`: dictionaries of keys, one loop for each rule.
"""

from __future__ import annotations

from collections import defaultdict

from guichet.core.periods import period, periods_above, periods_between
from guichet.indicators.calculations.kinds import whole_of

LEVELS = ["site", "departement", "region", "national"]


def summed(vectors):
    return tuple(sum(column) for column in zip(*vectors, strict=True))


def winning_rows(batches, grain):
    """§ 4: key → counters of the highest batch."""
    found = {}
    for _, network, source, rows in sorted(batches, key=lambda batch: batch[0]):
        for indicator, version, structure, code, cut, counters in rows:
            same = (indicator, version) == (grain.definition.code, grain.definition.version)
            if network == grain.network and source == grain.source and same:
                found[structure, code, cut] = tuple(counters)
    return found


def cells_of(structures, grain, batches, through):
    """§ 5, § 7: (structure, period, cut) → counters, or None when it is missing."""
    last = min(through, grain.ended_on or through)
    first = period(grain.first_period)
    days = (first.first_day, last)
    codes = periods_between(grain.period_kind, *days) if first.last_day <= last else []
    cuts = grain.cuts or ("",)
    rows = winning_rows(batches, grain)
    cells = {key: counters for key, counters in rows.items() if key[1] in codes}
    for structure in structures.values():
        if structure.network != grain.network or structure.level != grain.level:
            continue
        for code in codes:
            opens = structure.opened_on is None or structure.opened_on <= period(code).first_day
            closes = structure.closed_on is None or structure.closed_on >= period(code).last_day
            for cut in cuts:
                if opens and closes:
                    cells.setdefault((structure.code, code, cut), None)
    return cells


def unit_of(structure, structures, grain):
    """§ 2: the structure that is published, None when nothing is."""
    if LEVELS.index(grain.publication_level) <= LEVELS.index(grain.level):
        return structure
    chain = [structure.code, *reversed(structure.ancestors)]
    if structure.network != grain.network:
        chain = [structure.code]
    for code in chain:
        if structures[code].level == grain.publication_level:
            return structures[code]
    return None


def spot_of(unit, structures, grain):
    """§ 6: parent, ancestors, département, région."""
    if unit.network != grain.network:
        return ("", (), unit.departement, unit.region)
    coarser = LEVELS.index(grain.publication_level) > LEVELS.index(grain.level)

    def is_shown(code):
        level = structures[code].level
        if coarser and LEVELS.index(level) < LEVELS.index(grain.publication_level):
            return False
        return level != grain.publication_level

    ancestors = tuple(code for code in unit.ancestors if is_shown(code))
    return (unit.parent, ancestors, unit.departement, unit.region)


def whole(kind, counters):
    return 0 if counters is None else whole_of(kind, counters)


class Pools:
    """§ 9. `units`: code → (spot, {cell: whole}) of units with a received cell. `carried`: pool →
    (members, spot). A spot is (parent, ancestors, département, région)."""

    def __init__(self, units, minimum, carried):
        self.units, self.minimum, self.carried = units, minimum, carried
        self.pools, self.leaving = {}, []

    def is_small(self, code):
        return any(0 < n < self.minimum for n in self.units[code][1].values())

    def year(self, code):
        return sum(self.units[code][1].values())

    def holds(self, members):
        sums = defaultdict(int)
        for code in members:
            for cell, n in self.units.get(code, (None, {}))[1].items():
                sums[cell] += n
        return len(members) > 1 and all(n == 0 or n >= self.minimum for n in sums.values())

    def all_rungs(self):
        """pool → (members, spot), and the withheld."""
        taken = {code for members, _ in self.carried.values() for code in members}
        groups = defaultdict(set)
        for code, (spot, _) in self.units.items():
            if code not in taken:
                groups[f"pool~{spot[0]}~{spot[2]}"].add(code)
        for pool in self.carried:
            if pool.count("~") == 2:
                groups[pool] |= set()
        for pool, siblings in groups.items():
            self.group(pool, siblings)
        up = [block for block in self.leaving if not block[1][3]]
        regions = {block[1][3] for block in self.leaving if block[1][3]}
        regions |= {p[6:] for p in self.carried if p.startswith("pool~R") and p.count("~") == 1}
        for region in sorted(regions):
            blocks = [block for block in self.leaving if block[1][3] == region]
            up += self.rung(f"pool~R{region}", region, blocks)
        return self.pools, [code for codes, _ in self.rung("pool~FR", "", up) for code in codes]

    def group(self, pool, siblings):
        fixed, place = self.carried.get(pool, ((), None))
        small = [code for code in siblings if self.is_small(code)]
        if not small and not fixed:
            return
        spot = place or self.units[min(siblings)][0]
        large = sorted(siblings - set(small), key=lambda code: (self.year(code), code))
        for first in ([*fixed, *small], list(fixed)):
            starts = [[*first, *large[:n]] for n in range(len(large) + 1)]
            found = next((start for start in starts if first and self.holds(start)), None)
            if found:
                self.pools[pool] = (sorted(found), ("", spot[1], spot[2], spot[3]))
                outside = [code for code in small if code not in found]
                self.leaving += [([code], self.units[code][0]) for code in outside]
                return
        self.leaving += [([code], self.units[code][0]) for code in small]
        self.leaving += [(list(fixed), place)] if fixed else []

    def rung(self, pool, region, blocks):
        """Those who go up again."""
        fixed = self.carried.get(pool)
        former = [(list(fixed[0]), fixed[1])] if fixed else []
        for tried, left in (([*former, *blocks], []), (former, blocks)):
            members = [code for codes, _ in tried for code in codes]
            if self.holds(members):
                shared = set.intersection(*(set(spot[1]) for _, spot in tried))
                ancestors = tuple(code for code in tried[0][1][1] if code in shared)
                self.pools[pool] = (sorted(members), ("", ancestors, "", region))
                return left
        return [*former, *blocks]


def shown_periods(code, through):
    """§ 6: the period and those above that are published."""
    wider = [w for w in periods_above(code) if len(w.rstrip("W-")) == 4]
    whole_ones = [w for w in periods_above(code) if period(w).last_day <= through]
    return [code, *sorted({*wider, *whole_ones})]


def roll_up(structures, grain, batches, through, carried_by_year):
    """year → (base lines, rows lines, pools lines), headers left out, sorted by bytes."""
    definition = grain.definition
    by_year = defaultdict(dict)
    for (structure, code, cut), counters in cells_of(structures, grain, batches, through).items():
        by_year[int(code[:4])][structure, code, cut] = counters
    return {
        year: roll_up_year(
            structures, grain, cells, through, carried_by_year.get(year, {}), definition, year
        )
        for year, cells in by_year.items()
    }


def roll_up_year(structures, grain, cells, through, carried, definition, year):
    kind = definition.kind
    units, hidden = defaultdict(lambda: defaultdict(list)), set()
    for (structure, code, cut), counters in cells.items():
        unit = unit_of(structures[structure], structures, grain)
        if unit is None:
            hidden.add(structure)
        else:
            units[unit.code][code, cut].append(counters)
    held = {
        unit: {cell: together(found) for cell, found in cells.items()}
        for unit, cells in units.items()
    }
    spots = {unit: spot_of(structures[unit], structures, grain) for unit in units}
    received = {
        unit: (spots[unit], {c: whole(kind, total[0]) for c, total in cells.items() if total[2]})
        for unit, cells in held.items()
        if any(total[2] for total in cells.values())
    }
    found = Pools(received, definition.minimum, carried)
    if definition.is_summed:
        pools, withheld = found.all_rungs()
    else:
        pools, withheld = {}, [unit for unit in received if found.is_small(unit)]
    withheld = {*withheld, *hidden}
    base = base_of(held, spots, pools, withheld)
    start = f"{grain.network},{definition.code},{definition.version}"
    members = [(pool, code) for pool, (codes, _) in pools.items() for code in codes]
    members += [("withheld", code) for code in withheld]
    lines = (
        [
            f"{start},{level},{place},{'>'.join(above)},{departement},{region},{code},{cut},"
            + ending(total)
            for ((level, place), (above, departement, region), (code, cut)), total in base.items()
        ],
        [
            f"{start},{','.join(key)},{ending(added(totals))}"
            for key, totals in rows_of(base, definition, through).items()
        ],
        [f"{start},{year},{pool},{code}" for pool, code in members],
    )
    return tuple(sorted(found, key=str.encode) for found in lines)


def together(found):
    """Counters, expected, received of cells of one unit."""
    received = [counters for counters in found if counters is not None]
    return (summed(received) if received else None, len(found), len(received))


def added(totals):
    received = [counters for counters, _, _ in totals if counters is not None]
    counters = summed(received) if received else None
    return counters, sum(t[1] for t in totals), sum(t[2] for t in totals)


def ending(total):
    counters, expected, received = total
    text = "" if counters is None else "|".join(str(n) for n in counters)
    return f"{text},{expected},{received}"


def base_of(held, spots, pools, withheld):
    pooled = {code: pool for pool, (members, _) in pools.items() for code in members}
    public = defaultdict(list)
    for unit, cells in held.items():
        if unit in withheld:
            continue
        key = ("pool", pooled[unit]) if unit in pooled else ("structure", unit)
        spot = pools[pooled[unit]][1] if unit in pooled else spots[unit]
        for cell, total in cells.items():
            public[key, spot[1:], cell].append(total)
    return {key: added(totals) for key, totals in public.items()}


def rows_of(base, definition, through):
    rows = defaultdict(list)
    for ((level, place), (above, departement, region), (code, cut)), total in base.items():
        if not definition.is_summed:
            rows[level, place, code, cut].append(total)
            continue
        places = [(level, place), *(("structure", one) for one in above), ("nation", "FR")]
        places += [("departement", departement)] if departement else []
        places += [("region", region)] if region else []
        for one in places:
            for moment in shown_periods(code, through):
                for shown in sorted({cut, ""}):
                    rows[(*one, moment, shown)].append(total)
    return rows
