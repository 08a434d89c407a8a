"""Forms of the agents' pages."""

from __future__ import annotations
