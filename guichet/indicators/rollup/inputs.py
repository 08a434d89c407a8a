"""What a release is computed from, read once from the database.

Owns the frozen form of structures, grains, definitions and batches; refuses whatever changes
afterwards (`docs/methods/observation.md`, § 6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from guichet.core.errors import RuleViolation
from guichet.core.periods import PeriodKind
from guichet.core.tokens import sealed
from guichet.directory.models import Structure
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.models import Batch, Grain

CODE = re.compile(r"[0-9A-Za-z._-]+")


@dataclass(frozen=True, slots=True)
class FrozenStructure:
    """`ancestors` from the root, those of its own network; `parent` "" when it has none there."""

    code: str
    network: str
    level: str
    parent: str
    ancestors: tuple[str, ...]
    departement: str
    region: str
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True)
class FrozenGrain:
    """A grain with its definition. `ended_on` is its last day, None while it runs."""

    network: str
    definition: Definition
    level: str
    period_kind: PeriodKind
    cuts: tuple[str, ...]
    source: str
    first_period: str
    ended_on: date | None
    publication_level: str


@dataclass(frozen=True)
class FrozenBatch:
    """`contents` are (indicator code, version, period) that its rows name; `seal` is that of its
    rows' hash, which a published digest must not give away."""

    number: int
    network: str
    source: str
    path: Path
    seal: str
    contents: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class FrozenInputs:
    frozen_on: date
    through: date
    last_batch: int
    structures: Mapping[str, FrozenStructure]
    grains: tuple[FrozenGrain, ...]
    batches: tuple[FrozenBatch, ...]


def frozen_inputs(*, frozen_on: date, through: date, last_batch: int) -> FrozenInputs:
    """Today's tree and territories, all grains, and the counting batches up to `last_batch`."""
    grains = tuple(frozen_grains())
    networks = {grain.network for grain in grains}
    return FrozenInputs(
        frozen_on=frozen_on,
        through=through,
        last_batch=last_batch,
        structures=frozen_structures(networks),
        grains=grains,
        batches=tuple(frozen_batches(last_batch)),
    )


def frozen_structures(networks: Iterable[str]) -> dict[str, FrozenStructure]:
    """All structures: those of `networks` with their ancestors, checked for what a release needs
    of a code; the others too, for their rows stay with the network that sent them."""
    rows = list(
        Structure.objects.order_by("code").values_list(
            "code",
            "network__code",
            "level",
            "path",
            "pk",
            "commune__departement_id",
            "commune__departement__region_id",
            "opened_on",
            "closed_on",
        )
    )
    concerned = set(networks)
    refuse_codes(code for code, network, *_ in rows if network in concerned)
    tree = {pk: (code, network) for code, network, _, _, pk, *_ in rows}
    found = {}
    for code, network, level, path, pk, departement, region, opened_on, closed_on in rows:
        above = [tree[int(label)] for label in str(path).split(".") if int(label) != pk]
        ancestors = tuple(c for c, n in above if n == network and network)
        parent = above[-1][0] if above and above[-1][1] == network and network else ""
        found[code] = FrozenStructure(
            code=code,
            network=network or "",
            level=level,
            parent=parent,
            ancestors=ancestors,
            departement=departement or "",
            region=region or "",
            opened_on=opened_on,
            closed_on=closed_on,
        )
    return found


def refuse_codes(codes: Iterable[str]) -> None:
    wrong = [code for code in codes if not CODE.fullmatch(code)]
    if wrong:
        raise RuleViolation(
            f"Le code « {wrong[0]} » ne peut pas être publié : un code ne contient que des "
            f"lettres sans accent, des chiffres, des points et des tirets ({len(wrong)} en tout)."
        )


def frozen_grains() -> Iterable[FrozenGrain]:
    grains = Grain.objects.select_related("network", "version__indicator").order_by(
        "network__code", "version__indicator__code", "version__number", "first_period"
    )
    for grain in grains:
        refuse_codes(grain.cuts)
        yield FrozenGrain(
            network=grain.network.code,
            definition=grain.version.definition,
            level=grain.level,
            period_kind=PeriodKind(grain.period_kind),
            cuts=tuple(grain.cuts),
            source=grain.source,
            first_period=grain.first_period,
            ended_on=grain.ended_on,
            publication_level=grain.publication_level,
        )


def frozen_batches(last_batch: int) -> Iterable[FrozenBatch]:
    batches = (
        Batch.objects.counting()
        .filter(content=Batch.Content.OBSERVATIONS, number__lte=last_batch)
        .select_related("network")
        .order_by("number")
    )
    for batch in batches:
        yield FrozenBatch(
            number=batch.number or 0,
            network=batch.network.code,
            source=batch.source,
            path=Path(settings.LAKE) / batch.rows_file,
            seal=sealed("batch rows", batch.rows_sha256),
            contents=tuple(
                (indicator, version, period) for indicator, version, period, *_ in batch.contents
            ),
        )
