"""What earlier releases hold that the next one needs: parts not to compute again, pools to carry.

Owns § 9, rule 5, of `docs/methods/observation.md` on where a pool is read from; refuses to pool.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from guichet.core.errors import RuleViolation
from guichet.indicators.rollup.pooling import WITHHELD, Pool, Spot
from guichet.publication.models import Part, Release
from guichet.publication.releasing.file_tables import table_of
from guichet.publication.releasing.leftovers import folder_of, wanted_objects
from guichet.publication.releasing.manifest import BadManifest, read_manifest
from guichet.publication.releasing.objects import ObjectStore
from guichet.publication.releasing.parts import PartFiles, PartKey

logger = logging.getLogger("guichet.releases")


@dataclass(frozen=True)
class Earlier:
    """`release` is the current one, None for the first. `parts` are what the database knows of
    it; `reusable` are those whose files are all there."""

    release: Release | None
    parts: Mapping[PartKey, PartFiles] = field(default_factory=dict)
    reusable: Mapping[PartKey, PartFiles] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, str]:
        """The digest of the inputs of each reusable part, by the part's name."""
        return {key.name: part.inputs for key, part in self.reusable.items() if part.inputs}


def earlier_release(store: ObjectStore) -> Earlier:
    """A manifest that was lost or damaged only costs time: every part is computed again."""
    release = Release.objects.current()
    if release is None:
        return Earlier(None)
    mend(store)
    digests = digests_of(release)
    parts = {}
    for row in release.parts.filter(is_declared=False):
        key = PartKey(row.network, row.indicator, row.version, row.year)
        parts[key] = PartFiles(key, row.files, *digests.get(key, ("", "")), row.row_count)
    reusable = {
        key: part
        for key, part in parts.items()
        if all(store.holds(sha256) for sha256 in part.files.values())
    }
    return Earlier(release, parts, reusable)


def digests_of(release: Release) -> dict[PartKey, tuple[str, str]]:
    """Of the inputs of rows and of figures, as the manifest keeps them."""
    try:
        manifest = read_manifest(folder_of(release.name))
    except BadManifest:
        logger.exception("manifest of the current release is lost", extra={"subject": release.name})
        return {}
    return {part.key: (part.inputs, part.figures_inputs) for part in manifest.parts}


def mend(store: ObjectStore) -> None:
    """Put back objects that were lost, from the folders of releases that hold them."""
    missing = {sha256 for sha256 in wanted_objects() if not store.holds(sha256)}
    published = Release.objects.published()
    for release in published if missing else ():
        folder = folder_of(release.name)
        try:
            manifest = read_manifest(folder)
        except BadManifest:
            continue
        for part in manifest.parts:
            for kind in [kind for kind, sha256 in part.files.items() if sha256 in missing]:
                if store.adopt(folder / part.path_of(kind), part.files[kind]):
                    missing.discard(part.files[kind])


def held(store: ObjectStore, files: Mapping[str, str], kind: str) -> Path:
    """The path of a file that the next release cannot do without; raises RuleViolation."""
    if not store.holds(files[kind]):
        raise RuleViolation(
            f"Des fichiers d'éditions publiées manquent sur le serveur (« {kind} », empreinte "
            f"{files[kind][:12]}…) : faites restaurer les dossiers « objects » et « releases » "
            "d'une sauvegarde, puis relancez la publication."
        )
    return store.path(files[kind])


def carried_pools(
    store: ObjectStore, tables: duckdb.DuckDBPyConnection
) -> dict[PartKey, tuple[Pool, ...]]:
    """The pools of each part in the latest release that holds it, with the place that they had."""
    latest = (
        Part.objects.filter(releases__state=Release.State.PUBLISHED, is_declared=False)
        .order_by("network", "indicator", "version", "year", "-releases__published_at")
        .distinct("network", "indicator", "version", "year")
    )
    return {
        PartKey(part.network, part.indicator, part.version, part.year): found
        for part in latest
        if "pools" in part.files and (found := pools_of(part.files, store, tables))
    }


def pools_of(
    files: Mapping[str, str], store: ObjectStore, tables: duckdb.DuckDBPyConnection
) -> tuple[Pool, ...]:
    """Those of one part, sorted by code; withheld structures are decided afresh."""
    members = defaultdict(list)
    pools = table_of("pools", [held(store, files, "pools")])
    for pool, member in tables.execute(f"SELECT pool, member FROM {pools}").fetchall():
        if pool != WITHHELD:
            members[pool].append(member)
    base = table_of("base", [held(store, files, "base")])
    spots = tables.execute(
        f"SELECT DISTINCT place, ancestors, departement, region FROM {base} WHERE level = 'pool'"
    ).fetchall()
    return tuple(
        Pool(
            code=place,
            members=tuple(sorted(members[place])),
            spot=Spot(tuple(ancestors.split(">")) if ancestors else (), departement, region),
        )
        for place, ancestors, departement, region in sorted(spots)
    )
