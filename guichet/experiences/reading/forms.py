"""The address of the list: search and filters."""

from __future__ import annotations
