"""Small networks with their batches, drawn at random, as frozen inputs without a database."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from guichet.core.periods import PeriodKind, period, periods_between
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.rollup.freezing import freeze
from guichet.indicators.rollup.inputs import (
    FrozenBatch,
    FrozenGrain,
    FrozenInputs,
    FrozenStructure,
)
from guichet.indicators.tests.batch_files import Row, write_rows

NETWORK = "REL"
FIRST = {
    PeriodKind.DAY: "2025-12-20",
    PeriodKind.WEEK: "2025-W45",
    PeriodKind.MONTH: "2025-09",
    PeriodKind.QUARTER: "2025-Q1",
    PeriodKind.YEAR: "2024",
}
THROUGH = date(2026, 2, 10)
COUNTERS = {Kind.SHARE: 2, Kind.NET_SHARE: 3, Kind.MEAN: 3, Kind.DISTRIBUTION: 3, Kind.COUNT: 1}


@dataclass(frozen=True)
class Case:
    """`batches`: (number, network, source, rows)."""

    structures: Mapping[str, FrozenStructure]
    grain: FrozenGrain
    batches: Sequence[tuple[int, str, str, Sequence[Row]]]
    through: date = THROUGH

    def inputs(self, folder: Path) -> FrozenInputs:
        """With the rows of the batches written under `folder`."""
        frozen = []
        for number, network, source, rows in self.batches:
            path = folder / f"{number}.parquet"
            write_rows(path, rows)
            contents = sorted({(row[0], row[1], row[3]) for row in rows})
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            frozen.append(FrozenBatch(number, network, source, path, sha256, tuple(contents)))
        return FrozenInputs(
            frozen_on=self.through + timedelta(days=9),
            through=self.through,
            last_batch=len(self.batches),
            structures=dict(sorted(self.structures.items())),
            grains=(self.grain,),
            batches=tuple(frozen),
        )


def definition(kind: Kind = Kind.SHARE, minimum: int = 10, *, is_summed: bool = True) -> Definition:
    return Definition(
        code="satisfaction",
        version=1,
        kind=kind,
        nature="sample",
        direction="higher",
        margin=Decimal(3),
        minimum=minimum,
        is_summed=is_summed,
        bounds=(Decimal(7), Decimal(15)) if kind is Kind.DISTRIBUTION else (),
        reference_bound=Decimal(7) if kind is Kind.DISTRIBUTION else None,
    )


def grain(
    kind: PeriodKind = PeriodKind.MONTH,
    *,
    level: str = "site",
    publication_level: str = "",
    cuts: tuple[str, ...] = (),
    measured: Definition | None = None,
) -> FrozenGrain:
    return FrozenGrain(
        network=NETWORK,
        definition=measured or definition(),
        level=level,
        period_kind=kind,
        cuts=cuts,
        source="network",
        first_period=FIRST[kind],
        ended_on=None,
        publication_level=publication_level or level,
    )


def structure(
    code: str, level: str, parent: FrozenStructure | None = None, **fields
) -> FrozenStructure:
    found = FrozenStructure(
        code=code,
        network=NETWORK,
        level=level,
        parent=parent.code if parent else "",
        ancestors=(*parent.ancestors, parent.code) if parent else (),
        departement="",
        region="",
        opened_on=None,
        closed_on=None,
    )
    return replace(found, **fields)


def drawn_tree(dice: random.Random, sites: int) -> dict[str, FrozenStructure]:
    """A head office, offices of départements, sites under them; a few sites under a site, without
    a commune, opened or closed meanwhile, or gone to another network."""
    head = structure("REL", "national")
    found = {head.code: head}
    departements = [("59", "32"), ("62", "32"), ("63", "84"), ("975", "")]
    offices = []
    for code, region in departements:
        office = structure(f"REL-{code}", "departement", head, departement=code, region=region)
        offices.append(office)
        found[office.code] = office
    for rank in range(sites):
        parent = dice.choice([*offices, head])
        if dice.random() < 0.1:
            parent = dice.choice([s for s in found.values() if s.level != "national"])
        code, region = dice.choice(departements)
        if parent.departement and dice.random() < 0.9:
            code, region = parent.departement, parent.region
        if parent is head and dice.random() < 0.5:
            code, region = "", ""
        site = structure(f"S{rank:02}", "site", parent, departement=code, region=region)
        if dice.random() < 0.1:
            site = replace(site, closed_on=date(2025, 11, 30) + timedelta(dice.randrange(60)))
        if dice.random() < 0.1:
            site = replace(site, opened_on=date(2025, 11, 1) + timedelta(dice.randrange(60)))
        if dice.random() < 0.05:
            site = replace(site, network="AUTRE", parent="", ancestors=())
        found[site.code] = site
    return found


def drawn_counters(dice: random.Random, kind: Kind, *, is_large: bool) -> tuple[int, ...]:
    whole = dice.choice([0, 3, 7, 12, 30]) if not is_large else dice.randrange(40, 200)
    part = dice.randint(0, whole)
    other = dice.randint(0, whole - part)
    if kind is Kind.SHARE:
        return part, whole
    if kind is Kind.NET_SHARE:
        return part, other, whole
    if kind is Kind.MEAN:
        return 3 * whole, 9 * whole, whole
    if kind is Kind.DISTRIBUTION:
        return part, other, whole - part - other
    return (whole,)


def drawn_case(dice: random.Random, grain: FrozenGrain, sites: int = 8) -> Case:
    """Batches that overlap: a first sending, then corrections of some keys."""
    structures = drawn_tree(dice, sites)
    codes = periods_between(grain.period_kind, period(grain.first_period).first_day, THROUGH)
    large = {code for code in structures if dice.random() < 0.5}
    senders = [s for s in structures.values() if s.level == grain.level]
    batches = []
    for number, share in enumerate((0.9, 0.2, 0.2), start=1):
        rows = []
        for sender in senders:
            for code in codes:
                if dice.random() < share:
                    rows += [
                        (
                            grain.definition.code,
                            grain.definition.version,
                            sender.code,
                            code,
                            cut,
                            drawn_counters(
                                dice, grain.definition.kind, is_large=sender.code in large
                            ),
                        )
                        for cut in grain.cuts or ("",)
                    ]
        if rows:
            batches.append((number, NETWORK, grain.source, rows))
    return Case(structures, grain, batches)


def frozen_lines(out: Path, year: int, grain: FrozenGrain) -> tuple[list[str], ...]:
    """The lines of base, rows and pools of a part, without their headers, in the files' order."""
    name = f"{grain.network}/{grain.definition.code}.{grain.definition.version}/{year}.csv"
    paths = [out / kind / name for kind in ("base", "rows", "pools")]
    return tuple(path.read_text().splitlines()[1:] if path.exists() else [] for path in paths)


def freeze_case(case: Case, folder: Path, engine: str = "duckdb", pools=None):
    """The parts of a case, under `folder`/out."""
    return freeze(
        case.inputs(folder / "batches"),
        engine=engine,
        out=folder / "out",
        previous_pools=pools or {},
        known={},
    )
