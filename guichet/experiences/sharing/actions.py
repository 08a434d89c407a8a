"""Drafts kept at each step, sent, confirmed: a story is born."""

from __future__ import annotations
