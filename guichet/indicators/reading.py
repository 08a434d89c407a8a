"""Received files read within the limits of the settings, in a process of their own.

Owns these limits; refuses to know formats, which `files` does.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from guichet.indicators.files import Staged, apart


def limits() -> apart.Limits:
    return apart.Limits(settings.BATCH_READING_MB, settings.BATCH_READING_SECONDS)


def stage_received(path: Path, out: Path) -> Staged:
    """`path` staged into `out`. Raises `UnreadableFile`, also when reading takes too much."""
    return apart.stage_apart(path, out, limits())


def is_small(path: Path) -> bool:
    """Whether the file is checked within a request rather than by the worker."""
    return apart.is_small(path, limits())
