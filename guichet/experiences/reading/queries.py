"""Lists, one story and figures, shaped for reading."""

from __future__ import annotations
