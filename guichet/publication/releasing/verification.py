"""A release computed again at any size, and compared with what it says.

Owns what is compared, in which order, and the words of each difference; refuses to correct.
`verify.py`, in the release, does the same without any code of ours.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pyarrow as pa

from guichet.core.files import sha256_of
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.figures import (
    FIGURE_COLUMNS,
    QUANTILE_COLUMNS,
    figure_slices,
    quantile_slices,
)
from guichet.indicators.calculations.kinds import Kind
from guichet.publication.releasing.file_tables import file_tables, table_of
from guichet.publication.releasing.from_batches import (
    BatchRows,
    differing_base,
    rows_of_batches,
)
from guichet.publication.releasing.leftovers import lake
from guichet.publication.releasing.manifest import (
    NAME,
    Manifest,
    read_manifest,
    stated_identity,
)
from guichet.publication.releasing.part_figures import pools_by_code, write_tables
from guichet.publication.releasing.parts import TEXT_KINDS, PartFiles
from guichet.publication.releasing.recomputing import (
    PartPaths,
    base_faults,
    differences,
    differing_rows,
    figure_rows,
)

Say = Callable[[str], None]


@dataclass
class Verdict:
    """`differences` are French sentences; the release is equal when there is none."""

    name: str
    identity: str
    parts: int = 0
    rows: int = 0
    batches: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.differences

    def tell(self, where: str, found: Iterable[str]) -> None:
        self.differences += [f"{where} : {each}" for each in found]


@dataclass(frozen=True)
class Checked:
    """A release under verification."""

    folder: Path
    manifest: Manifest
    definitions: dict[tuple[str, int], Definition]
    tables: duckdb.DuckDBPyConnection
    scratch: Path
    verdict: Verdict

    @property
    def through(self) -> date:
        return date.fromisoformat(self.manifest.through)

    def paths(self, part: PartFiles) -> PartPaths:
        found = {kind: self.folder / part.path_of(kind) for kind in part.files}
        return PartPaths({kind: path for kind, path in found.items() if path.is_file()})


def verify_release(
    folder: Path, *, with_batches: bool, say: Say = lambda sentence: None
) -> Verdict:
    """Recompute the release in `folder`. Raises BadManifest when it is none."""
    manifest = read_manifest(folder)
    verdict = Verdict(manifest.name, manifest.identity, parts=len(manifest.parts))
    with tempfile.TemporaryDirectory(prefix="guichet-verify-") as temporary:
        scratch = Path(temporary)
        with file_tables(scratch / "overflow", scratch, folder, lake()) as tables:
            say("Empreintes des fichiers")
            check_hashes(folder, manifest, verdict)
            definitions = read_definitions(folder / "indicators.csv", verdict)
            checked = Checked(folder, manifest, definitions, tables, scratch, verdict)
            batches = counted_rows(checked, say) if with_batches else []
            for rank, part in enumerate(manifest.parts, start=1):
                say(f"{part.key.name} ({rank} sur {len(manifest.parts)})")
                check_part(checked, part)
                if with_batches:
                    check_base(checked, part, batches)
    return verdict


def check_hashes(folder: Path, manifest: Manifest, verdict: Verdict) -> None:
    named = {part.path_of(kind): sha for part in manifest.parts for kind, sha in part.files.items()}
    named |= manifest.files
    for path, sha256 in sorted(named.items()):
        file = folder / path
        if not file.is_file():
            verdict.tell(path, ["ce fichier manque"])
        elif (found := sha256_of(file)) != sha256:
            verdict.tell(path, [f"empreinte {found} au lieu de {sha256}"])
    kinds = [path for kind in (*TEXT_KINDS, "parquet") for path in (folder / kind).rglob("*")]
    for file in sorted(path for path in kinds if path.is_file()):
        if file.relative_to(folder).as_posix() not in named:
            verdict.tell(file.relative_to(folder).as_posix(), [f"{NAME} ne nomme pas ce fichier"])
    if (stated := stated_identity(folder)) != manifest.identity:
        verdict.tell("identité", [f"{stated}, au lieu de {manifest.identity}"])


def read_definitions(path: Path, verdict: Verdict) -> dict[tuple[str, int], Definition]:
    """Of `indicators.csv`; what cannot be read is told."""
    found = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                found[line["code"], int(line["version"])] = definition_of(line)
    except (OSError, KeyError, ValueError, InvalidOperation) as error:
        verdict.tell("indicators.csv", [f"illisible ({error})"])
    return found


def definition_of(line: dict[str, str]) -> Definition:
    def optional(name: str) -> Decimal | None:
        return Decimal(line[name]) if line[name] else None

    return Definition(
        code=line["code"],
        version=int(line["version"]),
        kind=Kind(line["kind"]),
        nature=line["nature"],
        direction=line["direction"],
        margin=Decimal(line["margin"]),
        minimum=int(line["minimum"]),
        unit=line["unit"],
        target=optional("target"),
        is_summed=line["summed"] == "yes",
        bounds=tuple(Decimal(bound) for bound in line["bounds"].split("|") if bound),
        reference_bound=optional("reference_bound"),
    )


def check_part(checked: Checked, part: PartFiles) -> None:
    definition = checked.definitions.get((part.key.indicator, part.key.version))
    if definition is None:
        checked.verdict.tell(part.key.name, ["indicateur absent d'indicators.csv"])
        return
    paths, verdict = checked.paths(part), checked.verdict
    try:
        faults = base_faults(paths, definition, checked.tables)
        verdict.tell(part.path_of("base"), faults)
        sums = differing_rows(paths, definition, checked.through, checked.tables)
        verdict.tell(part.path_of("rows"), sums)
        check_figures(checked, part, definition)
    except (duckdb.Error, ValueError) as error:
        reason = str(error).splitlines()[0]
        verdict.tell(part.key.name, [f"ne peut pas être recalculée ({reason})"])


def check_figures(checked: Checked, part: PartFiles, definition: Definition) -> None:
    rows = figure_rows(checked.paths(part), definition, checked.tables)
    checked.verdict.rows += rows.num_rows
    before = checked.manifest.part(part.key.year_before)
    previous = figure_rows(checked.paths(before), definition, checked.tables) if before else None
    slices = figure_slices(
        rows,
        previous,
        definition,
        network=part.key.network,
        through=checked.through,
        pools=pools_of(checked, part),
        previous_pools=pools_of(checked, before) if before else {},
    )
    compare_text(checked, part, "figures", FIGURE_COLUMNS, slices)
    if definition.kind is Kind.DISTRIBUTION:
        quantiles = quantile_slices(rows, definition, part.key.network)
        compare_text(checked, part, "quantiles", QUANTILE_COLUMNS, quantiles)


def pools_of(checked: Checked, part: PartFiles) -> dict[str, tuple[str, ...]]:
    pools = checked.paths(part).table("pools")
    return pools_by_code(checked.tables.execute(f"SELECT pool, member FROM {pools}").fetchall())


def compare_text(
    checked: Checked,
    part: PartFiles,
    kind: str,
    columns: tuple[str, ...],
    slices: Iterable[pa.Table],
) -> None:
    """The same bytes, or the lines that differ."""
    again, published = checked.scratch / f"{kind}.csv", checked.folder / part.path_of(kind)
    write_tables(columns, slices, again)
    if published.is_file() and sha256_of(again) == sha256_of(published):
        return
    listed = ", ".join(columns)
    expected = f"SELECT concat_ws(',', {listed}) AS line FROM {table_of(kind, [again])}"
    found = checked.paths(part).table(kind)
    told = differences(expected, found, kind, checked.tables)
    checked.verdict.tell(part.path_of(kind), told or ["lignes dans un autre ordre"])


def counted_rows(checked: Checked, say: Say) -> list[BatchRows]:
    say("Lots acceptés")
    found, faults = rows_of_batches(checked.manifest.batches)
    checked.verdict.batches = len(found)
    checked.verdict.tell("lots", faults)
    return found


def check_base(checked: Checked, part: PartFiles, batches: list[BatchRows]) -> None:
    definition = checked.definitions.get((part.key.indicator, part.key.version))
    if definition is None:
        return
    paths = checked.paths(part)
    try:
        told = differing_base(part.key, paths, definition, batches, checked.through, checked.tables)
    except duckdb.Error as error:
        told = [f"ne peut pas être recalculée ({str(error).splitlines()[0]})"]
    checked.verdict.tell(f"{part.path_of('base')}, d'après les lots", told)
