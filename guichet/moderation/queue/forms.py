"""Forms of the moderators' pages."""

from __future__ import annotations
