"""Sending a text to moderation, deciding on it: each decision is kept."""

from __future__ import annotations
