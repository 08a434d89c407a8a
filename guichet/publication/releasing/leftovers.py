"""What a publication that stopped in the middle left behind, removed before the next one.

Owns which files are nobody's; refuses to touch a published release or a name it does not know.
Call it only while holding the lock of `locking`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from guichet.accounts.audit import audited_save
from guichet.publication.models import Part, Release
from guichet.publication.releasing.objects import ObjectStore

PARTIAL = ".partial"
WORK = ".work"
INTERRUPTED = (
    "La publication s'est arrêtée au milieu : programme ou serveur arrêté. Rien n'a changé pour "
    "les lecteurs ; relancez-la sous le même nom."
)


def lake() -> Path:
    return Path(settings.LAKE)


def object_store() -> ObjectStore:
    return ObjectStore(lake() / "objects")


def folder_of(name: str) -> Path:
    return lake() / "releases" / name


def draft_of(name: str, suffix: str) -> Path:
    """A folder beside the release's; the dot keeps it out of backups."""
    return lake() / "releases" / f".{name}{suffix}"


def clean() -> None:
    """Fail releases that nobody computes any more, then remove their files."""
    for release in Release.objects.filter(state=Release.State.COMPUTING):
        release.state = Release.State.FAILED
        release.failure = INTERRUPTED
        audited_save(release, by=release.by, action="release.interrupted")
    remove_files()


def remove_files() -> None:
    unpublished = Release.objects.exclude(state=Release.State.PUBLISHED)
    remove_folders(folder_of(name) for name in unpublished.values_list("name", flat=True))
    releases = lake() / "releases"
    remove_folders(draft for suffix in (PARTIAL, WORK) for draft in releases.glob(f".*{suffix}"))
    object_store().keep_only(wanted_objects())


def wanted_objects() -> set[str]:
    """SHA-256 of every file of every part that a release holds."""
    held = Part.objects.filter(releases__state=Release.State.PUBLISHED).distinct()
    return {sha256 for files in held.values_list("files", flat=True) for sha256 in files.values()}


def remove_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        if folder.is_dir():
            shutil.rmtree(folder)
