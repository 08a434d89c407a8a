#!/usr/bin/env python3
"""Recompute a release from its own files, with Python's standard library alone (3.9 or newer).

Written from `docs/methods/observation.md`, from no other code; refuses to mend what it finds.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import heapq
import json
import operator
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TextIO

EXACT = Context(prec=50)
Z = Decimal("1.959963984540054")
SHOWN = 3
LEAST_COMPARED = 10  # cases (§ 11, step 4)
KEY = "network,indicator,version,level,place,period,cut"
HEADERS = {
    "base": "network,indicator,version,level,place,ancestors,departement,region,period,cut,"
    "counters,expected,received",
    "rows": f"{KEY},counters,expected,received",
    "figures": f"{KEY},state,to_date,value,low,high,expected,received,target,rest_departement,"
    "gap_departement,versus_departement,rest_nation,gap_nation,versus_nation,"
    "change_previous,previous,change_year,year_before",
    "quantiles": f"{KEY},q,above,at_most,interval_above,interval_at_most",
    "pools": "network,indicator,version,year,pool,member",
}
WIDTHS = {"share": 2, "net_share": 3, "mean": 3, "count": 1}
SHAPES = {"9999": "year", "9999-Q9": "quarter", "9999-99": "month", "9999-99-99": "day"}
SHAPES.update({"9999-W99": "week", "9999-W": "iso_year"})
ABOVE = {"day": "month quarter year", "month": "quarter year", "quarter": "year"}
ABOVE["week"] = "iso_year"
PART_NAME = re.compile(r"(\w[\w.-]*)/(\w[\w.-]*)\.([1-9][0-9]*)/([0-9]{4})", re.ASCII)
INTEGERS = re.compile(r"(0|[1-9][0-9]*)(\|(0|[1-9][0-9]*))*")
COMPARED = ("no_clear_difference", "better", "worse", "above", "below")
CHANGED = ("no_clear_change", "improved", "worsened", "rose", "fell")
CLOSING = (
    "ÉGAL : {} lignes publiées, et tous leurs chiffres, recalculés et comparés un à un.",
    "DIFFÉRENT : des fichiers ont changé, ou des chiffres ne suivent pas la méthode.",
    "INCOMPLET : un fichier manque ou ne se lit pas. Téléchargez à nouveau toute l'édition.",
)

Cell = list[int]  # the counters in the order of the definition, then expected and received
Rows = dict[tuple[str, str], Cell]  # the cells of one place, by period and cut


class Unreadable(Exception):
    """A file is missing or cannot be read: the check is not complete."""


class Fault(Exception):
    """A file says what cannot be: its part cannot be recomputed."""


@lru_cache(maxsize=20_000)
def kind_of(code: str) -> str:
    return SHAPES[re.sub("[0-9]", "9", code)]


def code_of(kind: str, day: date) -> str:
    """The code of the period of this kind that holds `day`."""
    year, week, _ = day.isocalendar()
    quarter = (day.month + 2) // 3
    if kind in ("week", "iso_year"):
        return f"{year:04}-W" + (f"{week:02}" if kind == "week" else "")
    text = day.isoformat()
    return {"day": text, "month": text[:7], "quarter": f"{text[:4]}-Q{quarter}"}.get(kind, text[:4])


@lru_cache(maxsize=20_000)
def days_of(code: str) -> tuple[date, date]:
    """First and last day of a period; LookupError or ValueError when there is none."""
    kind, year = kind_of(code), int(code[:4])
    if kind == "day":
        return date.fromisoformat(code), date.fromisoformat(code)
    if kind == "week":
        monday = date.fromisocalendar(year, int(code[6:]), 1)
        return monday, monday + timedelta(days=6)
    if kind == "iso_year":
        after = date.fromisocalendar(year + 1, 1, 1)
        return date.fromisocalendar(year, 1, 1), after - timedelta(days=1)
    length = {"year": 12, "quarter": 3, "month": 1}[kind]
    before = (int(code[5:].strip("Q") or 1) - 1) * length
    after = date(year + (before + length) // 12, (before + length) % 12 + 1, 1)
    return date(year, before + 1, 1), after - timedelta(days=1)


@lru_cache(maxsize=20_000)
def above(code: str) -> tuple[str, ...]:
    """The periods that it sums up to."""
    return tuple(code_of(kind, days_of(code)[0]) for kind in ABOVE.get(kind_of(code), "").split())


@lru_cache(maxsize=20_000)
def previous_and_year_before(code: str) -> tuple[str, str]:
    """The second is empty when that day or week does not exist a year before."""
    previous = code_of(kind_of(code), days_of(code)[0] - timedelta(days=1))
    year_before = f"{int(code[:4]) - 1:04}{code[4:]}"
    try:
        days_of(year_before)
    except ValueError:
        return previous, ""
    return previous, year_before


class Definition:
    """A line of `indicators.csv`. `scale` goes from a quotient to the published value."""

    def __init__(self, line: Mapping[str, str]) -> None:
        self.kind = line["kind"]
        self.bounds = [bound for bound in (line.get("bounds") or "").split("|") if bound]
        self.is_distribution = self.kind == "distribution"
        self.width = len(self.bounds) + 1 if self.is_distribution else WIDTHS[self.kind]
        self.is_sample = line["nature"] == "sample" and self.kind != "count"
        self.direction = line["direction"]
        self.scale = 1 if self.kind in ("mean", "count") else 100
        self.target = Fraction(line["target"]) if line["target"] else None
        self.margin = Fraction(line["margin"])
        self.minimum = int(line["minimum"])
        self.is_summed = (line.get("summed") or "yes") != "no"
        self.reference = 0
        if self.is_distribution:
            reference = Decimal(line["reference_bound"])
            self.reference = [Decimal(bound) for bound in self.bounds].index(reference) + 1

    def whole(self, counters: Sequence[int]) -> int:
        return sum(counters) if self.is_distribution else counters[-1]

    def quotient(self, counters: Sequence[int]) -> tuple[int, int]:
        """Numerator and denominator of the value, before `scale`; the whole is not 0."""
        if self.kind == "count":
            return counters[0], 1
        if self.is_distribution:
            return sum(counters[: self.reference]), sum(counters)
        taken = counters[1] if self.kind == "net_share" else 0
        return counters[0] - taken, counters[-1]

    def is_possible(self, counters: Sequence[int]) -> bool:
        if self.kind == "mean":
            return counters[0] ** 2 <= counters[1] * counters[2]
        return self.is_distribution or sum(counters[:-1]) <= counters[-1]


def rounded(numerator: int, denominator: int, places: int = 1) -> str:
    """The exact quotient rounded once, half away from zero; no minus sign on zero."""
    units = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    digits = str(units).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if numerator < 0 and units else text


def wilson(part: int, whole: int) -> tuple[Decimal, Decimal]:
    """Between 0 and 1. The method's fractions, both sides multiplied by 2(n + z²)."""
    n, z2 = Decimal(whole), Z * Z
    half = Z * (z2 + 4 * Decimal(part * (whole - part)) / n).sqrt()
    low, high = ((2 * part + z2 + side) / (2 * (n + z2)) for side in (-half, half))
    return max(Decimal(0), low), min(Decimal(1), high)


def bonett_price(favourable: int, unfavourable: int, whole: int) -> tuple[Decimal, Decimal]:
    n = Decimal(whole + 2)
    a, b = (favourable + 1) / n, (unfavourable + 1) / n
    half = Z * ((a + b - (a - b) ** 2) / n).sqrt()
    return max(Decimal(-1), a - b - half), min(Decimal(1), a - b + half)


def normal(total: int, squares: int, count: int) -> tuple[Decimal, Decimal]:
    variance = Decimal(count * squares - total * total) / Decimal(count * (count - 1))
    mean, half = Decimal(total) / Decimal(count), Z * (variance / count).sqrt()
    return mean - half, mean + half


class Side:
    """The value of one cell, as it stands in a comparison."""

    def __init__(self, definition: Definition, cell: Cell) -> None:
        self.definition, self.counters = definition, cell[:-2]
        self.expected, self.received = cell[-2:]
        self.whole = definition.whole(self.counters)
        self.has_value = self.received > 0 and self.whole > 0
        least = 30 if definition.kind == "mean" else 1
        self.has_interval = definition.is_sample and self.has_value and self.whole >= least

    @cached_property
    def interval(self) -> tuple[Decimal, Decimal]:
        if self.definition.kind == "mean":
            return normal(*self.counters)
        if self.definition.kind == "net_share":
            return bonett_price(*self.counters)
        return wilson(*self.definition.quotient(self.counters))

    def written(self) -> list[str]:
        """The value and its interval, as published."""
        definition = self.definition
        if not self.has_value:
            return ["", "", ""]
        numerator, denominator = definition.quotient(self.counters)
        places = 0 if definition.kind == "count" else 1
        value = rounded(numerator * definition.scale, denominator, places)
        if not self.has_interval:
            return [value, "", ""]
        return [
            value,
            *(rounded(*(limit * definition.scale).as_integer_ratio()) for limit in self.interval),
        ]

    def target_word(self) -> str:
        target = self.definition.target
        if target is None or not self.has_value:
            return ""
        value = Fraction(*self.definition.quotient(self.counters)) * self.definition.scale
        is_met = value <= target if self.definition.direction == "lower" else value >= target
        return "met" if is_met else "not_met"

    def is_enough(self) -> bool:
        """Enough cases, and half of what is expected (§ 11, step 4)."""
        enough = self.has_value and self.whole >= max(self.definition.minimum, LEAST_COMPARED)
        enough = enough and (self.has_interval or not self.definition.is_sample)
        return enough and 2 * self.received >= self.expected


def difference_interval(own: Side, other: Side) -> tuple[Decimal, Decimal]:
    """Square and add (Newcombe's method 10), before `scale`."""
    (n1, d1), (n2, d2) = (side.definition.quotient(side.counters) for side in (own, other))
    first, second = Decimal(n1) / Decimal(d1), Decimal(n2) / Decimal(d2)
    (l1, u1), (l2, u2) = own.interval, other.interval
    gap = Decimal(n1 * d2 - n2 * d1) / Decimal(d1 * d2)
    lower = gap - ((first - l1) ** 2 + (u2 - second) ** 2).sqrt()
    return lower, gap + ((u1 - first) ** 2 + (second - l2) ** 2).sqrt()


def compare(own: Side, other: Side, words: Sequence[str]) -> tuple[str, str]:
    """The gap as published, and the verdict: from step 4 on."""
    if not own.is_enough() or not other.is_enough():
        return "", "insufficient"
    definition = own.definition
    (n1, d1), (n2, d2) = definition.quotient(own.counters), definition.quotient(other.counters)
    numerator, denominator = definition.scale * (n1 * d2 - n2 * d1), d1 * d2
    gap, margin = rounded(numerator, denominator), definition.margin
    unclear, better, worse, higher, lower = words
    if abs(numerator) * margin.denominator <= margin.numerator * denominator:
        return gap, unclear
    if definition.is_sample:
        low, high = difference_interval(own, other)
        if low <= 0 <= high:
            return gap, unclear
    if definition.direction == "none":
        return gap, higher if numerator > 0 else lower
    return gap, better if (numerator > 0) == (definition.direction == "higher") else worse


def compared_with_rest(own: Side, territory: Cell | None) -> tuple[str, str, str]:
    """The rest's value, the gap and the verdict: steps 1 to 7."""
    if territory is None or not own.has_value or own.definition.kind == "count":
        return "", "", ""
    mine = (*own.counters, own.expected, own.received)
    rest = Side(own.definition, list(map(operator.sub, territory, mine)))
    if rest.expected == 0:
        return "", "", ""
    return (rest.written()[0], *compare(own, rest, COMPARED))


def quantile(definition: Definition, buckets: Sequence[int], q: str) -> tuple[str, ...]:
    """`above, at_most, interval_above, interval_at_most`; an open bound is empty."""
    lowers, uppers = ["0", *definition.bounds], [*definition.bounds, ""]
    whole, share, last = sum(buckets), Decimal(q), len(buckets) - 1
    sums = [sum(buckets[: rank + 1]) for rank in range(len(buckets))]
    here = next(rank for rank, cases in enumerate(sums) if cases >= share * whole)
    if not definition.is_sample:
        return lowers[here], uppers[here], "", ""
    limits = [wilson(cases, whole) for cases in sums]
    first = next((rank for rank, limit in enumerate(limits) if limit[1] >= share), last)
    end = next((rank for rank, limit in enumerate(limits) if limit[0] >= share), last)
    return lowers[here], uppers[here], lowers[first], uppers[end]


def lines_of(path: Path, kind: str) -> Iterator[tuple[int, str]]:
    """The lines after the header, each with its number and its own end of line."""
    try:
        with path.open(encoding="utf-8", newline="\n") as lines:
            header = next(lines, "")
            if header != HEADERS[kind] + "\n":
                raise Fault(f"{kind} : en-tête inattendu : {header.strip()[:200]}")
            yield from enumerate(lines, start=2)
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path.name} : fichier absent ou illisible ({kind})") from error


def table(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path.name} : fichier absent ou illisible") from error


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


class Report:
    def __init__(self, out: TextIO, *, quiet: bool = False) -> None:
        self.out, self.quiet = out, quiet
        self.differences = self.missing = self.rows = 0

    def say(self, text: str) -> None:
        if not self.quiet:
            print(text, file=self.out, flush=True)

    def differs(self, what: str, found: str = "", expected: str = "", rank: int = 1) -> None:
        """A difference; only the first `SHOWN` of a file are shown."""
        self.differences += 1
        if rank <= SHOWN:
            print(f"DIFFÉRENT  {what}", file=self.out)
            for label, text in (("trouvé", found), ("recalculé", expected)):
                if text:
                    print(f"    {label:<10} {text!r}", file=self.out)

    def lacks(self, text: str) -> None:
        self.missing += 1
        print(f"ILLISIBLE  {text}", file=self.out)


class Comparison:
    """A file's lines against the lines recomputed, both in the order of their keys."""

    def __init__(self, report: Report, part: Part, kind: str) -> None:
        self.report, self.name = report, f"{kind}/{part.name}.csv"
        self.width = KEY.count(",") + (2 if kind == "quantiles" else 1)
        self.count = self.differences = self.number = 0
        self._lines = lines_of(part.path(kind), kind)
        self.found, self.key = "", [""]
        self.advance()

    def key_of(self, line: str) -> list[str]:
        return line.rstrip("\n").split(",")[: self.width]

    def advance(self) -> None:
        for number, line in self._lines:
            self.number, key = number, self.key_of(line)
            if key > self.key:
                self.found, self.key = line, key
                return
            self.tell("ligne en double, ou hors de l'ordre", found=line)
        self.found = ""

    def expect(self, line: str) -> None:
        self.count += 1
        if self.found != line:
            key = self.key_of(line)
            while self.found and self.key < key:
                self.tell("ligne en trop", found=self.found)
                self.advance()
            if not self.found or self.key != key:
                self.tell("ligne absente", expected=line)
                return
            self.tell("ligne différente", found=self.found, expected=line)
        self.advance()

    def tell(self, what: str, *, found: str = "", expected: str = "") -> None:
        self.differences, where = self.differences + 1, f"{self.name}, ligne {self.number}"
        self.report.differs(f"{where} : {what}", found, expected, self.differences)

    def finish(self) -> None:
        while self.found:
            self.tell("ligne en trop", found=self.found)
            self.advance()
        if self.differences > SHOWN:
            self.report.say(f"    {self.name} : {self.differences} lignes différentes en tout")


class Unit(NamedTuple):
    """A structure or a pool, or a place above them, with its cells."""

    level: str
    place: str
    ancestors: str
    departement: str
    region: str
    cells: Rows


class Part:
    """Holds the totals above units, and the pools; units are read again when needed."""

    def __init__(self, release: Release, name: str, line: Mapping[str, str]) -> None:
        self.folder, self.through, self.name = release.folder, release.through, name
        self.definition = Definition(line)
        self.series, self.year = re.split(r"/|\.(?=\d+/)", name)[:3], name[-4:]
        self.grains = [line for line in release.grains if list(line.values())[:3] == self.series]
        self.totals: dict[tuple[str, str], Rows] = {}
        self.pools: dict[str, list[str]] = {}

    def path(self, kind: str) -> Path:
        return self.folder / kind / f"{self.name}.csv"

    def units(self) -> Iterator[Unit]:
        """Base lines, unit by unit, in the order of the file, which is that of the rows."""
        unit = Unit("", "", "", "", "", {})
        for number, line in lines_of(self.path("base"), "base"):
            fields = line.split(",")
            try:
                cell = self.cell_of(fields)
                if fields[3:8] != list(unit[:5]):
                    if (fields[3], fields[4]) <= unit[:2]:
                        raise Fault("unité en deux endroits, ou hors de l'ordre")
                    if unit.cells:
                        yield unit
                    level, place, ancestors, departement, region = fields[3:8]
                    unit = Unit(level, place, ancestors, departement, region, {})
                key = fields[8], fields[9]
                if unit.cells and key <= next(reversed(unit.cells)):
                    raise Fault("ligne en double, ou hors de l'ordre")
            except (Fault, LookupError, ValueError) as error:
                raise Fault(f"base, ligne {number} : {error}\n    {line.rstrip()}") from error
            unit.cells[key] = cell
        if unit.cells:
            yield unit

    def cell_of(self, fields: Sequence[str]) -> Cell:
        """The integers of a base line; refuses what is small or impossible."""
        if len(fields) != 13 or fields[12][-1:] != "\n" or fields[:3] != self.series:
            raise Fault("ligne coupée, mal formée ou d'une autre part")
        if fields[3] not in ("structure", "pool") or not self.has_grain(fields[8], fields[9]):
            raise Fault("niveau, période ou coupe sans maille déclarée")
        definition, received = self.definition, fields[12][:-1]
        texts = fields[10] or "|".join("0" * definition.width)
        if not INTEGERS.fullmatch("|".join((texts, fields[11], received))):
            raise Fault("entier attendu")
        *counters, expected, present = map(int, (*texts.split("|"), fields[11], received))
        if len(counters) != definition.width or not definition.is_possible(counters):
            raise Fault("compteurs impossibles")
        if present > expected or (present == 0) != (fields[10] == ""):
            raise Fault("couverture impossible")
        if 0 < definition.whole(counters) < definition.minimum:
            raise Fault(f"moins de {definition.minimum} cas : sous le minimum publiable")
        return [*counters, expected, present]

    def has_grain(self, period: str, cut: str) -> bool:
        """Whether a grain of `grains.csv` holds this period, of this part, and this cut."""
        first, last = days_of(period)
        return (period[:4] == self.year and last <= self.through) and any(
            grain["period"] == kind_of(period)
            and cut in (grain["cuts"].split("|") if grain["cuts"] else [""])
            and days_of(grain["first_period"])[0] <= first
            and first.isoformat() <= (grain.get("ended_on") or "9999")
            for grain in self.grains
        )

    def rows_of(self, unit: Unit) -> Rows:
        """Its cells, summed over cuts and up the calendar."""
        if not self.definition.is_summed:
            return unit.cells
        rows: Rows = {}
        for (period, cut), cell in unit.cells.items():
            for code in (period, *above(period)):
                if len(code) == 4 or code[-1] == "W" or days_of(code)[1] <= self.through:
                    for each in {cut, ""}:
                        add(rows, (code, each), cell)
        return rows

    def read(self) -> None:
        """First pass: totals of every place above the units, pools, and what cannot be."""
        units: dict[str, set[str]] = {"structure": set(), "pool": set()}
        for unit in self.units():
            units[unit.level].add(unit.place)
            rows = self.rows_of(unit)
            for place in places_above(unit) if self.definition.is_summed else ():
                totals = self.totals.setdefault(place, {})
                for key, cell in rows.items():
                    add(totals, key, cell)
        self.read_pools(units)

    def read_pools(self, units: Mapping[str, set[str]]) -> None:
        """Members, and ancestors that are units themselves, have no other row of their own."""
        path = self.path("pools")
        for number, line in lines_of(path, "pools") if path.exists() else ():
            fields = line.rstrip("\n").split(",")
            if fields[:4] != [*self.series, self.year] or len(fields) != 6:
                raise Fault(f"pools, ligne {number} : ligne mal formée ou d'une autre part")
            self.pools.setdefault(fields[4], []).append(fields[5])
        members = [member for each in self.pools.values() for member in each]
        for code in units["structure"].union(members):
            self.totals.pop(("structure", code), None)
        if len(set(members)) < len(members) or not units["structure"].isdisjoint(members):
            raise Fault("pools : un membre est dans deux regroupements, ou publié à part")
        for pool in units["pool"].union(self.pools) - {"withheld"}:
            if len(self.pools.get(pool, ())) < 2:
                raise Fault(f"pools : {pool} n'a pas deux membres")

    def places(self) -> Iterator[Unit]:
        """Second pass: every place with its rows, in the order of the files."""
        units = (unit._replace(cells=self.rows_of(unit)) for unit in self.units())
        totals = (Unit(*place, "", "", "", self.totals[place]) for place in sorted(self.totals))
        return heapq.merge(units, totals, key=operator.itemgetter(0, 1))


def places_above(unit: Unit) -> list[tuple[str, str]]:
    places = [("structure", ancestor) for ancestor in unit.ancestors.split(">")]
    places += [("departement", unit.departement), ("region", unit.region), ("nation", "FR")]
    return [(level, place) for level, place in places if place]


def add(rows: Rows, key: tuple[str, str], cell: Cell) -> None:
    known = rows.get(key)
    rows[key] = list(cell) if known is None else list(map(operator.add, known, cell))


class YearBefore:
    """The rows of the year before, for places asked in the order of the files."""

    def __init__(self, part: Part | None) -> None:
        self.pools = part.pools if part else {}
        self._places = iter(part.places() if part else ())
        self._next = next(self._places, None)

    def of(self, place: Unit, members: Sequence[str]) -> Rows:
        """Nothing for a pool of other members."""
        while self._next and self._next[:2] < place[:2]:
            self._next = next(self._places, None)
        if not self._next or self._next[:2] != place[:2]:
            return {}
        is_other = place.level == "pool" and set(self.pools.get(place.place, ())) != set(members)
        return {} if is_other else self._next.cells


def figure(part: Part, place: Unit, key: tuple[str, str], earlier: Rows) -> list[str]:
    """The columns of a line of figures, from `state` on."""
    period, cut = key
    own = Side(part.definition, place.cells[key])
    state = "published" if own.has_value else "no_whole" if own.received else "missing"
    is_to_date = days_of(period)[1] > part.through
    nation = {} if place.level == "nation" else part.totals.get(("nation", "FR"), {})
    departement = part.totals.get(("departement", place.departement), {})
    changes: list[str] = []
    for code in previous_and_year_before(period):
        other = (place.cells if code[:4] == period[:4] else earlier).get((code, cut))
        if other and own.has_value and part.definition.kind != "count" and not is_to_date:
            changes.extend(compare(own, Side(part.definition, other), CHANGED))
        else:
            changes.extend(("", ""))
    return [
        *(state, "yes" if is_to_date else "", *own.written()),
        *(str(own.expected), str(own.received), own.target_word()),
        *compared_with_rest(own, departement.get(key)),
        *compared_with_rest(own, nation.get(key)),
        *changes,
    ]


def recompute(part: Part, before: Part | None, files: Mapping[str, Comparison]) -> None:
    """Every line of rows, figures and quantiles, place by place."""
    earlier_places = YearBefore(before)
    for place in part.places():
        earlier = earlier_places.of(place, part.pools.get(place.place, ()))
        for key in sorted(place.cells):
            start = ",".join((*part.series, place.level, place.place, *key, ""))
            *counters, expected, received = place.cells[key]
            written = "|".join(map(str, counters)) if received else ""
            files["rows"].expect(f"{start}{written},{expected},{received}\n")
            files["figures"].expect(f"{start}{','.join(figure(part, place, key, earlier))}\n")
            if part.definition.is_distribution and any(counters):
                for q in ("0.5", "0.9"):
                    bounds = ",".join(quantile(part.definition, counters, q))
                    files["quantiles"].expect(f"{start}{q},{bounds}\n")


class Release:
    """A release's folder and what its manifest says of it."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder, self.report = folder, report
        try:
            self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
            self.through = date.fromisoformat(self.manifest["through"])
            self.parts = {entry["name"]: entry for entry in self.manifest["parts"]}
            self.files: dict[str, str] = dict(self.manifest.get("files") or {})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"manifest.json absent ou illisible dans {folder}") from error
        self.grains = table(folder / "grains.csv")
        self.definitions = {
            (line.get("code"), line.get("version")): line
            for line in table(folder / "indicators.csv")
        }

    def check(self) -> None:
        self.report.say(f"Édition « {self.manifest.get('name')} », jusqu'au {self.through}")
        self.check_files()
        lines = (f"{self.parts[part].get('rows')}  {part}.csv\n" for part in sorted(self.parts))
        identity = hashlib.sha256("".join(lines).encode()).hexdigest()
        self.report.say(f"Identité {identity}")
        if identity != (found := str(self.manifest.get("identity"))):
            self.report.differs("identité de l'édition dans le manifeste", found, identity)
        before: Part | None = None
        for part_name in sorted(self.parts):
            try:
                before = self.check_part(part_name, before)
            except Fault as error:
                self.report.differs(f"{part_name} : {error}")
            except Unreadable as error:
                self.report.lacks(f"{part_name} : {error}")
        if (self.folder / "declared.csv").exists():
            self.check_declared()

    def check_files(self) -> None:
        """Hashes of the manifest, and files that it does not name."""
        for name, entry in self.parts.items():
            for kind in {"parquet/rows", "parquet/figures", *HEADERS}.intersection(entry):
                self.files[f"{kind}/{name}.{kind[:7] if '/' in kind else 'csv'}"] = entry[kind]
        for name, expected in sorted(self.files.items()):
            if Path(name).is_absolute() or ".." in Path(name).parts:
                self.report.lacks(f"{name!r} : le manifeste nomme un fichier hors du dossier")
                continue
            try:
                if sha256_of(self.folder / name) != expected:
                    self.report.differs(f"{name} : empreinte autre que dans le manifeste")
            except OSError:
                self.report.lacks(f"{name} : fichier absent ou illisible")
        found = [path for kind in HEADERS for path in (self.folder / kind).rglob("*")]
        for path in sorted([*found, *self.folder.glob("*.py")]):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name not in {*self.files, "verify.py"}:
                self.report.differs(f"{name} : fichier que le manifeste ne nomme pas")

    def check_part(self, name: str, before: Part | None) -> Part:
        """The part: its totals serve the year that follows."""
        known = self.report.differences
        match = PART_NAME.fullmatch(name)
        line = self.definitions.get((match[2], match[3])) if match else None
        try:
            part = Part(self, name, line or {})
        except (LookupError, ValueError, ArithmeticError) as error:
            raise Fault("nom mal formé, ou indicateur mal défini dans indicators.csv") from error
        part.read()
        kinds = ("rows", "figures", "quantiles")[: 3 if part.definition.is_distribution else 2]
        files = {kind: Comparison(self.report, part, kind) for kind in kinds}
        is_next = before and (before.series, int(before.year)) == (part.series, int(part.year) - 1)
        recompute(part, before if is_next else None, files)
        for file in files.values():
            file.finish()
        self.report.rows += files["rows"].count
        outcome = "ÉGAL" if self.report.differences == known else "DIFFÉRENT"
        count = files["rows"].count
        self.report.say(f"{name} : {count} lignes publiées et leurs chiffres : {outcome}")
        return part

    def check_declared(self) -> None:
        """Declared values are shown as typed, with nothing else."""
        expected = set()
        for line in table(self.folder / "declared.csv"):
            fields = [line.get(column) or "" for column in KEY.split(",")]
            fields += ["declared", "", line.get("value") or ""]
            expected.add(",".join(fields) + "," * 15 + "\n")
        found = {text for _, text in lines_of(self.folder / "declared_figures.csv", "figures")}
        for rank, text in enumerate(sorted(expected ^ found), start=1):
            sides = ("", text) if text in expected else (text, "")
            self.report.differs("declared_figures.csv", *sides, rank)
        self.report.say(f"Valeurs déclarées par les réseaux : {len(expected)}")


def check(folder: Path, out: TextIO, *, quiet: bool = False) -> int:
    """0 when all is equal, 1 when something differs, 2 when something cannot be read."""
    report = Report(out, quiet=quiet)
    with localcontext(EXACT):
        try:
            Release(folder, report).check()
        except (Fault, Unreadable) as error:
            report.lacks(str(error))
    outcome = 2 if report.missing else 1 if report.differences else 0
    print(CLOSING[outcome].format(report.rows), file=out)
    return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    about = "Recalcule une édition. Fin : 0, tout est égal ; 1, non ; 2, un fichier manque."
    parser = argparse.ArgumentParser(description=about)
    here = Path(__file__).resolve().parent
    parser.add_argument("dossier", nargs="?", type=Path, default=here, help="celui de l'édition")
    parser.add_argument("--quiet", action="store_true", help="ne dire que les différences")
    chosen = parser.parse_args(arguments)
    return check(chosen.dossier, sys.stdout, quiet=chosen.quiet)


if __name__ == "__main__":
    sys.exit(main())
