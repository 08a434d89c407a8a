"""Received files read within the limits of the settings, in a process of their own.

Owns these limits; refuses to know formats, which `files` does, loaded with the first file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from guichet.indicators.files.apart import Limits
    from guichet.indicators.files.staged import Staged


def limits() -> Limits:
    from guichet.indicators.files.apart import Limits

    return Limits(settings.BATCH_READING_MB, settings.BATCH_READING_SECONDS)


def stage_received(path: Path, out: Path) -> Staged:
    """`path` staged into `out`. Raises `UnreadableFile`, also when reading takes too much."""
    from guichet.indicators.files.apart import stage_apart

    return stage_apart(path, out, limits())


def is_small(path: Path) -> bool:
    """Whether the file is checked within a request rather than by the worker."""
    from guichet.indicators.files import apart

    return apart.is_small(path, limits())
