"""Which files of a release anybody may read, and where they lie.

Owns that only files of its manifest are given; refuses every other path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guichet.publication.models import Release
from guichet.publication.releasing.leftovers import folder_of
from guichet.publication.releasing.manifest import NAME, BadManifest, Manifest, read_manifest
from guichet.publication.releasing.parts import path_of


@dataclass(frozen=True)
class ReleaseFiles:
    """The folder of a release; `hashes` gives the SHA-256 of each file by its path, and an empty
    one for the manifest itself."""

    folder: Path
    manifest: Manifest
    hashes: Mapping[str, str]

    def path(self, name: str) -> Path | None:
        """The file of this exact name; None when the manifest does not name it."""
        return self.folder / name if name in self.hashes else None


def files_of(release: Release) -> ReleaseFiles | None:
    """None when its folder is not there, or is no longer that of a release."""
    folder = folder_of(release.name)
    try:
        return read_files(folder, (folder / NAME).stat().st_mtime_ns)
    except (OSError, BadManifest):
        return None


@lru_cache(maxsize=8)
def read_files(folder: Path, mtime_ns: int) -> ReleaseFiles:
    """A national manifest names thousands of files: read once, until it changes."""
    manifest = read_manifest(folder)
    hashes = {
        path_of(kind, part.key.name): sha256
        for part in manifest.parts
        for kind, sha256 in part.files.items()
    }
    return ReleaseFiles(folder, manifest, {NAME: "", **manifest.files, **hashes})
