"""The latest editions as one file each, compressed once by the worker, under the lake.

Owns which editions have one and how it comes whole or not at all; refuses to compress for a
visitor: other editions are sent as they lie, without compression.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from guichet.core.files import synced
from guichet.publication.models import Release
from guichet.publication.open_data.archives import archive
from guichet.publication.open_data.release_files import ReleaseFiles, files_of

LATEST = 3
"""Unlike their files, editions share nothing once compressed."""
DRAFT = ".draft-"


def folder() -> Path:
    """Its name begins with a dot: backups leave out what can be made again."""
    return Path(settings.LAKE) / ".archives"


def archive_path(release: Release) -> Path:
    return folder() / f"{release.name}-{release.identity}.zip"


def kept_archive(release: Release) -> Path | None:
    """The file to send; None where the edition has none, or not yet."""
    path = archive_path(release)
    return path if path.is_file() else None


def archive_size(release: Release) -> int:
    """In bytes; 0 where there is none."""
    path = kept_archive(release)
    return path.stat().st_size if path else 0


def pieces_of(release: Release, files: ReleaseFiles, *, is_compressed: bool) -> Iterator[bytes]:
    at = timezone.localtime(release.published_at or release.started_at)
    members = ((f"{release.name}/{name}", files.folder / name) for name in sorted(files.hashes))
    return archive(members, at, is_compressed=is_compressed)


def refresh_archives() -> list[str]:
    """Make what the latest editions lack, remove the others; the names of those made. Drafts of a
    job that was killed go: the caller sees to it that only one runs."""
    latest = list(Release.objects.published().order_by("-published_at")[:LATEST])
    wanted = {archive_path(release) for release in latest}
    folder().mkdir(parents=True, exist_ok=True)
    for path in set(folder().iterdir()) - wanted:
        path.unlink(missing_ok=True)
    return [release.name for release in latest if made_archive(release)]


def made_archive(release: Release) -> bool:
    files = files_of(release)
    if files is None or kept_archive(release):
        return False
    draft = folder() / f"{DRAFT}{secrets.token_hex(6)}"
    try:
        with draft.open("wb") as out:
            for piece in pieces_of(release, files, is_compressed=True):
                out.write(piece)
        synced(draft)
        draft.rename(archive_path(release))
    finally:
        draft.unlink(missing_ok=True)
    return True
