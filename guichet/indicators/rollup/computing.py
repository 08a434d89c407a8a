"""One part computed: from the rows of batches to base rows, pools and published rows.

Owns the order of statements; refuses to know where its files go (`freezing`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from guichet.core.errors import RuleViolation
from guichet.core.periods import ABOVE, period, periods_above
from guichet.indicators.rollup.engines import Engine, Tables
from guichet.indicators.rollup.inputs import FrozenBatch, FrozenInputs
from guichet.indicators.rollup.parts import PartPlan, inputs_digest
from guichet.indicators.rollup.places import (
    NATION,
    OFFSETS,
    Atlas,
    Name,
    Units,
    integers,
    name_table,
    table_of,
)
from guichet.indicators.rollup.pooling import Pool, Pooling, Unit, pooled
from guichet.indicators.rollup.statements import counter_columns, statement, words_of
from guichet.indicators.rollup.writing import Wording


class Rollup:
    """What the parts of a release share: the atlas, and the units of each network and level."""

    def __init__(
        self, inputs: FrozenInputs, engine: Engine, carried: Mapping[str, Sequence[Pool]]
    ) -> None:
        self.inputs = inputs
        self.engine = engine
        self.carried = carried
        self.atlas = Atlas(inputs.structures, [p for pools in carried.values() for p in pools])
        self.named: dict[str, dict[str, tuple[int, int]]] = {}
        self.units: dict[tuple[str, str, str], Units] = {}
        self.arranged: Units | None = None
        self.tables = Tables(engine)
        self.tables.register("structures", self.atlas.structure_names())

    def plan_digest(self, plan: PartPlan) -> str:
        units = self.units_of(plan)
        return inputs_digest(plan, units.digest(plan.year, plan.first_day, plan.last_day))

    def units_of(self, plan: PartPlan) -> Units:
        grain = plan.grain
        key = (grain.network, grain.level, grain.publication_level)
        if key not in self.units:
            named = self.named_by(grain.network)
            self.units[key] = Units(self.atlas, grain.network, key[1:], named)
        return self.units[key]

    def named_by(self, network: str) -> dict[str, tuple[int, int]]:
        """Structures that the network's batches name, with the first and last year."""
        if network not in self.named:
            self.named[network] = self.read_named(network)
        return self.named[network]

    def read_named(self, network: str) -> dict[str, tuple[int, int]]:
        batches: dict[tuple[int, int], list[FrozenBatch]] = defaultdict(list)
        for batch in self.inputs.batches:
            if batch.network == network and batch.contents:
                years = [int(code[:4]) for _, _, code in batch.contents]
                batches[min(years), max(years)].append(batch)
        named: dict[str, tuple[int, int]] = {}
        for (first, last), found in sorted(batches.items()):
            self.engine.register_rows([(batch.number, batch.path) for batch in found], ())
            for code in self.engine.fetch(statement("named", {})).column(0).to_pylist():
                known = named.get(code, (first, last))
                named[code] = (min(known[0], first), max(known[1], last))
        lost = sorted(code for code in named if code not in self.inputs.structures)
        if lost:
            raise RuleViolation(
                f"Les lots du réseau {network} nomment « {lost[0]} », qui n'est plus dans "
                f"l'annuaire ({len(lost)} structures en tout) : rétablissez-la, fermée s'il le "
                "faut, ou retirez le lot."
            )
        return named

    def compute(self, plan: PartPlan) -> PartComputation:
        units = self.units_of(plan)
        if units is not self.arranged:
            self.arranged = units
            self.tables.register("units", units.members())
            self.tables.register("unit_spots", units.unit_spots())
        computation = PartComputation(self.tables, plan, units, self.carried.get(plan.name, ()))
        computation.run()
        return computation


class PartComputation:
    """The tables of one part, named as the statements of `sql/` name them."""

    def __init__(
        self, tables: Tables, plan: PartPlan, units: Units, carried: Sequence[Pool]
    ) -> None:
        self.tables = tables
        self.engine = tables.engine
        self.plan = plan
        self.units = units
        self.carried = carried
        self.definition = plan.grain.definition
        self.columns = counter_columns(self.definition)
        self.words = words_of(self.definition) | {
            "network": plan.grain.network,
            "first_period": plan.periods[0],
            "last_period": plan.periods[-1],
            "cell_count": len(plan.periods) * len(plan.cuts),
            "structure_place": OFFSETS["structure"],
        }
        kind = plan.grain.period_kind
        self.wider_columns = [f"wider_{rank}" for rank, _ in enumerate(ABOVE[kind], start=1)]
        self.pooling = Pooling()

    def run(self) -> None:
        plan = self.plan
        self.register_calendar()
        self.tables.register("openings", self.units.openings(plan.first_day, plan.last_day))
        self.keep_latest()
        self.define("missing")
        self.keep("cells", "cells_coarser" if self.units.is_coarser else "cells")
        self.pooling = self.pool()
        self.keep_base()
        if self.definition.is_summed:
            self.tables.register("spot_places", self.units.spot_places())
            self.define_unit_sums()
            self.define("spot_sums")
            self.define("above")

    def rows(self) -> Iterator[pa.RecordBatch]:
        """Published rows as numbers, in the order of their lines."""
        name = "published" if self.definition.is_summed else "own_rows"
        return self.engine.stream(self.statement(name))

    def define_unit_sums(self) -> None:
        """Empty when the grain is the widest of periods and has no cuts."""
        sets = self.grouping_sets()
        if sets:
            shown = [name for name in self.moments() if any(name in found for found in sets)]
            has_cuts = any("own_cut" in found for found in sets)
            self.words |= {
                "shown_period": f"COALESCE({', '.join(shown)})",
                "shown_cut": "COALESCE(own_cut, 0)" if has_cuts else "0",
                "moments": ", ".join(
                    ("b.period_id AS own_period", *(f"p.{name}" for name in self.moments()[1:]))
                ),
                "grouping_sets": ", ".join(f"(place_id, {', '.join(found)})" for found in sets),
            }
            self.define("unit_sums")
        else:
            self.define("unit_sums", "no_sums")

    def grouping_sets(self) -> list[tuple[str, ...]]:
        """The grain's period and each wider one, each cut and all together; but for the cells
        themselves."""
        cuts = (("own_cut",), ()) if self.plan.grain.cuts else (("own_cut",),)
        return [(moment, *cut) for moment in self.moments() for cut in cuts][1:]

    def moments(self) -> tuple[str, ...]:
        return ("own_period", *self.wider_columns)

    def keep(self, name: str, template: str = "") -> None:
        self.tables.keep(name, self.statement(template or name))

    def define(self, name: str, template: str = "") -> None:
        self.engine.define(name, self.statement(template or name))

    def statement(self, name: str) -> str:
        return statement(name, self.words)

    def register_calendar(self) -> None:
        """Periods and cuts in numbers that sort as their codes, and what each sums up to."""
        plan = self.plan
        shown = plan.shown_periods()
        period_ids = {code: number for number, code in enumerate(shown, start=1)}
        cuts = sorted({"", *plan.cuts})
        cut_ids = {code: number for number, code in enumerate(cuts)}
        bounds = [period(code) for code in plan.periods]
        wider = [[period_ids.get(code, 0) for code in periods_above(p.code)] for p in bounds]
        columns = {
            "period_id": [period_ids[p.code] for p in bounds],
            "first_day": [p.first_day.toordinal() for p in bounds],
            "last_day": [p.last_day.toordinal() for p in bounds],
            **{
                name: [found[rank] for found in wider]
                for rank, name in enumerate(self.wider_columns)
            },
        }
        self.tables.register("periods", integers(columns))
        self.tables.register("cuts", integers({"cut_id": [cut_ids[cut] for cut in plan.cuts]}))
        self.tables.register("period_names", named("period", period_ids))
        self.tables.register("cut_names", named("cut", cut_ids))
        contested = [period_ids[code] for code in plan.contested]
        self.tables.register("contested_periods", integers({"period_id": contested}))
        self.tables.register("wider", self.wider(period_ids, cut_ids))

    def wider(self, period_ids: Mapping[str, int], cut_ids: Mapping[str, int]) -> pa.Table:
        """What each cell sums up to: its period and those above, its cut and all together."""
        rows = [
            (period_ids[code], cut_ids[cut], period_ids[above], cut_ids[together])
            for code in self.plan.periods
            for cut in self.plan.cuts
            for above in (code, *(self.plan.above(code) if self.definition.is_summed else ()))
            for together in sorted({cut, ""})
        ]
        names = ("period_id", "cut_id", "shown_period_id", "shown_cut_id", "is_itself")
        return table_of(names, [(*row, int(row[:2] == row[2:])) for row in rows])

    def keep_latest(self) -> None:
        if not self.plan.batches:
            empty = {
                name: pa.array([], pa.int32()) for name in ("structure_id", "period_id", "cut_id")
            }
            numbers = {name: pa.array([], pa.int64()) for name in self.columns}
            self.tables.register("latest", pa.table({**empty, **numbers}))
            return
        files = [(batch.number, batch.path) for batch in self.plan.batches]
        self.engine.register_rows(files, self.columns)
        if self.plan.contested:
            self.keep("received")
            self.keep("latest")
        else:
            self.keep("latest", "received")

    def pool(self) -> Pooling:
        """Who is pooled, who is withheld. Structures without an ancestor of the publication
        level are withheld too: nothing below that level is published."""
        units = self.units
        small = set(self.column(self.statement("small"), "unit_id"))
        hidden = self.hidden_units() if units.unpublished else set()
        small -= hidden
        always = tuple(units.units[number].code for number in hidden)
        if not self.definition.is_summed:
            codes = tuple(units.units[number].code for number in small)
            return Pooling((), tuple(sorted((*always, *codes))))
        if not small and not self.carried:
            return Pooling((), tuple(sorted(always)))
        concerned = self.concerned(small) - hidden
        found = pooled(self.with_cells(concerned), self.definition.minimum, self.carried)
        return Pooling(found.pools, tuple(sorted((*found.withheld, *always))))

    def hidden_units(self) -> set[int]:
        """Units with cells that the publication level leaves nowhere."""
        return self.units.unpublished.intersection(
            self.column(self.statement("with_cells"), "unit_id")
        )

    def column(self, statement: str, name: str) -> list[int]:
        found: list[int] = self.engine.fetch(statement).column(name).to_pylist()
        return found

    def concerned(self, small: set[int]) -> set[int]:
        """The units of every group with a small one or with a carried pool, and its members."""
        units, ids = self.units, self.units.atlas.structure_ids
        keys = {group_of(units.units[number]) for number in small}
        found: set[int] = set()
        for pool in self.carried:
            found.update(ids[code] for code in pool.members)
            parts = pool.code.split("~")
            if len(parts) == 3:
                keys.add((parts[1], parts[2]))
        for key in keys:
            found.update(units.groups.get(key, ()))
        return found

    def with_cells(self, concerned: set[int]) -> list[Unit]:
        self.tables.register("concerned", integers({"unit_id": sorted(concerned)}))
        found = self.engine.fetch(self.statement("wholes"))
        cells: dict[int, dict[int, int]] = {}
        cut_ids = len(self.plan.cuts) + 1
        rows = zip(*(found.column(i).to_pylist() for i in range(4)), strict=True)
        for unit, period_id, cut_id, whole in rows:
            cells.setdefault(unit, {})[period_id * cut_ids + cut_id] = whole
        known = self.units.units
        return [
            Unit(known[number].code, known[number].parent, known[number].spot, wholes)
            for number, wholes in cells.items()
        ]

    def keep_base(self) -> None:
        units, ids = self.units, self.units.atlas.structure_ids
        rows = [(ids[code], 0, 0) for code in self.pooling.withheld]
        for rank, pool in enumerate(self.pooling.pools):
            place, spot = OFFSETS["pool"] + rank, units.spot_id(pool.spot)
            rows += [(ids[code], place, spot) for code in pool.members]
        self.tables.register("members", table_of(("unit_id", "place_id", "spot_id"), rows))
        self.keep("base")

    def wording(self) -> Wording:
        """The words of the part's files."""
        units, atlas, plan = self.units, self.units.atlas, self.plan
        names = [Name(OFFSETS["nation"], "nation", NATION)]
        names += [Name(n, "departement", code) for code, n in atlas.departement_ids.items()]
        names += [Name(n, "region", code) for code, n in atlas.region_ids.items()]
        names += [
            Name(OFFSETS["pool"] + rank, "pool", pool.code, pool.spot, is_unit=True)
            for rank, pool in enumerate(self.pooling.pools)
        ]
        odd = self.odd_units()
        names += [units.name(number, is_unit=True) for number in odd]
        above = {code for pool in self.pooling.pools for code in pool.spot.ancestors}
        names += [
            Name(OFFSETS["structure"] + atlas.structure_ids[code], "structure", code)
            for code in sorted(above)
            if atlas.structure_ids[code] not in units.units
        ]
        usual = units.names
        if odd:
            places = pa.array([OFFSETS["structure"] + number for number in odd], pa.int32())
            usual = usual.filter(pc.invert(pc.is_in(usual.column("place_id"), places)))
        definition = self.definition
        return Wording(
            (plan.grain.network, definition.code, definition.version),
            pa.concat_tables([name_table(names), usual]).sort_by("place_id"),
            plan.shown_periods(),
            sorted({"", *plan.cuts}),
            definition.counters,
        )

    def odd_units(self) -> list[int]:
        """Structures that have base rows though their level is not that of publication."""
        places = [OFFSETS["structure"] + number for number in self.units.odd_ones()]
        if not places:
            return []
        self.tables.register("odd_places", integers({"place_id": places}))
        found = self.column(self.statement("units_found"), "place_id")
        return [place - OFFSETS["structure"] for place in found]


def group_of(unit: Unit) -> tuple[str, str]:
    return unit.parent, unit.spot.departement


def named(column: str, ids: Mapping[str, int]) -> pa.Table:
    return pa.table(
        {
            f"{column}_id": pa.array(ids.values(), pa.int32()),
            column: pa.array(list(ids), pa.string()),
        }
    )
