"""One edition as its publisher's page shows it.

Owns what is said of its files and of its state; refuses HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from guichet.publication.models import Release
from guichet.publication.open_data.pages import ShownCorrections, shown_corrections
from guichet.publication.releasing import leftovers, locking
from guichet.publication.releasing.manifest import NAME, BadManifest, Manifest, read_manifest

KIND_WORDS = {
    "base": "lignes de base publiques",
    "rows": "lignes publiées",
    "figures": "chiffres",
    "quantiles": "médianes et neuvièmes déciles",
    "pools": "regroupements de petits sites",
    "parquet": "lignes et chiffres, pour les outils d'analyse",
}
FILE_WORDS = {
    "LISEZMOI.txt": "ce que contient le dossier",
    "DEMONSTRATION.txt": "avertissement",
    NAME: "empreintes, lots comptés, méthode",
    "verify.py": "recalcule tout, sans rien de la plateforme",
    "corrections.csv": "ce qui diffère de l'édition précédente",
    "declared.csv": "valeurs déclarées par les réseaux",
    "declared_figures.csv": "les mêmes, comme des chiffres",
    "indicators.csv": "définitions des indicateurs",
    "grains.csv": "ce que chaque réseau envoie",
}


@dataclass(frozen=True)
class FilesShown:
    """A file, or the files of a folder together; `path` is in the folder of the edition."""

    path: str
    words: str
    count: int
    size_bytes: int


@dataclass(frozen=True)
class ReleaseShown:
    """`is_stopped`: its publisher died in the middle; the next publication will say so."""

    release: Release
    is_stopped: bool = False
    manifest: Manifest | None = None
    files: Sequence[FilesShown] = ()
    corrections: ShownCorrections | None = None

    @property
    def identity_pieces(self) -> list[str]:
        """The identity, which a narrow screen may break."""
        identity = self.release.identity
        return [identity[start : start + 8] for start in range(0, len(identity), 8)]

    @property
    def is_under_way(self) -> bool:
        return self.release.state in (Release.State.WAITING, Release.State.COMPUTING)

    @property
    def folder_is_lost(self) -> bool:
        return self.release.state == Release.State.PUBLISHED and self.manifest is None


def release_shown(release: Release) -> ReleaseShown:
    state = Release.State
    if release.state == state.COMPUTING:
        return ReleaseShown(release, is_stopped=not locking.is_somebody_publishing())
    if release.state != state.PUBLISHED:
        return ReleaseShown(release)
    folder = leftovers.folder_of(release.name)
    try:
        manifest = read_manifest(folder)
    except BadManifest:
        return ReleaseShown(release)
    return ReleaseShown(
        release,
        manifest=manifest,
        files=files_of(folder),
        corrections=shown_corrections(release),
    )


def files_of(folder: Path) -> list[FilesShown]:
    """Files at the top in the order of `FILE_WORDS`, then folders."""
    found = [
        FilesShown(name, words, 1, path.stat().st_size)
        for name, words in FILE_WORDS.items()
        if (path := folder / name).is_file()
    ]
    for kind, words in KIND_WORDS.items():
        sizes = [path.stat().st_size for path in (folder / kind).rglob("*") if path.is_file()]
        if sizes:
            found.append(FilesShown(f"{kind}/", words, len(sizes), sum(sizes)))
    return found
