"""Drawings kept in the lake by the hash of what they draw, until nobody looks at them any more.

Owns their files; refuses to draw.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

UNUSED_FOR = timedelta(days=60)
"""A chart of an earlier edition that is asked for again is drawn again."""
TOUCHED_EVERY_S = 24 * 3600
DRAFT = ".part"


def folder() -> Path:
    return Path(settings.LAKE) / "charts"


def path_of(key: str) -> Path:
    return folder() / key[:2] / f"{key}.svg"


def read(key: str) -> str | None:
    """The drawing, dated again once a day so that it stays."""
    path = path_of(key)
    try:
        svg = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > TOUCHED_EVERY_S:
            os.utime(path)
    return svg


def keep(key: str, svg: str) -> None:
    """Whole or not at all; a lake that cannot be written makes the drawing slow, not absent."""
    path = path_of(key)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, suffix=DRAFT, delete=False, encoding="utf-8"
        ) as file:
            file.write(svg)
        Path(file.name).replace(path)


def forget_unused() -> int:
    """Remove the drawings that nobody has asked for lately, and drafts left behind; how many."""
    oldest = time.time() - UNUSED_FOR.total_seconds()
    removed = 0
    for path in folder().glob("[0-9a-f][0-9a-f]/*"):
        with suppress(FileNotFoundError):
            kept_since = oldest if path.suffix != DRAFT else time.time() - TOUCHED_EVERY_S
            if path.stat().st_mtime < kept_since:
                path.unlink()
                removed += 1
    return removed
