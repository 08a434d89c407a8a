"""The author's page, shaped for reading."""

from __future__ import annotations
