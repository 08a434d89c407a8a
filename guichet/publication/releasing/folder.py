"""The folder of a release: put together under a draft name, then given its own at once.

Owns the tree of § 12 of `docs/methods/observation.md`; refuses to compute what it holds.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from guichet.core.files import synced
from guichet.publication.releasing.objects import ObjectStore
from guichet.publication.releasing.parts import PartFiles

READ_ONLY = 0o444


def assemble(
    draft: Path,
    parts: Iterable[PartFiles],
    files: Mapping[str, bytes],
    moved: Mapping[str, Path],
    store: ObjectStore,
) -> None:
    """Fill `draft`, a new folder, with hard links to the parts' files, with `files` by path, and
    with the files `moved` into it."""
    draft.mkdir(parents=True)
    for part in parts:
        for kind, sha256 in part.files.items():
            store.link(sha256, draft / part.path_of(kind))
    for path, content in files.items():
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for path, source in moved.items():
        source.rename(draft / path)
    for path in (*files, *moved):
        (draft / path).chmod(READ_ONLY)
        synced(draft / path)
    for folder in [*(path for path in draft.rglob("*") if path.is_dir()), draft]:
        synced(folder)


def put_in_place(draft: Path, folder: Path) -> None:
    """Give the draft its name. What stands there belongs to nobody: the caller has checked."""
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    synced(folder.parent)


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
