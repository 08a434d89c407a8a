"""The forms of the steps."""

from __future__ import annotations
