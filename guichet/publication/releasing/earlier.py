"""What earlier releases hold that the next one needs: parts not to compute again, pools to carry.

Owns § 9, rule 5, of `docs/methods/observation.md` on where a pool is read from; refuses to pool.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from guichet.indicators.rollup.pooling import WITHHELD, Pool, Spot
from guichet.publication.models import Part, Release
from guichet.publication.releasing.file_tables import table_of
from guichet.publication.releasing.leftovers import folder_of
from guichet.publication.releasing.manifest import BadManifest, Manifest, read_manifest
from guichet.publication.releasing.objects import ObjectStore
from guichet.publication.releasing.parts import PartFiles, PartKey

logger = logging.getLogger("guichet.releases")


@dataclass(frozen=True)
class Earlier:
    """`release` is the current one, None for the first; `parts` are its parts whose files are all
    there still."""

    release: Release | None
    manifest: Manifest | None
    parts: Mapping[PartKey, PartFiles] = field(default_factory=dict)

    @property
    def inputs(self) -> dict[str, str]:
        """The digest of the inputs of each part, by the part's name."""
        return {key.name: part.inputs for key, part in self.parts.items()}


def earlier_release(store: ObjectStore) -> Earlier:
    """A manifest that was lost or damaged only costs time: every part is computed again."""
    release = Release.objects.filter(is_current=True).first()
    if release is None:
        return Earlier(None, None)
    try:
        manifest = read_manifest(folder_of(release.name))
    except BadManifest:
        logger.exception("manifest of the current release is lost", extra={"subject": release.name})
        return Earlier(release, None)
    parts = {
        part.key: part
        for part in manifest.parts
        if all(store.holds(sha256) for sha256 in part.files.values())
    }
    return Earlier(release, manifest, parts)


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
    pools = table_of("pools", [store.path(files["pools"])])
    for pool, member in tables.execute(f"SELECT pool, member FROM {pools}").fetchall():
        if pool != WITHHELD:
            members[pool].append(member)
    base = table_of("base", [store.path(files["base"])])
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
