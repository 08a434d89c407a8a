"""The lines of a part one cell at a time, with the exact functions alone: what the fast ones must
equal, and what the bench compares them with."""

from __future__ import annotations

from guichet.core import periods
from guichet.indicators.calculations.figures import FIGURE_COLUMNS
from guichet.indicators.calculations.formulas import exact_value, plain, written
from guichet.indicators.calculations.intervals import interval
from guichet.indicators.calculations.quantiles import PUBLISHED, quantile
from guichet.indicators.calculations.verdicts import Cell, change, compare, state, target


def plain_lines(part, previous, definition, *, network, through, pools, previous_pools, only=None):
    """As `figure_slices`, as lists of text; `only` so many rows."""
    rows = part.to_pylist()
    cells = {key(row): cell(row, definition) for row in rows}
    for row in previous.to_pylist() if previous is not None else ():
        cells[key(row)] = cell(row, definition)
    found = []
    for row in rows[:only]:
        line = own_columns(row, definition) | {"network": network}
        line["to_date"] = "yes" if periods.period(row["period"]).last_day > through else ""
        for place, rest in rests(row, cells, definition.is_summed):
            compared = compare(definition, cells[key(row)], rest)
            line[f"rest_{place}"] = text(compared.other, definition)
            line[f"gap_{place}"] = text(compared.gap, definition)
            line[f"versus_{place}"] = compared.verdict
        for gap, verdict, move in (
            ("change_previous", "previous", periods.previous),
            ("change_year", "year_before", periods.year_before),
        ):
            code = move(row["period"])
            earlier = earlier_cell(row, code, cells, through, pools, previous_pools)
            compared = change(definition, cells[key(row)], earlier)
            line[gap], line[verdict] = text(compared.gap, definition), compared.verdict
        found.append([line.get(name, "") for name in FIGURE_COLUMNS])
    return found


def own_columns(row, definition):
    own = cell(row, definition)
    limits = interval(definition, own.counters) or (None, None)
    return {
        "indicator": definition.code,
        "version": str(definition.version),
        **{name: row[name] for name in ("level", "place", "period", "cut")},
        "state": state(definition, own),
        "value": text(exact_value(definition, own.counters), definition),
        "low": text(limits[0], definition),
        "high": text(limits[1], definition),
        "expected": str(own.expected),
        "received": str(own.received),
        "target": target(definition, own),
    }


def rests(row, cells, is_summed):
    """The rest of the département, of the nation, where the row has them."""
    if not is_summed or row["level"] == "nation":
        return
    own, slot = cells[key(row)], (row["period"], row["cut"])
    if row["departement"] and ("departement", row["departement"], *slot) in cells:
        yield "departement", cells["departement", row["departement"], *slot] - own
    if ("nation", "FR", *slot) in cells:
        yield "nation", cells["nation", "FR", *slot] - own


def earlier_cell(row, code, cells, through, pools, previous_pools):
    if code is None or max(periods.period(c).last_day for c in (code, row["period"])) > through:
        return None
    if row["level"] == "pool" and code[:4] != row["period"][:4]:
        members = pools.get(row["place"])
        if members is None or set(members) != set(previous_pools.get(row["place"], ())):
            return None
    return cells.get((row["level"], row["place"], code, row["cut"]))


def key(row):
    return row["level"], row["place"], row["period"], row["cut"]


def cell(row, definition):
    counters = tuple(row[f"c{rank + 1}"] for rank in range(len(definition.counters)))
    given = counters if row["received"] else None
    return Cell(given, row["expected"], row["received"])


def text(value, definition):
    return "" if value is None else written(value, definition)


def plain_quantiles(part, definition, *, network):
    """As `quantile_slices`, as lists of text."""
    found = []
    for row in part.to_pylist():
        for q in PUBLISHED:
            bounds = quantile(definition, cell(row, definition).counters, q)
            if bounds is None:
                continue
            limits = [bounds.above, bounds.at_most, bounds.interval_above, bounds.interval_at_most]
            typed = ["" if limit is None else plain(limit) for limit in limits]
            key_text = [network, definition.code, str(definition.version), *key(row)]
            found.append([*key_text, plain(q), *typed])
    return found
