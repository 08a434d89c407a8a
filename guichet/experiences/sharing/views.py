"""The steps of sharing a story."""

from __future__ import annotations
