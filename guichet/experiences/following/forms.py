"""Forms of the author's page and of visitors."""

from __future__ import annotations
