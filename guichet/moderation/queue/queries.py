"""The queue and one text, shaped for the moderators' pages."""

from __future__ import annotations
