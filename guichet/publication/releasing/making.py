"""A release, from what counts in the database to a folder in its place.

Owns the order of the steps and what is reused; refuses to switch what readers see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import connection, transaction

from guichet.core.files import sha256_of
from guichet.core.tokens import sealed
from guichet.directory.models import Structure
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.models import Batch, Grain, IndicatorVersion
from guichet.indicators.rollup.freezing import FrozenPart, freeze
from guichet.indicators.rollup.inputs import FrozenInputs, frozen_inputs
from guichet.publication import verify
from guichet.publication.models import Release
from guichet.publication.releasing import corrections, readme, tables
from guichet.publication.releasing.csv_text import line_of
from guichet.publication.releasing.declared import (
    DeclaredLine,
    declared_csv,
    declared_figures_csv,
)
from guichet.publication.releasing.earlier import Earlier, carried_pools, earlier_release, held
from guichet.publication.releasing.file_tables import file_tables, table_of
from guichet.publication.releasing.folder import assemble, hashes, put_in_place
from guichet.publication.releasing.leftovers import (
    PARTIAL,
    WORK,
    draft_of,
    folder_of,
    lake,
    object_store,
    remove_folders,
)
from guichet.publication.releasing.manifest import (
    BATCH_SEAL,
    NAME,
    CountedBatch,
    Manifest,
    manifest_bytes,
)
from guichet.publication.releasing.objects import ObjectStore
from guichet.publication.releasing.part_figures import (
    FiguresInputs,
    RowsOfYear,
    pools_by_code,
    write_figures,
)
from guichet.publication.releasing.parts import PartFiles, PartKey, path_of

Say = Callable[[str], None]
ROW_KINDS = ("base", "rows", "pools", "parquet/rows")
FIGURE_KINDS = ("figures", "quantiles", "parquet/figures")


@dataclass(frozen=True)
class Counted:
    """What counts, read at one moment."""

    inputs: FrozenInputs
    batches: Sequence[CountedBatch]
    grains: Sequence[Grain]
    versions: Sequence[IndicatorVersion]
    declared: Sequence[DeclaredLine]
    is_demonstration: bool

    @property
    def definitions(self) -> dict[tuple[str, int], Definition]:
        found = [version.definition for version in self.versions]
        return {(each.code, each.version): each for each in found}


@dataclass(frozen=True)
class Made:
    """A release whose folder is in its place; `former` are the parts of the release before."""

    manifest: Manifest
    declared: Sequence[DeclaredLine]
    corrections: Path
    changed_line_count: int
    former: frozenset[PartKey]


@dataclass(frozen=True)
class Workshop:
    """Where a release is made."""

    release: Release
    store: ObjectStore
    folder: Path
    tables: duckdb.DuckDBPyConnection
    earlier: Earlier
    say: Say = field(repr=False)


def make_release(release: Release, engine: str, say: Say) -> Made:
    """Compute what changed and put the folder in its place. The caller holds the lock."""
    store, work = object_store(), draft_of(release.name, WORK)
    with file_tables(work / "overflow", lake()) as connection_of_files:
        shop = Workshop(release, store, work, connection_of_files, earlier_release(store), say)
        say("Lecture des lots, des définitions et de l'annuaire")
        counted = count(release)
        say("Sommes par structure, territoire et période")
        parts = with_figures(frozen_parts(shop, counted, engine), shop, counted)
        say("Corrections par rapport à l'édition précédente")
        corrected = work / corrections.NAME
        changed_line_count = write_corrections(shop, parts, corrected)
        say("Écriture du dossier de l'édition")
        manifest = write_folder(shop, counted, parts, corrected, engine)
    return Made(
        manifest=manifest,
        declared=counted.declared,
        corrections=folder_of(release.name) / corrections.NAME,
        changed_line_count=changed_line_count,
        former=frozenset(shop.earlier.parts),
    )


def count(release: Release) -> Counted:
    """One snapshot, so that what is sent or withdrawn meanwhile waits for the next release."""
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        inputs = frozen_inputs(
            frozen_on=release.frozen_on, through=release.through, last_batch=release.last_batch
        )
        grains = tables.grains_until(release.through)
        declared = tables.declared_lines(through=release.through, last_batch=release.last_batch)
        keys = {(grain.version.indicator.code, grain.version.number) for grain in grains}
        keys |= {(line.indicator, line.version) for line in declared}
        networks = {grain.network.code for grain in grains} | {line.network for line in declared}
        return Counted(
            inputs=inputs,
            batches=counted_batches(release.last_batch),
            grains=grains,
            versions=tables.versions_named(keys),
            declared=declared,
            is_demonstration=settings.DEMONSTRATION or are_fictional(networks),
        )


def counted_batches(last_batch: int) -> list[CountedBatch]:
    batches = Batch.objects.counting().filter(number__lte=last_batch).order_by("number")
    return [
        CountedBatch(number or 0, network, sealed(BATCH_SEAL, sha256))
        for number, network, sha256 in batches.values_list("number", "network__code", "sha256")
    ]


def are_fictional(networks: Iterable[str]) -> bool:
    return Structure.objects.filter(network__code__in=networks, is_fictional=True).exists()


def frozen_parts(shop: Workshop, counted: Counted, engine: str) -> list[PartFiles]:
    """The parts with their rows only; those whose inputs are known come from the earlier
    release."""
    out = shop.folder / "frozen"
    pools = carried_pools(shop.store, shop.tables)
    frozen = freeze(
        counted.inputs,
        engine=engine,
        out=out,
        previous_pools={key.name: found for key, found in pools.items()},
        known=shop.earlier.inputs,
        progress=lambda done, total, name: shop.say(f"Sommes : {name} ({done} sur {total})"),
    )
    return [taken(shop, part, out) for part in sorted(frozen, key=lambda part: part.name)]


def taken(shop: Workshop, part: FrozenPart, out: Path) -> PartFiles:
    """The files of a frozen part in the store. Where the text is that of the earlier release, its
    Parquet file is kept too: it may differ by the writer only."""
    key = PartKey(part.network, part.indicator, part.version, part.year)
    known = shop.earlier.reusable.get(key)
    if part.reused and known:
        return replace(known, inputs=part.inputs_digest, is_reused=True)
    files = {
        kind: shop.store.take(out / path_of(kind, key.name))
        for kind in ROW_KINDS
        if (out / path_of(kind, key.name)).is_file()
    }
    if known and all(
        known.files.get(kind) == files.get(kind) for kind in ("base", "rows", "pools")
    ):
        files["parquet/rows"] = known.files["parquet/rows"]
    return PartFiles(key, files, part.inputs_digest, "", part.row_count)


def with_figures(parts: Sequence[PartFiles], shop: Workshop, counted: Counted) -> list[PartFiles]:
    by_key = {part.key: part for part in parts}
    done = []
    for rank, part in enumerate(parts, start=1):
        inputs = figures_inputs(part, by_key.get(part.key.year_before), shop, counted)
        known = shop.earlier.reusable.get(part.key)
        if known and known.figures_inputs == inputs.digest:
            files = {kind: known.files[kind] for kind in FIGURE_KINDS if kind in known.files}
        else:
            shop.say(
                f"Chiffres : {part.key.network}, {part.key.indicator} ({rank} sur {len(parts)})"
            )
            files = computed_figures(inputs, shop)
        rows = {kind: part.files[kind] for kind in ROW_KINDS if kind in part.files}
        done.append(replace(part, files=rows | files, figures_inputs=inputs.digest))
    return done


def figures_inputs(
    part: PartFiles, before: PartFiles | None, shop: Workshop, counted: Counted
) -> FiguresInputs:
    return FiguresInputs(
        key=part.key,
        definition=counted.definitions[part.key.indicator, part.key.version],
        through=shop.release.through,
        rows=rows_of_year(part, shop),
        before=rows_of_year(before, shop) if before else None,
    )


def rows_of_year(part: PartFiles, shop: Workshop) -> RowsOfYear:
    members: list[tuple[str, str]] = []
    if "pools" in part.files:
        pools = table_of("pools", [shop.store.path(part.files["pools"])])
        members = shop.tables.execute(f"SELECT pool, member FROM {pools}").fetchall()
    return RowsOfYear(
        parquet=shop.store.path(part.files["parquet/rows"]),
        rows_sha256=part.rows_sha256,
        base_sha256=part.files["base"],
        pools=pools_by_code(members),
    )


def computed_figures(inputs: FiguresInputs, shop: Workshop) -> dict[str, str]:
    written = write_figures(inputs, shop.folder / "figures")
    files = {"figures": written.figures, "parquet/figures": written.parquet}
    if written.quantiles:
        files["quantiles"] = written.quantiles
    return {kind: shop.store.take(path) for kind, path in files.items()}


def write_corrections(shop: Workshop, parts: Sequence[PartFiles], target: Path) -> int:
    """Against the current release; none for the first one."""
    former, after = shop.earlier.parts, {part.key: part for part in parts}
    if shop.earlier.release is None:
        target.write_bytes(line_of(corrections.COLUMNS))
        return 0
    differing = [
        key
        for key in sorted({*former, *after}, key=lambda key: key.name)
        if rows_hash(former.get(key)) != rows_hash(after.get(key))
    ]

    def paths(side: Mapping[PartKey, PartFiles], kind: str) -> list[Path]:
        return [held(shop.store, side[key].files, kind) for key in differing if key in side]

    sides = corrections.Sides(
        rows_before=paths(former, "rows"),
        rows_after=paths(after, "rows"),
        figures_before=paths(former, "figures"),
        figures_after=paths(after, "figures"),
    )
    through = shop.earlier.release.through
    return corrections.write_corrections(sides, through, target, shop.tables)


def rows_hash(part: PartFiles | None) -> str:
    return part.rows_sha256 if part else ""


def write_folder(
    shop: Workshop,
    counted: Counted,
    parts: Sequence[PartFiles],
    corrected: Path,
    engine: str,
) -> Manifest:
    """The folder under its draft name, whole on the disk, then under its own."""
    release, earlier = shop.release, shop.earlier
    manifest = Manifest(
        name=release.name,
        frozen_on=release.frozen_on.isoformat(),
        through=release.through.isoformat(),
        engine=engine,
        last_batch=release.last_batch,
        is_demonstration=counted.is_demonstration,
        parts=parts,
        batches=counted.batches,
        previous_name=earlier.release.name if earlier.release else "",
        previous_identity=earlier.release.identity if earlier.release else "",
        note=release.note,
    )
    files = {
        "indicators.csv": tables.indicators_csv(counted.versions),
        "grains.csv": tables.grains_csv(counted.grains),
        "declared.csv": declared_csv(counted.declared),
        "declared_figures.csv": declared_figures_csv(counted.declared),
        "verify.py": Path(verify.__file__).read_bytes(),
        readme.NAME: readme.readme_bytes(manifest, has_declared=bool(counted.declared)),
    }
    if counted.is_demonstration:
        warning = readme.demonstration_warning(manifest, has_declared=bool(counted.declared))
        files[readme.DEMONSTRATION_NAME] = warning.encode()
    named = hashes(files) | {corrections.NAME: sha256_of(corrected)}
    manifest = replace(manifest, files=named)
    draft = draft_of(release.name, PARTIAL)
    remove_folders([draft])
    whole = {**files, NAME: manifest_bytes(manifest)}
    assemble(draft, parts, whole, {corrections.NAME: corrected}, shop.store)
    put_in_place(draft, folder_of(release.name))
    return manifest
